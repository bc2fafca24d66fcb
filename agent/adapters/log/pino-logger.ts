import { pino } from 'pino'
import type { LogLevel } from '../../core/configuration.ts'
import type { Logger } from '../../ports/logger.ts'
import type { LogRing } from './log-ring.ts'

/** With this member pino says of what level a line is before it writes it. */
const METADATA: typeof pino.symbols.needsMetadataGsym = pino.symbols.needsMetadataGsym

const toStandardError = (): ((line: string) => unknown) => {
  const stream = pino.destination({ dest: 2, sync: true })
  return (line) => stream.write(line)
}

/**
 * JSON lines on standard error, written synchronously: the last words of a dying agent must reach the journal.
 * No worker transport; journald keeps and rotates. The ring takes what the journal does not, down to `debug`.
 */
export function createLogger(
  level: LogLevel,
  ring: LogRing,
  tell: (line: string) => unknown = toStandardError(),
): Logger {
  const from = pino.levels.values[level] ?? 0
  const both = {
    [METADATA]: true,
    lastLevel: 0,
    write(line: string): void {
      ring.push(line)
      if (this.lastLevel >= from) tell(line)
    },
  }
  const kept: LogLevel = level === 'trace' ? level : 'debug'
  return pino({ level: kept, base: null, timestamp: pino.stdTimeFunctions.isoTime }, both)
}
