import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { EpochMs } from '../core/time.ts'
import type { PlayOrder } from '../ports/playout.ts'
import { ClipReader } from './clip-reader.ts'
import { DeviceNeed } from './device-need.ts'
import { DeviceStream } from './device-stream.ts'
import { type EngineParts, paceOf } from './engine-parts.ts'
import { EARLY_MS } from './hearing.ts'
import { RelayBoard } from './relay-board.ts'
import { RelayDuty } from './relay-duty.ts'
import { TAKEOVER_FADE_FRAMES, Timeline } from './timeline.ts'
import { Track } from './track.ts'
import { endedReport, progressReport, startedReport } from './track-report.ts'
import { BLOCK_FRAMES, blockFrames, PROGRESS_MS, PUMP_MS, turnAgainMs } from './turn-pace.ts'
import { WallClock } from './wall-clock.ts'

const MS = 1e6
/** A placed piece is moved when its instant moved by more than this: a step of the clock, not jitter. */
const RETIME_FRAMES = 240
const SHORTEST_FADE_FRAMES = 96
const MUTE_FADE_MS = 20
/** With more than this written ahead a source that has nothing at hand is waited for. */
const PATIENT_FRAMES = FRAMES_PER_SECOND / 8
const FRAMES_PER_MS = FRAMES_PER_SECOND / 1000

/** Plays orders: one at a time on the device, one waiting, relays around them. Driven by its own timer between `start` and `stop`. */
export class Engine {
  readonly #parts: EngineParts
  readonly #clock: WallClock
  readonly #stream: DeviceStream
  readonly #relays: RelayBoard
  readonly #duty: RelayDuty
  readonly #need: DeviceNeed
  readonly #timeline: Timeline
  readonly #block: Int16Array
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #left = false
  #muted = false
  #progressMs = 0
  #lastEndMs = Number.NEGATIVE_INFINITY

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#clock = new WallClock(parts.nowNs, parts.wallOffsetMs, parts.trimMs ?? 0)
    this.#block = new Int16Array(BLOCK_FRAMES * parts.channels)
    this.#stream = new DeviceStream(
      parts.openPcm,
      parts.nowNs,
      (ok, message) => parts.report({ kind: 'device', ok, message }),
      () => this.#turn(),
    )
    this.#relays = new RelayBoard(parts.amplifiers, parts.openAmplifier, (id, state, fault) =>
      parts.report({ kind: 'amplifier', id, state, at: this.#clock.wallNow(), ...(fault && { fault }) }),
    )
    this.#need = new DeviceNeed(this.#relays, this.#clock)
    this.#duty = new RelayDuty(this.#relays, this.#stream, () => this.#timeline, this.#clock)
    this.#timeline = new Timeline((track) => this.#duty.meantFrame(track), parts.channels)
  }

  /** Takes the relay lines, every relay open, and begins to turn. */
  async start(muted: boolean): Promise<void> {
    this.#muted = muted
    await this.#relays.start(this.#clock.nowMs())
    this.#turn()
  }

  schedule(order: PlayOrder): void {
    const displaced = this.#takeWaiting()
    if (displaced !== undefined) this.#end(displaced, displaced.id === order.clip.id ? 'replaced' : 'cut')
    const reader = new ClipReader(order.clip, order.fromFrame, this.#parts.openSource)
    const pace = paceOf(this.#parts, (frame) => this.#wallOf(frame))
    const track = new Track(order, reader, pace)
    if (this.#muted || this.#stopped) this.#end(track, 'cut')
    else this.#timeline.wait(track)
    this.#turn()
  }

  cut(clip: string, fadeMs: number): void {
    const waiting = this.#waitingTrack()
    if (waiting?.id === clip) {
      this.#takeWaiting()
      if (this.#timeline.tracks.includes(waiting)) this.#fade(waiting, fadeMs)
      else this.#end(waiting, 'cut')
    } else for (const track of this.#timeline.tracks) if (track.id === clip) this.#fade(track, fadeMs)
    this.#turn()
  }

  setGain(clip: string, gainDb: number, rampMs: number): void {
    const track = this.#timeline.tracks.find(({ id }) => id === clip)
    if (track === undefined) return
    if (track.start === undefined) track.glide(gainDb, 0, 0)
    else {
      this.#rewind(this.#stream.changeable)
      track.glide(gainDb, this.#stream.written, Math.round(rampMs * FRAMES_PER_MS))
    }
    this.#turn()
  }

  mute(on: boolean): void {
    this.#muted = on
    if (on) for (const { id } of this.#timeline.tracks) this.cut(id, MUTE_FADE_MS)
    this.#turn()
  }

  amplifier(id: string, on: boolean, seconds: number): void {
    this.#relays.manual(id, on, seconds, this.#clock.nowMs())
    this.#turn()
  }

  feed(id: string, on: boolean): void {
    this.#relays.feed(id, on)
    this.#turn()
  }

  warm(seconds: number): void {
    this.#need.warm(seconds)
    this.#turn()
  }

  /** Fades what sounds, opens the relays, lets go of device and lines. Takes at most `fadeMs` and half a second. */
  async stop(fadeMs: number): Promise<void> {
    if (this.#stopped) return
    for (const { id } of this.#timeline.tracks) this.cut(id, fadeMs)
    this.#stopped = true
    const deadline = this.#clock.nowMs() + fadeMs + 500
    while (this.#timeline.tracks.length > 0 && this.#clock.nowMs() < deadline)
      await new Promise((resolve) => setTimeout(resolve, PUMP_MS / 2))
    this.#left = true
    this.#relays.openAll(this.#clock.nowMs())
    for (const track of this.#timeline.tracks) this.#end(track, 'cut')
    await this.#stream[Symbol.asyncDispose]()
    await this.#relays[Symbol.asyncDispose]()
    await this.#parts.hearing?.[Symbol.asyncDispose]()
  }

  #wallOf(frame: number): EpochMs {
    return this.#clock.wallOf(this.#stream.nsOf(frame) / MS)
  }

  #turn(): void {
    clearTimeout(this.#timer)
    if (this.#left) return
    this.#clock.sample()
    const nowMs = this.#clock.nowMs()
    this.#dropOverdue()
    this.#stream.want(this.#need.isNeeded(this.#timeline.tracks, nowMs))
    const event = this.#stream.sync()
    this.#takeBack()
    const sounding = this.#timeline.tracks.find((track) => track.startReported)
    if (event === 'underrun' && sounding !== undefined) sounding.underruns += 1
    for (const track of this.#timeline.tracks) track.tend()
    for (const track of this.#duty.drive(nowMs, this.#muted)) this.#fail(track)
    if (this.#stream.isAlive) this.#need.found()
    else for (const track of this.#need.giveUp(this.#timeline.tracks, nowMs)) this.#end(track, 'cut')
    const near = this.#stream.isOpen && this.#need.soundsWithin(EARLY_MS, this.#timeline.tracks, nowMs)
    this.#parts.hearing?.turn(near, this.#stream)
    if (this.#stream.isOpen) {
      this.#observe(nowMs)
      this.#retime()
      this.#fill()
    }
    this.#timer = setTimeout(() => this.#turn(), this.#restMs())
  }

  #restMs(): number {
    const { isOpen, written, played } = this.#stream
    return turnAgainMs(this.#timeline.tracks, isOpen ? written - played : undefined, this.#relays.allOpen)
  }

  /** Reports what left the device since the last turn. */
  #observe(nowMs: number): void {
    const { played } = this.#stream
    for (const track of this.#timeline.tracks) {
      if (track.start === undefined || played < track.start) break
      if (!track.startReported && played > track.start && track.end !== track.start) this.#reportStart(track)
      if (track.end !== undefined && played >= track.end) this.#end(track, 'played')
      else {
        if (track.startReported) this.#watch(track, nowMs)
        // One that sounds over its fade begins, for whoever hears of it, when this one has ended.
        break
      }
    }
  }

  #reportStart(track: Track): void {
    track.startReported = true
    const start = track.start ?? 0
    this.#parts.hearing?.began(track, this.#stream.nsOf(start))
    this.#parts.report(startedReport(track, this.#wallOf(start), this.#lastEndMs))
  }

  #watch(track: Track, nowMs: number): void {
    const seen = this.#relays.seen(track.order.clip.amplifiers, nowMs)
    if (seen !== undefined) track.noteRelays(seen)
    if (nowMs - this.#progressMs < PROGRESS_MS) return
    this.#progressMs = nowMs
    this.#parts.report(progressReport(track, this.#stream.played))
  }

  /** The clock was set ahead past the time at which what waits could still begin. */
  #dropOverdue(): void {
    const latest = this.#waitingTrack()?.order.latest
    if (latest === undefined || this.#clock.wallNow() <= latest) return
    const overdue = this.#takeWaiting()
    if (overdue !== undefined) this.#end(overdue, 'cut')
  }

  /** Takes frames back where a piece should have a place among what is written already. */
  #retime(): void {
    const waiting = this.#waitingTrack()
    if (waiting === undefined || !waiting.ready) return
    const meant = this.#duty.meantFrame(waiting)
    if (waiting.start !== undefined) {
      if (Math.abs(meant - waiting.meant) > RETIME_FRAMES) this.#rewind(Math.min(meant, waiting.start))
      return
    }
    const start = this.#timeline.startOf(waiting, Number.NEGATIVE_INFINITY)
    if (start === undefined || start >= this.#stream.written) return
    if (waiting.order.takeover && start < this.#stream.changeable && this.#timeline.at(this.#stream.played)) {
      this.#stream.cutShort()
      this.#takeBack()
    } else this.#rewind(waiting.order.takeover ? start - TAKEOVER_FADE_FRAMES : start)
  }

  #fill(): void {
    const aheadFrames = this.#parts.bufferMs * FRAMES_PER_MS
    for (let room = this.#stream.room(aheadFrames); room > 0; room = this.#stream.room(aheadFrames)) {
      const queued = this.#stream.written - this.#stream.played
      const frames = Math.min(room, blockFrames(queued))
      const block = this.#block.subarray(0, frames * this.#parts.channels)
      const patient = queued > PATIENT_FRAMES
      const at = this.#stream.written
      const made = block.subarray(0, this.#timeline.render(block, at, patient) * this.#parts.channels)
      const taken = this.#stream.write(made)
      this.#parts.hearing?.wrote(at, made.subarray(0, taken * this.#parts.channels))
      this.#takeBack()
      if (taken === frames) continue
      this.#takeBack(this.#stream.written)
      return
    }
  }

  #fail(track: Track): void {
    if (track.start === undefined) this.#end(track, 'cut')
    else this.#fade(track, 0)
  }

  /** The piece whose first frame has not left: with a place or without. */
  #waitingTrack(): Track | undefined {
    const last = this.#timeline.tracks.at(-1)
    return last !== undefined && (last.start === undefined || last.start >= this.#stream.played)
      ? last
      : undefined
  }

  /** Takes the waiting piece out; undefined when there is none or its first frame can no longer be held back. */
  #takeWaiting(): Track | undefined {
    const waiting = this.#waitingTrack()
    if (waiting?.start !== undefined) this.#rewind(waiting.start)
    if (waiting === undefined || waiting.start !== undefined) return undefined
    this.#timeline.remove(waiting)
    return waiting
  }

  #fade(track: Track, fadeMs: number): void {
    if (!this.#stream.isOpen || track.start === undefined) {
      this.#end(track, 'cut')
      return
    }
    this.#rewind(this.#stream.changeable)
    const from = this.#stream.written
    track.cutAt(from, from + Math.max(SHORTEST_FADE_FRAMES, Math.round(fadeMs * FRAMES_PER_MS)), true)
  }

  #rewind(frame: number): void {
    this.#stream.rewindTo(frame)
    this.#takeBack()
  }

  #takeBack(floor = this.#stream.takeBack()): void {
    if (!Number.isFinite(floor)) return
    for (const track of this.#timeline.unrender(floor)) this.#end(track, 'cut')
  }

  #end(track: Track, how: 'played' | 'cut' | 'replaced'): void {
    this.#timeline.remove(track)
    track.close()
    if (how === 'replaced') return
    const until = track.end ?? this.#stream.played
    const at = track.end === undefined ? this.#clock.wallNow() : this.#wallOf(until)
    if (how === 'played') this.#lastEndMs = at
    const heard = this.#parts.hearing?.ended(track, this.#stream.nsOf(until))
    this.#parts.report(endedReport(track, until, at, how === 'cut' || track.endsByCut, heard))
  }
}
