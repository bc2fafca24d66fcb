import { firstLook, looked, type Switching, settledIn, switched } from '../core/link/switching.ts'
import type { Way } from '../core/link/way.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Links } from '../ports/links.ts'
import type { Condition } from './condition.ts'
import { TokenBucket } from './token-bucket.ts'

export type LinkWatchOptions = {
  readonly clock: Clock
  readonly links: Links
  readonly condition: () => Pick<Condition, 'event'>
  /** There is another way out: what was sent over the one before may be lost, and what waited may go. */
  readonly onNewWay: (way: Way) => void
}

const LOOK_EVERY_MS = 2000
const ADDRESSES_EVERY_MS = 30_000
/** A loose plug must not fill the outbox: six switches at once, then one in ten minutes with the count of those between. */
const TOLD_AT_ONCE = 6
const TOLD_EVERY_MS = 600_000

/** Notices over what this device reaches out: from Ethernet to Wi-Fi to the mobile network, and back. */
export class LinkWatch {
  readonly #options: LinkWatchOptions
  readonly #tellings: TokenBucket
  #switching: Switching | undefined
  #lookAt = Number.NEGATIVE_INFINITY
  #addressesAt = Number.NEGATIVE_INFINITY
  #addresses: readonly string[] = []

  constructor(options: LinkWatchOptions) {
    this.#options = options
    this.#tellings = new TokenBucket(options.clock, TOLD_AT_ONCE, TOLD_EVERY_MS)
  }

  get way(): Way {
    return this.#switching?.seen ?? this.#options.links.way()
  }

  get addresses(): readonly string[] {
    return this.way.bearer === 'none' ? [] : this.#addresses
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.mono()
    if (now < this.#lookAt) return
    this.#lookAt = now + LOOK_EVERY_MS
    this.#look(now)
    if (now >= this.#addressesAt) this.#readAddresses(now)
  }

  #look(now: MonoMs): void {
    const way = this.#options.links.way()
    const { state, isNew } =
      this.#switching === undefined
        ? { state: firstLook(way, now), isNew: false }
        : looked(this.#switching, way, now)
    this.#switching = state
    if (isNew) {
      this.#addressesAt = now
      this.#options.onNewWay(way)
    }
    this.#tell(state, now)
  }

  #tell(state: Switching, now: MonoMs): void {
    const told = switched(state, now)
    if (told !== undefined) {
      if (!this.#tellings.take()) return
      const { from, to, changes } = told
      this.#options.condition().event('BEARER', 'info', {
        from: from.bearer,
        to: to.bearer,
        ...(to.device === undefined ? {} : { device: to.device }),
        ...(changes > 1 ? { changes } : {}),
      })
    }
    this.#switching = settledIn(state, now)
  }

  #readAddresses(now: MonoMs): void {
    this.#addressesAt = now + ADDRESSES_EVERY_MS
    this.#options.links.addresses().then(
      (addresses) => {
        this.#addresses = addresses
      },
      // Whoever has no sockets left has greater troubles, and tells of them.
      () => undefined,
    )
  }
}
