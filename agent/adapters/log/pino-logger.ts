import { pino } from 'pino'
import type { LogLevel } from '../../core/configuration.ts'
import type { Logger } from '../../ports/logger.ts'

/**
 * JSON lines on standard error, written synchronously: the last words of a dying agent must reach the journal.
 * No worker transport; journald keeps and rotates.
 */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}
