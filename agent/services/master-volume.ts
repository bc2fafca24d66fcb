import type { DesiredDocument } from '../core/documents.ts'
import { DEFAULT_MASTER, type OrderedVolume, supersedes } from '../core/policy/master.ts'
import type { Facts } from '../ports/state-store.ts'
import { CountedFact } from './counted-fact.ts'

/** `of`: the province whose it is. */
type Desired = Pick<DesiredDocument, 'rev' | 'config'> & { readonly of?: string }

const FACT = 'volume.ordered'

/** The master volume: that of the last order, until a higher revision of `desired` gives one. */
export class MasterVolume {
  readonly #ordered: CountedFact<OrderedVolume>
  readonly #desired: () => Desired | undefined

  constructor(facts: Facts, desired: () => Desired | undefined) {
    this.#ordered = new CountedFact(facts, FACT)
    this.#desired = desired
  }

  /** Percent. */
  get percent(): number {
    return this.#ordered.value?.percent ?? this.#desired()?.config.volume ?? DEFAULT_MASTER
  }

  order(percent: number): void {
    const { rev = 0, of } = this.#desired() ?? {}
    this.#ordered.set({ percent, rev, ...(of === undefined ? {} : { of }) })
  }

  /** `desired` came into force: for good, the order does not come back with a later revision that gives none. */
  desiredChanged(): void {
    const ordered = this.#ordered.value
    const desired = this.#desired()
    if (ordered !== undefined && desired !== undefined && supersedes(desired, ordered))
      this.#ordered.set(undefined)
  }
}
