import { setTimeout } from 'node:timers/promises'
import { type AudioPart, itemAt, toneMp3 } from '../../../test/rig/bench.ts'
import { eventually } from '../../../test/rig/eventually.ts'
import type { benchAt } from '../../../test/rig/faked-clock.ts'
import type { ArrivedRecord } from '../../../test/rig/observer.ts'
import { accountFaults, heardSeconds } from './account.ts'

type Fields = Readonly<Record<string, unknown>>

const LENGTHS = [1, 2, 4, 8] as const
const WARM_AHEAD_MS = 7_200_000

/** An item of a round; its name is made unique by that of its agent and the number of the round. */
export type Cast = {
  readonly id: string
  readonly at: number
  readonly seconds: (typeof LENGTHS)[number]
  readonly late: { readonly policy: 'skip' | 'play' | 'join'; readonly withinSeconds: number }
}

/** Recorded ones are published on for a while, so that a second lived twice finds them there. */
const KEPT = 16
const LAST_WORDS = 4000
const MOST_IN_RECORD = 999_999_999_999
const STEP_ERROR_MS = 300
const PLAYED_ERROR_SECONDS = 1

const secondsOf = (records: readonly ArrivedRecord[]): number =>
  records.reduce((sum, { playedSeconds }) => sum + Number(playedSeconds), 0)

const isOneInstant = (a: unknown, b: unknown): boolean =>
  Math.abs(Date.parse(String(a)) - Date.parse(String(b))) < 50

/** One agent, everything that was planned on it and what has become of it. */
export class StepLane {
  readonly bench: Awaited<ReturnType<typeof benchAt>>['bench']
  readonly clock: Awaited<ReturnType<typeof benchAt>>['clock']
  readonly #name: string
  readonly #parts = new Map<number, AudioPart>()
  readonly #planned: { readonly id: string; readonly item: Fields }[] = []
  readonly #allowed = new Map<string, readonly string[]>()
  readonly #steps: number[] = []
  #rev = 0
  #killedAt = 0
  /** What had been heard and recorded before the round. */
  #before = { dac: 0, ons: 0, records: 0 }

  constructor(name: string, { bench, clock }: Awaited<ReturnType<typeof benchAt>>) {
    this.#name = name
    this.bench = bench
    this.clock = clock
  }

  /** Lets it fetch and check its files, so that nothing later waits for them. */
  async warmUp(): Promise<void> {
    const at = this.clock.now() + WARM_AHEAD_MS
    const items = LENGTHS.map((seconds) => itemAt(`warm-${seconds}`, at, { parts: [this.#part(seconds)] }))
    this.#rev += 1
    await this.bench.observer.schedule(this.#rev, items)
    const holds = ({ media }: Fields) => (media as { readonly present: number }).present === LENGTHS.length
    await this.bench.observer.until('reported', 'all files are there', holds, 60_000)
  }

  /** How long the first sound of the round has been in the air; less than nothing when it has not begun. */
  soundingFor(planned: number): number {
    const on = this.bench.agent.dac('on').at(this.#before.ons)
    const since = this.clock.now() - planned
    return on === undefined ? Math.min(0, since) : since
  }

  /** Publishes what a round adds, with what is still open and what was recorded last. */
  async publish(round: number, cast: readonly Cast[]): Promise<void> {
    const { observer, agent } = this.bench
    const [dac, ons, records] = [agent.dac().length, agent.dac('on').length, this.#playback.length]
    this.#before = { dac, ons, records }
    for (const { id, at, seconds, late } of cast) {
      const name = `${this.#name}${round}-${id}`
      this.#planned.push({ id: name, item: itemAt(name, at, { parts: [this.#part(seconds)], late }) })
    }
    const recent = this.#planned.slice(-KEPT)
    const kept = this.#planned.filter((each) => recent.includes(each) || this.outcome(each.id) === undefined)
    this.#rev += 1
    await observer.schedule(
      this.#rev,
      kept.map(({ item }) => item),
    )
  }

  allow(round: number, id: string, outcomes: readonly string[]): void {
    this.#allowed.set(`${this.#name}${round}-${id}`, outcomes)
  }

  /** At a wall time of the agent; answers the one at which it really was. */
  async until(wall: number): Promise<number> {
    await setTimeout(Math.max(0, wall - this.clock.now()))
    return this.clock.now()
  }

  /** While the agent runs, which says so in an event. */
  step(byMs: number): void {
    this.#steps.push(byMs)
    this.clock.step(byMs)
  }

  set(wallMs: number): void {
    this.step(wallMs - this.clock.now())
  }

  async crash(): Promise<void> {
    this.#killedAt = this.clock.now()
    await this.bench.agent.crash()
  }

  /** Waits until these have their records, all is silent, and what was recorded is what was heard. */
  async settled(round: number, ids: readonly string[]): Promise<string> {
    const { observer, agent } = this.bench
    for (const id of ids) await observer.record(`${this.#name}${round}-${id}`, 45_000)
    await eventually('silence', async () => (await agent.status()).playing === undefined)
    const last = this.bench.observer.records.at(-1)
    if (last !== undefined) await observer.acknowledge(last)
    await eventually('what was recorded was heard', () => this.#heardAsRecorded() === undefined, 4000).catch(
      () => {
        throw new Error(`round ${round}: ${this.#heardAsRecorded()}`)
      },
    )
    this.#killedAt = 0
    return ids.map((id) => `${id} ${this.outcome(`${this.#name}${round}-${id}`)}`).join(', ')
  }

  /** Undefined when the DAC let out what the records of this round say. */
  #heardAsRecorded(): string | undefined {
    const events = this.bench.agent.dac().slice(this.#before.dac)
    const records = this.#playback.slice(this.#before.records)
    const heard = heardSeconds(events, this.#killedAt)
    const recorded = secondsOf(records)
    // The DAC tells one sound from another by silence: of one that follows at once it says nothing, or counts it in.
    const sure = secondsOf(
      records.filter(({ started }) => !records.some(({ ended }) => isOneInstant(started, ended))),
    )
    const most = PLAYED_ERROR_SECONDS + (this.#killedAt === 0 ? 0 : 1)
    if (heard > sure - most && heard < recorded + most) return undefined
    const log = events.map(({ ev, i, t }) => `${ev} ${i} ${t.toFixed(2)}`)
    const told = records.map(({ item, started, ended, playedSeconds }) =>
      [item, started, ended, playedSeconds].join(' '),
    )
    return `heard ${heard.toFixed(2)} s, recorded ${recorded.toFixed(2)} s: ${[...log, ...told].join(', ')}`
  }

  /** What an agent that is given up says of itself, for who looks for the cause. */
  async lastWords(): Promise<string> {
    const { agent } = this.bench
    const status = await agent
      .status()
      .then(JSON.stringify, (error: unknown) => `no status: ${String(error)}`)
    return `${agent.output.slice(-LAST_WORDS)}\n${status}`
  }

  outcome(id: string): string | undefined {
    const [record] = this.bench.observer.playbackOf(id)
    return record && [record['result'], record['reason']].filter(Boolean).join(' ')
  }

  /** Everything that is not as promised, once nothing is open any more. */
  async faults(): Promise<readonly string[]> {
    const { observer } = this.bench
    const ids = this.#planned.map(({ id }) => id)
    await eventually(
      'all have their records',
      () => ids.every((id) => this.outcome(id) !== undefined),
      90_000,
    ).catch(() => undefined)
    await eventually('all steps are told', () => this.#stepFaults().length === 0, 10_000).catch(
      () => undefined,
    )
    const untrue = ids.flatMap((id) => {
      const [allowed = [], outcome = 'none'] = [this.#allowed.get(id), this.outcome(id)]
      return allowed.includes(outcome) ? [] : [`${id}: ${outcome}, not ${allowed.join(' or ')}`]
    })
    return [...accountFaults(observer, ids), ...untrue, ...this.#stepFaults()]
  }

  get planned(): number {
    return this.#planned.length
  }

  get #playback() {
    return this.bench.observer.records.filter(({ topic }) => topic === 'playback')
  }

  #stepFaults(): readonly string[] {
    const told = this.bench.observer.records
      .filter(({ code }) => code === 'CLOCK_STEP')
      .map(({ data }) => (data as { readonly stepMs: number }).stepMs)
    const wanted = this.#steps.map((ms) => Math.max(-MOST_IN_RECORD, Math.min(MOST_IN_RECORD, ms)))
    const same =
      told.length === wanted.length &&
      told.every((ms, index) => Math.abs(ms - (wanted[index] ?? 0)) < STEP_ERROR_MS)
    return same ? [] : [`${this.#name}: stepped ${wanted.join(' ')}, told ${told.join(' ')}`]
  }

  #part(seconds: number): AudioPart {
    const part = this.#parts.get(seconds) ?? this.bench.serve(toneMp3(seconds), seconds)
    this.#parts.set(seconds, part)
    return part
  }
}
