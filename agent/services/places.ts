import { type FormerPlace, overlapEnd, type Place, type Standing } from '../core/place.ts'
import { type PlaceMemory, placeNow } from '../core/place-memory.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { EpochMs } from '../core/time.ts'
import type { Facts } from '../ports/state-store.ts'
import { CountedFact } from './counted-fact.ts'

export const PLACE_FACT = 'place'

/** Where this device stands, for the life of the process, and the former places whose overlap lasts. */
export class Places {
  readonly present: Place
  readonly #memory: CountedFact<PlaceMemory>
  #stored: string | undefined
  #remembered: PlaceMemory
  #formerly: readonly FormerPlace[]

  /**
   * Former places all count at first, over or not: what became due there while the device was away has to be accounted for.
   */
  constructor(device: Place & { readonly formerly?: readonly FormerPlace[] }, facts: Facts) {
    this.#memory = new CountedFact(facts, PLACE_FACT)
    this.#stored = JSON.stringify(this.#memory.value)
    const { present, formerly, memory } = placeNow(device, this.#memory.value)
    this.present = present
    this.#formerly = formerly
    this.#remembered = memory
  }

  get memory(): PlaceMemory {
    return this.#remembered
  }

  /** @throws DISK_FULL, DATABASE, IO */
  remember(memory: PlaceMemory): void {
    const text = JSON.stringify(memory)
    if (text !== this.#stored) this.#memory.set(memory)
    this.#stored = text
    this.#remembered = memory
  }

  get formerly(): readonly FormerPlace[] {
    return this.#formerly
  }

  get standing(): Standing {
    return { present: this.present, former: this.#formerly }
  }

  /** Those whose overlap is not over. */
  lasting(now: EpochMs, zone: Pick<Zone, 'instant'>): readonly FormerPlace[] {
    return this.#formerly.filter((place) => overlapEnd(place, zone) > now)
  }

  /** Those whose overlap is over are former places no longer: returns them. */
  end(now: EpochMs, zone: Pick<Zone, 'instant'>): readonly FormerPlace[] {
    const before = this.#formerly
    this.#formerly = this.lasting(now, zone)
    return before.filter((place) => !this.#formerly.includes(place))
  }
}
