import { openSystemd, type Systemd } from '../../../drivers/native/systemd.ts'
import { messageOf } from '../../core/error.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Watchdog } from '../../ports/watchdog.ts'

const MICROSECONDS_PER_MS = 1000

const unsupervised: Watchdog = {
  timeoutMs: undefined,
  starting: () => undefined,
  ready: () => undefined,
  alive: () => undefined,
  status: () => undefined,
  stopping: () => undefined,
}

/** A line break would start another assignment: a status must not be able to say READY=1. */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ')

/** Speaks to the service manager; one message is one datagram, so each says all it has to say. */
export const createSystemdWatchdog = (systemd: Systemd, logger: Logger): Watchdog => {
  const watchdogUs = systemd.watchdogUs()
  const tell = (state: string): void => {
    const answer = systemd.notify(state)
    if (answer < 0) logger.warn({ errno: -answer }, 'the service manager cannot be told')
  }
  return {
    timeoutMs: watchdogUs === undefined ? undefined : watchdogUs / MICROSECONDS_PER_MS,
    starting: (withinMs) => tell(`EXTEND_TIMEOUT_USEC=${Math.ceil(withinMs * MICROSECONDS_PER_MS)}`),
    ready: () => tell('READY=1'),
    alive: () => tell('WATCHDOG=1'),
    status: (text) => tell(`STATUS=${oneLine(text)}`),
    stopping: () => tell('STOPPING=1'),
  }
}

/**
 * The supervisor of this process as its environment names it; outside of systemd one that nobody listens to.
 * libsystemd is loaded only when there is someone to talk to.
 */
export const openWatchdog = (
  environment: { readonly NOTIFY_SOCKET?: string | undefined },
  logger: Logger,
): Watchdog => {
  if ((environment.NOTIFY_SOCKET ?? '') === '') return unsupervised
  try {
    return createSystemdWatchdog(openSystemd(), logger)
  } catch (thrown) {
    logger.warn({}, `not supervised: ${messageOf(thrown)}`)
    return unsupervised
  }
}
