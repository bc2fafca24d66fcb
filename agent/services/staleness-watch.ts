import type { FreshDocument } from '../core/documents.ts'
import type { EventBody } from '../core/records.ts'
import type { Problem } from '../core/status.ts'
import { isoUtc } from '../core/time.ts'
import { judgeStaleness, type Lacking, type Stale } from '../core/trust/staleness.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts } from '../ports/state-store.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type StalenessWatchOptions = {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state'>
  readonly facts: Facts
  readonly documents: {
    inForce(kind: 'fresh'): readonly FreshDocument[]
    readonly revisions: Readonly<Record<string, number>>
  }
  /** Areas whose documents are obeyed: what was of others may well be old. */
  readonly obeyed: () => readonly string[]
  readonly emit: (event: EventBody) => void
}

/** Remembered outside state.db too: who makes the device forget that there was a `fresh` must not silence it. */
export const FRESH_AREAS_FACT = 'fresh.areas'

/** Notices that the broker may hold documents back: a standing problem, with an event when it begins and ends. */
export class StalenessWatch {
  readonly #options: StalenessWatchOptions
  #lacking: Lacking = new Map()
  #stale: readonly Stale[] = []

  constructor(options: StalenessWatchOptions) {
    this.#options = options
  }

  get problems(): readonly Problem[] {
    if (this.#stale.length === 0) return []
    const detail = this.#stale.map(({ document, message }) => `${document}: ${message}`).join('; ')
    return [{ code: 'CONTROL_STALE', detail }]
  }

  /** Called every second. */
  tick(): void {
    const { clock, time, documents, obeyed } = this.#options
    const fresh = documents.inForce('fresh')
    const { revisions } = documents
    const { lacking, stale } = judgeStaleness(
      {
        areas: this.#areas(fresh).filter((area) => obeyed().includes(area)),
        fresh,
        heldRev: (document) => revisions[document],
        clockSet: time.state !== 'unset',
        wall: clock.wall(),
        mono: clock.mono(),
      },
      this.#lacking,
    )
    this.#tell(this.#stale, stale)
    this.#lacking = lacking
    this.#stale = stale
  }

  #areas(fresh: readonly FreshDocument[]): readonly string[] {
    const { facts } = this.#options
    const known = (facts.get(FRESH_AREAS_FACT) ?? '').split(' ').filter((area) => area !== '')
    const all = [...new Set([...known, ...fresh.map(({ area }) => area)])]
    if (all.length > known.length) facts.set(FRESH_AREAS_FACT, all.join(' '))
    return all
  }

  #tell(before: readonly Stale[], now: readonly Stale[]): void {
    const missingIn = (others: readonly Stale[]) => (each: Stale) =>
      others.every(({ document }) => document !== each.document)
    for (const { document, message } of now.filter(missingIn(before)))
      this.#event('warning', { document, state: 'fault', message })
    for (const { document } of before.filter(missingIn(now))) this.#event('info', { document, state: 'ok' })
  }

  #event(severity: EventBody['severity'], data: EventBody['data']): void {
    const { emit, clock } = this.#options
    emit({ at: isoUtc(clock.wall()), code: 'CONTROL_STALE', severity, data })
  }
}
