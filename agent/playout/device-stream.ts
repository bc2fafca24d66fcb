import { FRAMES_PER_SECOND } from '../core/clip.ts'
import { LoaError, messageOf } from '../core/error.ts'
import type { PcmOutput } from '../ports/pcm-output.ts'
import { DeviceClock } from './device-clock.ts'

export type OpenPcm = () => Promise<PcmOutput>

/** What the device did since the last look. `lost`: what had not left never will; the count of written frames is set back. */
export type StreamEvent = 'closed' | 'running' | 'underrun' | 'lost' | 'opened'

/** Nearer to the read pointer than this nothing is rewritten: cards fetch ahead in bursts. */
const GUARD_FRAMES = FRAMES_PER_SECOND / 100
/** Written at once after each start, so that the device runs and its clock can be read before anything is placed. */
const PRIME_FRAMES = FRAMES_PER_SECOND / 50
/** At the opening the first blocks take longest to make; what was written ahead is taken back where that can be done. */
const OPENING_FRAMES = FRAMES_PER_SECOND / 10
/** A device that should run and lets no frame out for this long is taken for dead. */
const STUCK_NS = 1e9
const RETRY_MS = { first: 200, most: 5000 } as const

/**
 * One endless stream of frames, counted from 0, over a device that is opened, lost and opened again: frame numbers go on
 * where they were, and each has its instant as long as the device runs.
 */
export class DeviceStream {
  readonly #open: OpenPcm
  readonly #nowNs: () => number
  readonly #onState: (ok: boolean, message: string) => void
  readonly #onOpen: () => void
  readonly #clock = new DeviceClock(FRAMES_PER_SECOND)
  #output: PcmOutput | undefined
  #opening = false
  #fresh = false
  #wanted = false
  #failing: boolean | undefined
  #retryMs: number = RETRY_MS.first
  #retryAtNs = Number.NEGATIVE_INFINITY
  /** Frames handed to the device, and frames that have left it. */
  #written = 0
  #played = 0
  /** Where the device stood when it last moved, and when that was seen. */
  #moved = { frame: Number.NaN, ns: 0 }
  /** Lowest frame taken back since the last `takeBack`. */
  #floor = Number.POSITIVE_INFINITY

  constructor(
    open: OpenPcm,
    nowNs: () => number,
    onState: (ok: boolean, message: string) => void,
    onOpen: () => void,
  ) {
    this.#open = open
    this.#nowNs = nowNs
    this.#onState = onState
    this.#onOpen = onOpen
  }

  get written(): number {
    return this.#written
  }

  get played(): number {
    return this.#played
  }

  get isOpen(): boolean {
    return this.#output !== undefined
  }

  /** It lets frames out. */
  get isAlive(): boolean {
    return this.isOpen && this.#failing === false
  }

  /** The first frame that can still be changed. */
  get changeable(): number {
    return Math.min(this.#written, Math.ceil(this.#played) + GUARD_FRAMES)
  }

  /** Tells once from which frame on everything written before was taken back; Infinity for nothing. */
  takeBack(): number {
    const floor = this.#floor
    this.#floor = Number.POSITIVE_INFINITY
    return floor
  }

  frameAt(ns: number): number {
    return this.#clock.frameAt(ns)
  }

  nsOf(frame: number): number {
    return this.#clock.nsOf(frame)
  }

  /** Opens the device, again and again if need be, or lets go of it. */
  want(open: boolean): void {
    this.#wanted = open
    if (!open && this.#output !== undefined) void this.#close()
    if (open && this.#output === undefined && !this.#opening && this.#nowNs() >= this.#retryAtNs)
      void this.#tryOpen().then(this.#onOpen)
  }

  /** Looks where the device stands. */
  sync(): StreamEvent {
    if (this.#output === undefined) return 'closed'
    if (this.#fresh) {
      this.#fresh = false
      this.#prime(this.#output.canRewind ? OPENING_FRAMES : PRIME_FRAMES)
      return this.isOpen ? 'opened' : 'lost'
    }
    return this.#guarded(() => this.#look(), 'lost')
  }

  /** Room for this many frames keeps the device filled `aheadFrames` deep. */
  room(aheadFrames: number): number {
    const output = this.#output
    if (output === undefined) return 0
    const depth = Math.min(aheadFrames, output.bufferFrames)
    return Math.max(0, Math.floor(depth - (this.#written - this.#played)))
  }

  /** Hands frames on and says how many the device took. */
  write(samples: Int16Array): number {
    const output = this.#output
    if (output === undefined) return 0
    const taken = this.#guarded(() => output.write(samples), 0)
    this.#written += taken
    return taken
  }

  /**
   * Takes back what has not left from `frame` on, not nearer than the guard, and says the frame from which to write anew.
   * A device that cannot is emptied and started again, which costs a gap of a few milliseconds.
   */
  rewindTo(frame: number): number {
    const output = this.#output
    if (output === undefined) return this.#written
    this.#guarded(() => this.#look(), 'lost')
    const target = Math.max(Math.ceil(frame), this.changeable)
    if (target >= this.#written || this.#output === undefined) return this.#written
    const asked = this.#written - target
    const taken = output.canRewind ? this.#guarded(() => output.rewind(asked), 0) : 0
    this.#setBack(this.#written - taken)
    // Some chains take back a part only, or nothing: what is left would be heard for up to the whole ring.
    if (this.#written - target > GUARD_FRAMES) this.#dropAll(output)
    return this.#written
  }

  /**
   * Throws away all that has not left and goes on from the frame that leaves now: sooner than the guard allows, at the
   * price of a gap of a few milliseconds on most cards. The caller writes at once.
   */
  cutShort(): void {
    const output = this.#output
    if (output === undefined || this.#guarded(() => this.#look(), 'lost') !== 'running') return
    // Frames went on leaving until the device was emptied.
    const thrown = this.#guarded(() => output.restart(), 0)
    this.#played = Math.max(this.#played, this.#written - thrown)
    this.#setBack(Math.ceil(this.#played))
    this.#moved = { frame: Number.NaN, ns: 0 }
    this.#clock.restart(this.#written, this.#nowNs())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = false
    await this.#close()
  }

  #look(): StreamEvent {
    const output = this.#output
    if (output === undefined) return 'closed'
    const { queued, atNs, underrun } = output.position()
    if (underrun) {
      output.restart()
      this.#played = this.#written
      this.#prime()
      return 'underrun'
    }
    this.#played = Math.max(this.#played, this.#written - queued)
    this.#expectMotion(this.#written - queued, Number(atNs))
    this.#clock.observe(this.#written - queued, Number(atNs))
    return 'running'
  }

  /** @throws AUDIO_DEVICE when the device has stood still for too long */
  #expectMotion(frame: number, ns: number): void {
    if (frame !== this.#moved.frame) {
      if (!Number.isNaN(this.#moved.frame)) this.#noteAlive()
      this.#moved = { frame, ns }
    }
    if (ns - this.#moved.ns < STUCK_NS) return
    this.#clock.forget(frame, ns)
    throw new LoaError('AUDIO_DEVICE', 'the sound device stands still: unplug it and plug it in again')
  }

  #noteAlive(): void {
    this.#retryMs = RETRY_MS.first
    if (this.#failing !== false) this.#onState(true, 'the sound device plays')
    this.#failing = false
  }

  #dropAll(output: PcmOutput): void {
    this.#guarded(() => output.restart(), undefined)
    this.#setBack(Math.ceil(this.#played))
    this.#prime()
  }

  #setBack(frame: number): void {
    this.#written = frame
    this.#floor = Math.min(this.#floor, frame)
  }

  /** Starts the device with silence and reads its clock. */
  #prime(frames = PRIME_FRAMES): void {
    const output = this.#output
    if (output === undefined) return
    this.#moved = { frame: Number.NaN, ns: 0 }
    this.#clock.reset()
    this.#guarded(() => {
      this.#written += output.write(new Int16Array(frames * output.channels))
      const { queued, atNs } = output.position()
      this.#clock.observe(this.#written - queued, Number(atNs))
    }, undefined)
  }

  async #tryOpen(): Promise<void> {
    this.#opening = true
    try {
      const output = await this.#open()
      this.#output = output
      this.#fresh = true
      if (!this.#wanted) await this.#close()
    } catch (failure) {
      this.#failed(messageOf(failure))
    } finally {
      this.#opening = false
    }
  }

  #failed(message: string): void {
    this.#retryAtNs = this.#nowNs() + this.#retryMs * 1e6
    this.#retryMs = Math.min(RETRY_MS.most, 2 * this.#retryMs)
    if (this.#failing !== true) this.#onState(false, message)
    this.#failing = true
  }

  /** Runs a call on the device; a device that fails is let go of and opened again later. */
  #guarded<T>(call: () => T, otherwise: T): T {
    try {
      return call()
    } catch (failure) {
      const now = this.#clock.frameAt(this.#nowNs())
      this.#played = Math.floor(Math.min(this.#written, Math.max(this.#played, now)))
      this.#setBack(this.#played)
      this.#failed(messageOf(failure))
      void this.#close()
      return otherwise
    }
  }

  async #close(): Promise<void> {
    const output = this.#output
    this.#output = undefined
    if (output === undefined) return
    this.#played = this.#written
    try {
      await output[Symbol.asyncDispose]()
    } catch (failure) {
      this.#failed(messageOf(failure))
    }
  }
}
