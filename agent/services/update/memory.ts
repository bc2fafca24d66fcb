import { isOver, type KeptUpdate, UPDATE_STATES, type UpdateReport } from '../../core/update/progress.ts'
import type { Facts } from '../../ports/state-store.ts'

/** A job of the province, or an order given on the spot. */
export type UpdateSource = 'job' | 'local'

const SOURCES: readonly UpdateSource[] = ['job', 'local']
const factOf = (by: UpdateSource): string => `update.${by}`

/** What nobody can read counts as nothing. */
export const keptIn = (text: string | undefined): KeptUpdate | undefined => {
  try {
    const kept: Partial<KeptUpdate> = JSON.parse(text ?? '{}')
    const { id, state, at } = kept
    if (id === undefined || state === undefined || at === undefined) return undefined
    return UPDATE_STATES.includes(state) ? { ...kept, id, state, at } : undefined
  } catch {
    return undefined
  }
}

/** How far the last order of each source has come, across restarts and releases. */
export class UpdateMemory {
  readonly #facts: Facts

  constructor(facts: Facts) {
    this.#facts = facts
  }

  get(by: UpdateSource): KeptUpdate | undefined {
    return keptIn(this.#facts.get(factOf(by)))
  }

  set(by: UpdateSource, kept: KeptUpdate): void {
    this.#facts.set(factOf(by), JSON.stringify(kept))
  }

  /** Nothing more is done about it. */
  isOver(by: UpdateSource, id: string): boolean {
    const kept = this.get(by)
    return kept?.id === id && isOver(kept)
  }

  /** How the last order stands, of whichever source. */
  get report(): UpdateReport {
    const all = SOURCES.flatMap((by) => {
      const kept = this.get(by)
      return kept === undefined ? [] : [{ by, kept }]
    })
    const last = all.toSorted((one, other) => Date.parse(other.kept.at) - Date.parse(one.kept.at))[0]
    if (last === undefined) return { state: 'idle' }
    const { at: _at, ...kept } = last.kept
    return { ...kept, by: last.by }
  }
}
