import type { Logger } from '../ports/logger.ts'
import type { Watchdog } from '../ports/watchdog.ts'
import type { HealthMonitor } from './health-monitor.ts'

/** Feeds the watchdog while every component shows that it turns. */
export class WatchdogFeed {
  readonly #monitor: Pick<HealthMonitor, 'silent'>
  readonly #watchdog: Pick<Watchdog, 'alive'>
  readonly #logger: Pick<Logger, 'error'>
  #told = ''

  constructor(
    monitor: Pick<HealthMonitor, 'silent'>,
    watchdog: Pick<Watchdog, 'alive'>,
    logger: Pick<Logger, 'error'>,
  ) {
    this.#monitor = monitor
    this.#watchdog = watchdog
    this.#logger = logger
  }

  /** Called every second. */
  tick(): void {
    const { silent } = this.#monitor
    const names = silent.join(' ')
    if (silent.length === 0) this.#watchdog.alive()
    else if (names !== this.#told)
      this.#logger.error({ silent }, 'components do not turn: the watchdog is not fed')
    this.#told = names
  }
}
