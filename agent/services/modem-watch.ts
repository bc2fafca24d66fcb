import { messageOf } from '../core/error.ts'
import { type ModemReading, modemFault } from '../core/link/modem.ts'
import type { Clock } from '../ports/clock.ts'
import type { Modems } from '../ports/links.ts'
import type { Condition } from './condition.ts'

export type ModemWatchOptions = {
  readonly clock: Clock
  readonly modems: Modems
  readonly condition: () => Pick<Condition, 'modem'>
  readonly stop: AbortSignal
}

const LOOK_EVERY_MS = 60_000
/** Where nobody manages modems, somebody may be installed. */
const LOOK_FOR_MANAGER_EVERY_MS = 600_000
/** A modem that resets itself is away for some seconds. */
const AGAIN_MS = 15_000
const GONE = 'the modem is gone'

/** How the modem does, as ModemManager tells it: one look at a time, beside everything else. */
export class ModemWatch {
  readonly #options: ModemWatchOptions
  #modem: ModemReading | undefined
  #devices: ReadonlySet<string> = new Set()
  /** That it is not any more is a fault. */
  #wasThere = false
  #failures = 0
  #lookAt = Number.NEGATIVE_INFINITY
  #looking = false

  constructor(options: ModemWatchOptions) {
    this.#options = options
  }

  /** The first one that was read, as it was last; undefined when there is none. */
  get modem(): ModemReading | undefined {
    return this.#modem
  }

  /** Since this start one was there: it may have hung itself up since. */
  get wasThere(): boolean {
    return this.#wasThere
  }

  /** Whether a network device belongs to a modem, whatever it looks like. */
  owns(device: string): boolean {
    return this.#devices.has(device)
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.mono()
    if (this.#looking || now < this.#lookAt || this.#options.stop.aborted) return
    this.#lookAt = now + LOOK_EVERY_MS
    this.#looking = true
    void this.#look().finally(() => {
      this.#looking = false
    })
  }

  async #look(): Promise<void> {
    const { modems, stop } = this.#options
    try {
      const readings = await modems.read(stop)
      if (stop.aborted) return
      if (readings === undefined && !this.#wasThere) this.#lookLater(LOOK_FOR_MANAGER_EVERY_MS)
      this.#take(readings?.[0])
    } catch (error) {
      if (!stop.aborted) this.#failed(messageOf(error))
    }
  }

  #take(modem: ModemReading | undefined): void {
    if (modem === undefined) {
      if (this.#wasThere) this.#failed(GONE)
      else this.#stand(undefined)
      return
    }
    this.#failures = 0
    this.#wasThere = true
    this.#modem = modem
    this.#devices = new Set(modem.devices)
    this.#stand(modemFault(modem))
  }

  /** Told when it failed twice in a row. */
  #failed(message: string): void {
    this.#failures += 1
    if (this.#failures === 1) {
      this.#lookLater(AGAIN_MS)
      return
    }
    this.#modem = undefined
    this.#stand(message)
  }

  #stand(fault: string | undefined): void {
    this.#options.condition().modem(fault)
  }

  #lookLater(ms: number): void {
    this.#lookAt = this.#options.clock.mono() + ms
  }
}
