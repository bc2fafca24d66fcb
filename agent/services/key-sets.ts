import type { TrustDocument } from '../core/documents.ts'
import { obeyedAreas, type Standing, trustedAreas } from '../core/place.ts'
import { type KeySet, keySetOf } from '../core/trust/key-set.ts'

/** Which keys count for the documents of which areas: those of former places count for former places only. */
export class KeySets {
  readonly #trust: readonly TrustDocument[]
  readonly #standing: Standing
  readonly #sets = new Map<string, KeySet>()

  constructor(trust: readonly TrustDocument[], standing: Standing) {
    this.#trust = trust
    this.#standing = standing
  }

  /** For documents of an area; without one for those of the device itself. */
  of(area?: string): KeySet {
    const areas = trustedAreas(area, this.#standing)
    const name = areas.join(' ')
    const known = this.#sets.get(name)
    if (known !== undefined) return known
    const set = keySetOf(this.#trust.filter((document) => areas.includes(document.area)))
    this.#sets.set(name, set)
    return set
  }

  /** Each set once, with an area that it counts for. */
  get all(): readonly { readonly area: string | undefined; readonly keys: KeySet }[] {
    const sets = new Map<KeySet, string | undefined>([[this.of(), undefined]])
    for (const area of obeyedAreas(this.#standing))
      if (!sets.has(this.of(area))) sets.set(this.of(area), area)
    return [...sets].map(([keys, area]) => ({ area, keys }))
  }
}
