import type { Policy, ScheduleDocument, ScheduleItem } from '../../../agent/core/documents.ts'
import { capAt, effectiveVolume, gainDbOf } from '../../../agent/core/policy/volume.ts'
import type { PlaybackRecord } from '../../../agent/core/records.ts'
import { type Item, itemsOf } from '../../../agent/core/schedule/item.ts'
import type { MediaVerdict } from '../../../agent/core/schedule/lay-out.ts'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { testPicture } from '../../../agent/core/sign/test-pattern.ts'
import { SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'
import { Dispatcher } from '../../../agent/services/dispatch.ts'
import { TEST_PATTERN } from '../../../agent/services/local-sign.ts'
import { PlayService } from '../../../agent/services/play.ts'
import { readinessOf } from '../../../agent/services/readiness.ts'
import { SignControl } from '../../../agent/services/sign-control.ts'
import { SignItems } from '../../../agent/services/sign-items.ts'
import { TimeKeeper } from '../../../agent/services/time-keeper.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { RecordingSignboard } from '../../fakes/recording-signboard.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { SimulatedPlayout } from '../../fakes/simulated-playout.ts'

export const MORNING = epochMs(Date.parse('2026-11-22T06:00:00+07:00'))
export const SHA = 'ab'.repeat(32)
const RELEASE = epochMs(Date.parse('2026-11-01T00:00:00Z'))
const LOOK_EVERY_MS = 250
const LEAD_MS = 500
const ARM_MS = 4000
const ZONE = createZone('Asia/Ho_Chi_Minh')
const OUTPUTS = { amplifiers: ['main'], signs: ['gate'] }
const soundFrames = (sound: keyof typeof SOUND_FRAMES): number => SOUND_FRAMES[sound]

type Running = {
  readonly time: TimeKeeper
  readonly playout: SimulatedPlayout
  readonly play: PlayService
  readonly signs: SignControl
  readonly signItems: SignItems
  readonly dispatcher: Dispatcher
}

/** Seconds after six. */
export const at = (seconds: number): string => new Date(MORNING + seconds * 1000).toISOString()

/** An item that sounds for so many seconds. */
export const news = (
  id: string,
  second: string,
  seconds = 10,
  more: Partial<ScheduleItem> = {},
): ScheduleItem => ({
  id,
  when: { at: second },
  parts: [{ audio: { sha256: SHA, bytes: 1000, format: 'mp3', seconds, urls: [] } }],
  ...more,
})

/** An item of one page. */
export const notice = (
  id: string,
  second: string,
  seconds = 10,
  more: Partial<ScheduleItem> = {},
): ScheduleItem => ({
  id,
  when: { at: second },
  sign: { pages: [{ text: id, mode: 'still', seconds }] },
  ...more,
})

/** A receiver whose store outlives its services: everything from the plan to the record, on clocks that a test moves. */
export class Station {
  readonly clock = new ManualClock(MORNING)
  readonly store = new MemoryStateStore(() => this.clock.wall())
  readonly documents = new Map<string, ScheduleDocument>()
  readonly media = new Map<string, MediaVerdict>([
    [SHA, { state: 'ready', measured: { seconds: 3600, integratedLufs: -16, truePeakDb: -1 } }],
  ])
  readonly board = new RecordingSignboard('gate')
  readonly clockSteps: number[] = []
  /** Clip ids with the frame from which they really began. */
  readonly begun: { readonly clip: string; readonly frame: number; readonly at: EpochMs }[] = []
  synchronised = true
  uptimeMs = 3_600_000
  policy: Policy = { quietHours: [], volume: [], normalFromProvince: 'play', fadeInSeconds: 0 }
  master = 100
  kernelBoot = 1
  plans = true
  running: Running | undefined

  get agent(): Running {
    if (this.running === undefined) throw new Error('the station is off')
    return this.running
  }

  /** Records so far, in order. */
  get records(): readonly PlaybackRecord[] {
    return this.store.outbox
      .pending(0, Number.POSITIVE_INFINITY)
      .flatMap((entry) => (entry.topic === 'playback' ? [entry.record] : []))
  }

  /** `item: result REASON` of every record, in order. */
  get outcomes(): readonly string[] {
    return this.records.map(({ item, result, reason }) => `${item}: ${result}${reason ? ` ${reason}` : ''}`)
  }

  record(item: string): PlaybackRecord {
    const [first, ...more] = this.records.filter((record) => record.item === item)
    if (first === undefined || more.length > 0) throw new Error(`${more.length + 1} records of ${item}`)
    return first
  }

  items(): readonly Item[] {
    const scope = { id: 'd-1', groups: [], languages: ['vi'] as const }
    return [...this.documents.values()].flatMap((document) => itemsOf(document, scope))
  }

  publish(items: readonly ScheduleItem[], more: Partial<ScheduleDocument> = {}): void {
    const area = more.area ?? '75/26068'
    const rev = (this.documents.get(area)?.rev ?? 0) + 1
    this.documents.set(area, { kind: 'schedule', v: 1, area, rev, iat: at(0), ...more, items })
    this.running?.dispatcher.replace(this.items())
  }

  on(): void {
    const { clock, store } = this
    const time = new TimeKeeper({
      clock,
      quality: {
        read: () => ({
          synchronised: this.synchronised,
          offsetMs: 0,
          uptimeMs: this.uptimeMs,
          hasRtc: false,
        }),
      },
      facts: store.facts,
      boardClock: 'none',
      release: RELEASE,
      kernelBootId: `boot-${this.kernelBoot}`,
    })
    const playout = this.#playout()
    const signs = new SignControl({
      signboards: [this.board],
      clock,
      logger: silentLogger,
      pictureFor: (image, panel) => (image === TEST_PATTERN ? testPicture(panel) : 'bad'),
      onHealth: () => undefined,
      onPageFault: () => undefined,
      onFailure: (error) => {
        throw error
      },
    })
    const common = {
      clock,
      ledger: store.ledger,
      kernelBootId: `boot-${this.kernelBoot}`,
      clockState: () => time.state,
      onRecord: () => undefined,
    }
    const signItems = new SignItems({ ...common, signs })
    const play = this.#play(common, playout, signs)
    const dispatcher = new Dispatcher({
      ...common,
      time,
      zone: ZONE,
      facts: store.facts,
      play,
      signItems,
      soundFrames,
      quietHours: () => this.policy.quietHours,
      readinessOf: (item) => this.readinessOf(item),
      leadMs: ARM_MS,
      onClockStep: (step) => this.clockStepped(step),
      plans: this.plans,
      onTurn: () => undefined,
    })
    this.running = { time, playout, play, signs, signItems, dispatcher }
    dispatcher.begin(this.items())
    playout.restart()
    dispatcher.tick()
  }

  readinessOf(item: Item) {
    return readinessOf(item, {
      policy: this.policy,
      board: OUTPUTS,
      media: ({ sha256 }) => this.media.get(sha256) ?? { state: 'missing' },
      soundFrames,
    })
  }

  /** The services are gone from one moment to the next; the store stays. */
  async powerCut(): Promise<void> {
    this.kernelBoot += 1
    await this.crash()
  }

  async crash(): Promise<void> {
    const { signs } = this.agent
    this.running = undefined
    await signs[Symbol.asyncDispose]()
  }

  /** An orderly stop; playout reports while it fades. */
  async stop(fadeSeconds = 0): Promise<void> {
    this.agent.dispatcher.close()
    await this.pass(fadeSeconds)
    await this.crash()
  }

  /** Lets time pass, whether the station is on or off. */
  async pass(seconds: number, lookEveryMs = LOOK_EVERY_MS): Promise<void> {
    const end = this.clock.mono() + seconds * 1000
    while (this.clock.mono() < end) {
      const ms = this.running ? Math.min(lookEveryMs, end - this.clock.mono()) : end - this.clock.mono()
      await this.clock.advance(ms)
      this.uptimeMs += ms
      this.running?.playout.advance(this.clock.wall())
      this.running?.dispatcher.tick()
    }
  }

  /** What the dispatcher says of a step. */
  protected clockStepped(stepMs: number): void {
    this.clockSteps.push(stepMs)
  }

  /** The wall clock is set. */
  step(seconds: number): void {
    this.clock.step(seconds * 1000)
    this.running?.playout.clockStepped(seconds * 1000)
  }

  #playout(): SimulatedPlayout {
    const playout: SimulatedPlayout = new SimulatedPlayout(this.clock.wall(), (report) => {
      if (this.running !== undefined && this.running.playout !== playout) return
      if (report.kind === 'started') this.begun.push(report)
      this.running?.play.report(report)
    })
    return playout
  }

  #play(
    common: {
      clock: ManualClock
      ledger: MemoryStateStore['ledger']
      kernelBootId: string
      clockState: () => TimeKeeper['state']
      onRecord: () => void
    },
    playout: SimulatedPlayout,
    signs: SignControl,
  ): PlayService {
    return new PlayService({
      ...common,
      playout,
      pages: {
        show: (owner, content) => signs.show(owner, content, 'programme'),
        clear: (owner) => {
          signs.clear(owner)
        },
      },
      leadMs: LEAD_MS,
      volumeOf: ({ item }) => {
        const cap = capAt(this.policy.volume, ZONE, this.clock.wall())
        const percent = effectiveVolume(item.volume, this.master, cap)
        return { percent, gainDb: gainDbOf(percent) }
      },
      fadeInSeconds: () => this.policy.fadeInSeconds,
      onSounding: () => undefined,
    })
  }
}
