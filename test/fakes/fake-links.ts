import type { Counters } from '../../agent/core/link/counting.ts'
import { NO_WAY, type Way } from '../../agent/core/link/way.ts'
import type { Links } from '../../agent/ports/links.ts'

export const CABLE: Way = { bearer: 'ethernet', device: 'eth0', index: 2, metered: false }
export const WIFI: Way = { bearer: 'wifi', device: 'wlan0', index: 3, metered: false }
export const MODEM: Way = { bearer: 'cellular', device: 'wwan0', index: 4, metered: true }

/** Links as a test sets them. */
export class FakeLinks implements Links {
  now: Way = NO_WAY
  counters: Counters = {}

  way(): Way {
    return this.now
  }

  wifiDbm(): number | undefined {
    return undefined
  }

  modemCounters(): Counters {
    return this.counters
  }

  addresses(): Promise<readonly string[]> {
    return Promise.resolve(this.now.bearer === 'none' ? [] : ['192.0.2.7'])
  }

  /** So many more bytes went over the modem. */
  carry(bytes: number): void {
    const { index, rx, tx } = this.counters['wwan0'] ?? { index: 4, rx: 0, tx: 0 }
    this.counters = { wwan0: { index, rx: rx + bytes, tx } }
  }
}
