import type { DocumentKey } from '../core/documents.ts'
import type { EventBody } from '../core/records.ts'
import type { Refused } from '../core/refused.ts'
import { isoUtc, type MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'

const KEPT = 10
const COUNT_EVERY_MS = 60_000

/** Keeps the last refusals for `reported`, and tells of the first of each (document, code) at once, then counted, one a minute. */
export class Refusals {
  readonly #clock: Clock
  readonly #emit: (event: EventBody) => void
  readonly #counts = new Map<string, { since: MonoMs; suppressed: number; last: Refused }>()
  #recent: readonly Refused[] = []

  constructor(clock: Clock, emit: (event: EventBody) => void) {
    this.#clock = clock
    this.#emit = emit
  }

  /** Newest first; one for each document and code. */
  get recent(): readonly Refused[] {
    return this.#recent
  }

  /**
   * Of this document and code one was told within the minute: another is only counted, and no warning in the log, for
   * under a flood the journal would drop whatever else we say.
   */
  isCounting({ document, code }: Pick<Refused, 'document' | 'code'>): boolean {
    return this.#counts.has(`${document} ${code}`)
  }

  add(refused: Refused): void {
    const other = this.#recent.filter((old) => old.document !== refused.document || old.code !== refused.code)
    this.#recent = [refused, ...other].slice(0, KEPT)
    const id = `${refused.document} ${refused.code}`
    const counted = this.#counts.get(id)
    if (counted !== undefined) {
      counted.suppressed += 1
      counted.last = refused
      return
    }
    this.#counts.set(id, { since: this.#clock.mono(), suppressed: 0, last: refused })
    this.#tell(refused, 1)
  }

  /** Something of a document in force says nothing to this device. */
  passedOver({ code, ...data }: Refused): void {
    this.#emit({ at: isoUtc(this.#clock.wall()), code, severity: 'info', data })
  }

  /** A document came into force: what was refused of it before is history. */
  settled(document: DocumentKey): void {
    this.#recent = this.#recent.filter((refused) => refused.document !== document)
  }

  /** Called every second: tells of what was only counted since. */
  tick(): void {
    const now = this.#clock.mono()
    for (const [id, counted] of this.#counts) {
      if (now - counted.since < COUNT_EVERY_MS) continue
      if (counted.suppressed === 0) this.#counts.delete(id)
      else {
        this.#tell(counted.last, counted.suppressed)
        this.#counts.set(id, { since: now, suppressed: 0, last: counted.last })
      }
    }
  }

  #tell(refused: Refused, count: number): void {
    const { code, ...data } = refused
    this.#emit({ at: isoUtc(this.#clock.wall()), code, severity: 'warning', data: { ...data, count } })
  }
}
