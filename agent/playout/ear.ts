import { messageOf } from '../core/error.ts'
import type { PcmInput } from '../ports/pcm-input.ts'
import { BandMeter } from './band-meter.ts'
import { DeviceClock } from './device-clock.ts'
import type { Envelopes } from './envelopes.ts'

export type OpenCapture = () => Promise<PcmInput>
export type OnCaptureState = (ok: boolean, message: string) => void

const RETRY_NS = { first: 1e9, most: 60e9 } as const
/** A device that should hear and gives nothing for this long is taken for dead. */
const STUCK_NS = 2e9
/** Read in one turn at most: a turn must not be long because one before was late. */
const TURN_MS = 250
const PIECE_MS = 50

/** The capture device, open while something is to be heard. Whatever is wrong with it disturbs nobody: it is told once. */
export class Ear {
  readonly #open: OpenCapture
  readonly #nowNs: () => number
  readonly #onState: OnCaptureState
  readonly #into: Envelopes
  #input: PcmInput | undefined
  #opening = false
  #closing = false
  #wanted = false
  #clock = new DeviceClock(1)
  #meter: BandMeter | undefined
  #piece = new Int16Array(0)
  #read = 0
  #heardNs = 0
  #failing: boolean | undefined
  #retryNs: number = RETRY_NS.first
  #retryAtNs = Number.NEGATIVE_INFINITY

  constructor(open: OpenCapture, nowNs: () => number, into: Envelopes, onState: OnCaptureState) {
    this.#open = open
    this.#nowNs = nowNs
    this.#into = into
    this.#onState = onState
  }

  get isOpen(): boolean {
    return this.#input !== undefined
  }

  want(open: boolean): void {
    this.#wanted = open
    if (!open) void this.#close()
    else if (this.#input === undefined && !this.#isBusy && this.#nowNs() >= this.#retryAtNs)
      void this.#tryOpen()
  }

  /** Another broadcast begins: a device that was missing may be there again. */
  retry(): void {
    this.#retryAtNs = Number.NEGATIVE_INFINITY
  }

  /** Takes what was heard since the last turn. */
  turn(): void {
    const input = this.#input
    if (input === undefined) return
    try {
      this.#take(input)
    } catch (failure) {
      this.#fail(messageOf(failure))
      void this.#close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = false
    await this.#close()
  }

  /** Opening a device that is still being closed would find it busy. */
  get #isBusy(): boolean {
    return this.#opening || this.#closing
  }

  #take(input: PcmInput): void {
    const { waiting, atNs, overrun } = input.position()
    if (overrun) this.#begin(input, Number(atNs))
    this.#clock.observe(this.#read + waiting, Number(atNs))
    for (let pieces = 0; pieces < TURN_MS / PIECE_MS; pieces += 1) {
      const frames = input.read(this.#piece)
      if (frames === 0) break
      const firstNs = this.#clock.nsOf(this.#read)
      const stepNs = (this.#clock.nsOf(this.#read + frames) - firstNs) / frames
      this.#meter?.feed(this.#piece.subarray(0, frames * input.channels), firstNs, stepNs)
      this.#read += frames
      this.#noteAlive(Number(atNs))
      if (frames * input.channels < this.#piece.length) break
    }
    if (Number(atNs) - this.#heardNs > STUCK_NS) throw new Error('the capture device gives nothing')
  }

  async #tryOpen(): Promise<void> {
    this.#opening = true
    try {
      const input = await this.#open()
      this.#input = input
      this.#piece = new Int16Array(Math.ceil((input.rate * PIECE_MS) / 1000) * input.channels)
      this.#begin(input, this.#nowNs())
      if (!this.#wanted) await this.#close()
    } catch (failure) {
      this.#fail(messageOf(failure))
    } finally {
      this.#opening = false
    }
  }

  /** What comes next does not follow from what was there. */
  #begin(input: PcmInput, atNs: number): void {
    this.#clock = new DeviceClock(input.rate)
    this.#meter = new BandMeter(input.rate, input.channels, this.#into)
    this.#read = 0
    this.#heardNs = atNs
  }

  #noteAlive(ns: number): void {
    this.#heardNs = ns
    this.#retryNs = RETRY_NS.first
    if (this.#failing !== false) this.#onState(true, 'the capture device hears')
    this.#failing = false
  }

  #fail(message: string): void {
    this.#retryAtNs = this.#nowNs() + this.#retryNs
    this.#retryNs = Math.min(RETRY_NS.most, 2 * this.#retryNs)
    if (this.#failing !== true) this.#onState(false, message)
    this.#failing = true
  }

  async #close(): Promise<void> {
    const input = this.#input
    this.#input = undefined
    this.#meter = undefined
    if (input === undefined) return
    this.#closing = true
    try {
      await input[Symbol.asyncDispose]()
    } catch (failure) {
      this.#fail(messageOf(failure))
    } finally {
      this.#closing = false
    }
  }
}
