import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LatePolicy, ProgrammeClass, ScheduleItem } from '../../../agent/core/documents.ts'
import { verifyChain } from '../../../agent/core/record/chain.ts'
import { itemSeconds } from '../../../agent/core/schedule/duration.ts'
import type { Item } from '../../../agent/core/schedule/item.ts'
import { windowEnd } from '../../../agent/core/schedule/late.ts'
import { occurrenceId } from '../../../agent/core/schedule/plan.ts'
import { at, MORNING, news, notice, Station } from './station.ts'

type Spec = {
  readonly planned: number
  readonly seconds: number
  readonly kind: 'sound' | 'page'
  readonly class: ProgrammeClass
  readonly late: LatePolicy
  readonly onPreempt: 'resume' | 'restart' | 'drop'
}
type Happening =
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'power cut' | 'stop'; readonly seconds: number }
  | { readonly kind: 'step'; readonly seconds: number }
  | { readonly kind: 'publish'; readonly of: readonly number[] }
  | { readonly kind: 'playout dies' }

const specs = fc.array(
  fc.record<Spec>({
    planned: fc.integer({ min: 1, max: 900 }),
    seconds: fc.integer({ min: 1, max: 120 }),
    kind: fc.constantFrom('sound', 'sound', 'sound', 'page'),
    class: fc.constantFrom('normal', 'normal', 'priority', 'emergency'),
    late: fc.record({
      policy: fc.constantFrom('skip', 'play', 'join'),
      withinSeconds: fc.integer({ min: 0, max: 200 }),
    }),
    onPreempt: fc.constantFrom('resume', 'restart', 'drop'),
  }),
  { minLength: 1, maxLength: 10 },
)

const happenings = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.integer({ min: 1, max: 200 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('power cut', 'stop'),
        seconds: fc.integer({ min: 1, max: 300 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('step'),
        seconds: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.constantFrom(-3600, 3600)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('publish'),
        of: fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 10 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('playout dies') }) },
  ) as fc.Arbitrary<Happening>,
  { maxLength: 12 },
)

const scheduleItem = (spec: Spec, index: number): ScheduleItem =>
  spec.kind === 'page'
    ? notice(`i${index}`, at(spec.planned), spec.seconds)
    : news(`i${index}`, at(spec.planned), spec.seconds, {
        class: spec.class,
        late: spec.late,
        onPreempt: spec.onPreempt,
      })

/** A station with a bystander who notes, from the clock on the wall alone, which planned seconds came to exist. */
class Drill {
  readonly station = new Station()
  readonly existed = new Set<string>()
  readonly #specs: readonly Spec[]
  #seenUntil = this.station.clock.wall() as number

  constructor(of: readonly Spec[]) {
    this.#specs = of
    this.station.on()
  }

  async run(all: readonly Happening[]): Promise<void> {
    this.#publish(this.#specs.map((_, index) => index))
    for (const each of all) await this.#happen(each)
    if (this.station.running === undefined) this.station.on()
    const left = (MORNING + 1200_000 - this.station.clock.wall()) / 1000
    await this.#pass(Math.max(0, left) + 4000, 1000)
  }

  async #happen(each: Happening): Promise<void> {
    const { station } = this
    if (each.kind === 'pass') await this.#pass(each.seconds)
    if (each.kind === 'publish') this.#publish(each.of.filter((index) => index < this.#specs.length))
    if (each.kind === 'step') {
      station.step(each.seconds)
      this.#forgetWhatLiesAheadAgain()
      // A clock set back to the very second of an item brings that second about.
      this.#seenUntil = Math.min(this.#seenUntil, station.clock.wall() - 1)
      station.agent.dispatcher.tick()
      this.#look()
    }
    if (each.kind === 'playout dies') {
      station.agent.playout.crash()
      await this.#pass(1)
      station.agent.playout.restart()
    }
    if (each.kind === 'power cut' || each.kind === 'stop') {
      this.#look()
      await (each.kind === 'stop' ? station.stop() : station.powerCut())
      await station.pass(each.seconds)
      station.on()
      this.#look()
    }
  }

  /** What is in force and comes due exists from its second on. */
  #look(): void {
    const now = this.station.clock.wall()
    for (const item of this.station.items())
      for (const planned of plannedOf(item))
        if (planned > this.#seenUntil && planned <= now) this.existed.add(occurrenceId(item, planned))
    this.#seenUntil = now
  }

  /** A clock that is set back makes what has neither sounded nor a record a thing of the future. */
  #forgetWhatLiesAheadAgain(): void {
    const { station } = this
    const now = station.clock.wall()
    const settled = station.records.map(({ item, planned }) => `${item}/${Date.parse(planned)}`)
    for (const id of this.existed) {
      const ends = (text: string): boolean => id.endsWith(`/${text}`)
      const begun = station.begun.some(({ clip }) => clip.startsWith(`${id} `))
      const shown = station.agent.signItems.holds(id)
      if (Number(id.split('/').at(-1)) > now && !settled.some(ends) && !begun && !shown)
        this.existed.delete(id)
    }
  }

  /** A new revision: what it adds exists if its window is still open. */
  #publish(of: readonly number[]): void {
    this.#look()
    const { station } = this
    station.publish(this.#specs.map(scheduleItem).filter((_, index) => of.includes(index)))
    const now = station.clock.wall()
    for (const item of station.items())
      for (const planned of plannedOf(item))
        if (planned <= now && windowEnd(item, planned, secondsOf(item)) >= now)
          this.existed.add(occurrenceId(item, planned))
  }

  async #pass(seconds: number, lookEveryMs?: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 5) {
      await this.station.pass(Math.min(5, left), lookEveryMs)
      this.#look()
    }
  }
}

const plannedOf = ({ timing }: Item) => (timing.kind === 'at' ? [timing.at] : [])
const secondsOf = (item: Item): number => itemSeconds(item, () => 0)

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('whatever befalls a station', () => {
  test('every planned second that existed has exactly one record, and the chain has no hole', async () => {
    await fc.assert(
      fc.asyncProperty(specs, happenings, async (of, all) => {
        const drill = new Drill(of)
        await drill.run(all)
        const { station, existed } = drill
        const recorded = station.records.map(({ document, item, planned }) =>
          [document, item, Date.parse(planned)].join('/'),
        )
        expect(recorded.toSorted()).toEqual([...existed].toSorted())
        expect(station.store.ledger.opened()).toEqual([])
        const chain = station.store.outbox.pending(0, Number.POSITIVE_INFINITY).map(({ record }) => record)
        expect(verifyChain(chain, sha256Hex)).toEqual([])
        await station.crash()
      }),
      { numRuns: 80 },
    )
  }, 120_000)
})
