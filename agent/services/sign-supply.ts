import type { AmplifierConfig } from '../core/configuration.ts'
import type { Playout } from '../ports/playout.ts'

/** Keeps a relay closed that feeds signs beside its amplifier, while one of them has something to show. */
export class SignSupply {
  readonly #amplifiers: readonly AmplifierConfig[]
  readonly #playout: Pick<Playout, 'feed'>
  readonly #inUse = new Set<string>()

  constructor(amplifiers: readonly AmplifierConfig[], playout: Pick<Playout, 'feed'>) {
    this.#amplifiers = amplifiers
    this.#playout = playout
  }

  sign(id: string, inUse: boolean): void {
    if (inUse) this.#inUse.add(id)
    else this.#inUse.delete(id)
    for (const { id: amplifier, signs = [] } of this.#amplifiers)
      if (signs.includes(id))
        this.#playout.feed(
          amplifier,
          signs.some((sign) => this.#inUse.has(sign)),
        )
  }
}
