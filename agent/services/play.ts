import type { AsRun, Programme } from '../core/arbiter/programme.ts'
import { proofAfter } from '../core/arbiter/proof.ts'
import {
  type ArbiterState,
  createArbiter,
  type Effect,
  type Input,
  type Step,
} from '../core/arbiter/state.ts'
import { transition } from '../core/arbiter/transition.ts'
import { clipFrames, FRAMES_PER_SECOND } from '../core/clip.ts'
import type { SignContent } from '../core/documents.ts'
import type { Outcome } from '../core/record/playback.ts'
import type { ClockState } from '../core/records.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Playout, PlayoutReport } from '../ports/playout.ts'
import type { Ledger } from '../ports/state-store.ts'
import { AsRunLedger } from './as-run-ledger.ts'
import { endedInput } from './ended-input.ts'

/** What the play service needs of the signs: the pages of the item that sounds. */
export type ProgrammePages = {
  readonly show: (owner: string, content: SignContent) => void
  readonly clear: (owner: string) => void
}

export type PlayOptions = {
  readonly playout: Playout
  readonly ledger: Ledger
  readonly pages: ProgrammePages
  readonly clock: Clock
  readonly kernelBootId: string
  /** From order to first frame when nothing sounds. */
  readonly leadMs: number
  /** What the volume policy makes of a programme at this moment. */
  readonly volumeOf: (programme: Programme) => { readonly percent: number; readonly gainDb: number }
  /** `policy.fadeInSeconds`: of the first item after a minute of silence. */
  readonly fadeInSeconds: () => number
  readonly clockState: () => ClockState
  /** A record was written. */
  readonly onRecord: () => void
  /** Something begins to sound, or all is silent. */
  readonly onSounding: (sounding: boolean) => void
  /** The arbiter was told something, and it was carried out. */
  readonly onStep?: (before: ArbiterState, input: Input, step: Step) => void
}

export type NowPlaying = {
  readonly programme: Programme
  readonly positionSeconds: number
  readonly durationSeconds: number
  readonly volume: number
  /** Peak of the last half second in dBFS. */
  readonly peakDb: number | undefined
}

type EffectTable = { readonly [K in Effect['kind']]: (effect: Extract<Effect, { kind: K }>) => void }

/** Hears of every programme: when it begins to sound, and when it has its record. */
export type PlayObserver = {
  readonly began: (programme: Programme) => void
  readonly recorded: (programme: Programme, asRun: AsRun, outcome: Outcome) => void
}

const VOLUME_RAMP_MS = 1000
const FADE_AFTER_MS = 60_000

/** No disk stands between an alert and its sound: playout is commanded first, the ledger follows in the same turn. */
const soundFirst = (effects: readonly Effect[]): readonly Effect[] => {
  if (!effects.some((effect) => effect.kind === 'schedule' && effect.programme.alert !== undefined))
    return effects
  const commands = effects.filter(({ kind }) => kind === 'schedule' || kind === 'cut')
  return [...commands, ...effects.filter((effect) => !commands.includes(effect))]
}

/** Feeds the arbiter with what happens and carries out what it decides. */
export class PlayService {
  readonly #options: PlayOptions
  readonly #volumes = new Map<string, number>()
  readonly #observers = new Set<PlayObserver>()
  readonly #ledger: AsRunLedger
  #state: ArbiterState
  #underruns = 0
  /** Of the piece that sounds, by its order. */
  #peak: { readonly order: string; readonly db: number } | undefined
  #closed = false
  #applying = false
  readonly #inputs: Input[] = []
  #silentSince = Number.NEGATIVE_INFINITY

  constructor(options: PlayOptions) {
    this.#options = options
    this.#ledger = new AsRunLedger(options)
    this.#state = createArbiter(options.leadMs)
  }

  apply(input: Input): void {
    this.#inputs.push(input)
    if (this.#applying) return
    this.#applying = true
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) this.#step(next)
    } finally {
      this.#applying = false
    }
  }

  /** What an effect leads to is told after the effects of its own step, never in between. */
  #step(input: Input): void {
    if (this.#closed) {
      this.#noteAfterClose(input)
      return
    }
    const before = this.#state
    const step = transition(before, input)
    this.#state = step.state
    for (const effect of soundFirst(step.effects)) this.#run(effect)
    this.#options.onStep?.(before, input, step)
  }

  /** Underruns of all pieces since the agent started. */
  get underruns(): number {
    return this.#underruns
  }

  get muted(): boolean {
    return this.#state.muted
  }

  get playing(): NowPlaying | undefined {
    const { sounding } = this.#state
    if (sounding === undefined) return undefined
    return {
      programme: sounding.programme,
      positionSeconds: sounding.asRun.position / FRAMES_PER_SECOND,
      durationSeconds: clipFrames(sounding.clip) / FRAMES_PER_SECOND,
      volume: this.#volumes.get(sounding.programme.key) ?? 0,
      peakDb: this.#peak?.order === sounding.order.id ? this.#peak.db : undefined,
    }
  }

  /** Armed and without a record yet. */
  holds(key: string): boolean {
    return (
      this.#state.sounding?.programme.key === key ||
      this.#state.waiting.some((entry) => entry.programme.key === key)
    )
  }

  /** Everything armed and without a record yet. */
  get held(): readonly Programme[] {
    const { sounding, waiting } = this.#state
    return [...(sounding ? [sounding.programme] : []), ...waiting.map((entry) => entry.programme)]
  }

  /** Those whose media may still arrive. */
  get awaiting(): readonly Programme[] {
    return this.#state.waiting
      .filter((entry) => entry.readiness.state !== 'excluded')
      .map((entry) => entry.programme)
  }

  /** What playout reports, in order. */
  report(report: PlayoutReport): void {
    const at = this.#options.clock.wall()
    switch (report.kind) {
      case 'started':
        this.apply({ kind: 'started', at, order: report.clip, started: report.at, intended: report.intended })
        break
      case 'progress':
        this.#peak = { order: report.clip, db: report.peakDb }
        this.apply({
          kind: 'progress',
          at,
          order: report.clip,
          frame: report.frame,
          underruns: report.underruns,
        })
        this.#noteSounding()
        break
      case 'ended':
        this.#underruns += report.underruns
        this.apply(endedInput(report, at))
        break
      case 'process':
        this.apply({ kind: 'playout', at, up: report.up })
        break
      case 'amplifier':
      case 'device':
      case 'capture':
        break
    }
  }

  /** Until the answer is disposed. */
  observe(observer: PlayObserver): Disposable {
    this.#observers.add(observer)
    return { [Symbol.dispose]: () => this.#observers.delete(observer) }
  }

  /** Follows caps, master and quiet hours while something sounds; called every second. */
  tick(at: EpochMs): void {
    this.apply({ kind: 'tick', at })
    const { sounding } = this.#state
    if (sounding === undefined) return
    const { percent, gainDb } = this.#options.volumeOf(sounding.programme)
    if (this.#volumes.get(sounding.programme.key) === percent) return
    this.#volumes.set(sounding.programme.key, percent)
    this.#options.playout.setGain(sounding.order.id, gainDb, VOLUME_RAMP_MS)
  }

  /** Orderly stop: what has begun is noted with its position for the next start, and nothing more is decided. */
  close(): void {
    this.#closed = true
    this.#noteSounding()
    for (const { programme, asRun } of this.#state.waiting)
      if (asRun.startedAt !== undefined)
        this.#ledger.checkpoint(programme, asRun, this.#volumeOf(programme), true)
  }

  /** What playout tells while it fades: that something had begun after all, and how far it came, which `report` notes. */
  #noteAfterClose(input: Input): void {
    if (input.kind !== 'started' && input.kind !== 'progress') return
    this.#state = transition(this.#state, input).state
    if (input.kind === 'started') this.#noteSounding()
  }

  readonly #effects: EffectTable = {
    open: ({ programme }) => this.#ledger.open(programme),
    forget: ({ programme }) => this.#ledger.forget(programme),
    schedule: ({ programme, clip, order }) => {
      const { percent, gainDb } = this.#options.volumeOf(programme)
      this.#volumes.set(programme.key, percent)
      this.#options.playout.schedule({
        clip: { ...clip, id: order.id, gainDb },
        at: order.at,
        fromFrame: order.fromFrame,
        takeover: order.takeover,
        fadeInMs: programme.alert === undefined ? this.#fadeInMs() : 0,
        ...(order.latest === undefined ? {} : { latest: order.latest }),
      })
    },
    cut: ({ order, fadeMs }) => this.#options.playout.cut(order, fadeMs),
    sounding: ({ programme }) => {
      this.#options.onSounding(true)
      if (programme.item.sign !== undefined) this.#options.pages.show(programme.key, programme.item.sign)
      this.#noteSounding()
      for (const observer of this.#observers) observer.began(programme)
    },
    silent: ({ programme }) => {
      this.#options.onSounding(false)
      this.#silentSince = this.#options.clock.mono()
      this.#options.pages.clear(programme.key)
      const back = this.#state.waiting.find((entry) => entry.programme.key === programme.key)
      if (back !== undefined) this.#ledger.checkpoint(programme, back.asRun, this.#volumeOf(programme), false)
    },
    record: ({ programme, asRun, outcome }) => this.#record(programme, asRun, outcome),
  }

  #run<K extends Effect['kind']>(effect: Extract<Effect, { kind: K }>): void {
    const run: (effect: Extract<Effect, { kind: K }>) => void = this.#effects[effect.kind as K]
    run(effect)
  }

  #fadeInMs(): number {
    const { clock, fadeInSeconds } = this.#options
    const silence = this.#state.sounding === undefined ? clock.mono() - this.#silentSince : 0
    return silence >= FADE_AFTER_MS ? fadeInSeconds() * 1000 : 0
  }

  #record(programme: Programme, asRun: AsRun, outcome: Outcome): void {
    this.#ledger.close(programme, asRun, outcome, this.#volumeOf(programme))
    this.#volumes.delete(programme.key)
    for (const observer of this.#observers) observer.recorded(programme, asRun, outcome)
    this.#options.onRecord()
  }

  #volumeOf(programme: Programme): number {
    return this.#volumes.get(programme.key) ?? this.#options.volumeOf(programme).percent
  }

  /** Writes down how far what sounds has come, and whether it ends because the agent was told to stop. */
  #noteSounding(): void {
    const { sounding } = this.#state
    if (sounding === undefined) return
    const { programme, asRun, order } = sounding
    const frames = Math.max(0, asRun.position - order.fromFrame)
    const { relay: _relay, ...known } = asRun
    const soFar = { ...known, ...proofAfter(asRun, { frames }), frames: asRun.frames + frames }
    this.#ledger.checkpoint(programme, soFar, this.#volumeOf(programme), this.#closed)
  }
}
