import type { Programme, Readiness } from '../../../agent/core/arbiter/programme.ts'
import {
  type ArbiterState,
  createArbiter,
  type Effect,
  type Input,
  type Step,
} from '../../../agent/core/arbiter/state.ts'
import { transition } from '../../../agent/core/arbiter/transition.ts'
import type { Segment } from '../../../agent/core/clip.ts'
import type { Outcome } from '../../../agent/core/record/playback.ts'
import type { Item } from '../../../agent/core/schedule/item.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'
import type { PlayoutReport } from '../../../agent/ports/playout.ts'
import { SimulatedPlayout } from '../../fakes/simulated-playout.ts'

export const START = epochMs(Date.parse('2026-11-22T05:00:00+07:00'))
export const LEAD_MS = 3000
export const second = (seconds: number): EpochMs => epochMs(START + seconds * 1000)

const item = (id: string, changes: Partial<Item> = {}): Item => ({
  id,
  title: undefined,
  document: '75/26068/schedule',
  area: '75/26068',
  rev: 1,
  expires: undefined,
  timing: { kind: 'at', at: START },
  class: 'normal',
  tier: 'commune',
  language: 'vi',
  parts: [{ sound: 'chime' }],
  repeat: { times: 1, gapSeconds: 0 },
  maxSeconds: undefined,
  volume: 70,
  order: 100,
  late: { policy: 'skip', withinSeconds: 60 },
  onPreempt: 'resume',
  amplifiers: undefined,
  sign: undefined,
  ...changes,
})

export const programme = (id: string, planned: EpochMs, changes: Partial<Item> = {}): Programme => ({
  key: `${id}@${planned}`,
  item: item(id, changes),
  planned,
  obeysQuietHours: true,
  missedReason: 'LATE',
})

export const live = (seconds: number): Segment => ({
  ...{ kind: 'stream', id: '', format: 'mp3', frames: seconds * 48_000 },
  urls: ['https://relay.example/vov1'],
})
export const pause = (seconds: number): Segment => ({ kind: 'silence', frames: seconds * 48_000 })

export const readyWith = (...segments: readonly Segment[]): Readiness => ({
  state: 'ready',
  clip: { id: '', segments, amplifiers: [], gainDb: 0 },
  limited: false,
})
export const ready = (seconds: number): Readiness => readyWith(pause(seconds))
export const relay = (seconds: number): Readiness => readyWith(live(seconds))

/** The arbiter with a simulated output, second by second. */
export class Stage {
  state = createArbiter(LEAD_MS)
  now = START
  readonly records = new Map<
    string,
    { outcome: Outcome; playedSeconds: number; cuts: number; startErrorMs?: number }
  >()
  readonly opened: string[] = []
  readonly forgotten: string[] = []
  readonly sounded: { key: string; class: Item['class'] }[] = []
  readonly playout = new SimulatedPlayout(START, (report) => this.#report(report))

  readonly #onStep: (before: ArbiterState, input: Input, step: Step) => void

  constructor(onStep: (before: ArbiterState, input: Input, step: Step) => void = () => undefined) {
    this.#onStep = onStep
    this.tell({ kind: 'playout', up: true })
  }

  tell(input: Input extends infer I ? (I extends Input ? Omit<I, 'at'> : never) : never): void {
    const told = { ...input, at: this.now } as Input
    const before = this.state
    const step = transition(before, told)
    this.state = step.state
    this.#onStep(before, told, step)
    for (const effect of step.effects) this.#run(effect)
  }

  arm(programme: Programme, readiness: Readiness): void {
    this.tell({ kind: 'arm', programme, readiness })
  }

  to(seconds: number): void {
    while (this.now < second(seconds)) {
      const next = epochMs(Math.min(this.now + 500, second(seconds)))
      this.playout.advance(next)
      this.now = next
      this.tell({ kind: 'tick' })
    }
  }

  outcome(programme: Programme): string {
    const { result, ...rest } = this.records.get(programme.key)?.outcome ?? { result: 'none' }
    return 'reason' in rest ? `${result} ${rest.reason}` : result
  }

  #run(effect: Effect): void {
    if (effect.kind === 'schedule') {
      const { clip, order } = effect
      this.playout.schedule({
        clip: { ...clip, id: order.id },
        at: order.at,
        fromFrame: order.fromFrame,
        takeover: order.takeover,
        fadeInMs: 0,
        ...(order.latest === undefined ? {} : { latest: order.latest }),
      })
    } else if (effect.kind === 'cut') this.playout.cut(effect.order)
    else if (effect.kind === 'open') this.opened.push(effect.programme.key)
    else if (effect.kind === 'forget') this.forgotten.push(effect.programme.key)
    else if (effect.kind === 'sounding')
      this.sounded.push({ key: effect.programme.key, class: effect.programme.item.class })
    else if (effect.kind === 'record') {
      const { key } = effect.programme
      if (this.records.has(key)) throw new Error(`two records for ${key}`)
      const { frames, cuts, startErrorMs } = effect.asRun
      this.records.set(key, {
        outcome: effect.outcome,
        playedSeconds: frames / 48_000,
        cuts,
        ...(startErrorMs === undefined ? {} : { startErrorMs }),
      })
    }
  }

  #report(report: PlayoutReport): void {
    const before = this.now
    if ('at' in report) this.now = epochMs(Math.max(this.now, report.at))
    if (report.kind === 'process') this.tell({ kind: 'playout', up: report.up })
    if (report.kind === 'started')
      this.tell({ kind: 'started', order: report.clip, started: report.at, intended: report.intended })
    if (report.kind === 'ended') {
      const { clip, end, at, frame, frames, underruns } = report
      if (end !== 'failed')
        this.tell({ kind: 'ended', order: clip, end, ended: at, frame, frames, underruns })
    }
    this.now = before
  }
}
