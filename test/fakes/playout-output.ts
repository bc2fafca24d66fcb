import { LoaError } from '../../agent/core/error.ts'
import type { PcmOutput } from '../../agent/ports/pcm-output.ts'

/** A device in memory whose read pointer follows the clock given; it can be unplugged. `heard` is what left it. */
export class MemoryOutput implements PcmOutput {
  readonly rate = 48_000
  readonly channels = 1
  readonly bufferFrames: number
  readonly canRewind: boolean
  readonly heard: number[]
  readonly #nowNs: () => number
  readonly #queue: number[] = []
  #startNs: number | undefined
  #left = 0
  unplugged = false
  /** It says that all is well and lets nothing out. */
  frozen = false
  /** How far its crystal is off. */
  ppm = 0
  disposed = false

  constructor(nowNs: () => number, heard: number[] = [], bufferFrames = 24_000, canRewind = true) {
    this.#nowNs = nowNs
    this.heard = heard
    this.bufferFrames = bufferFrames
    this.canRewind = canRewind
  }

  write(frames: Int16Array): number {
    this.#pass()
    this.#startNs ??= this.#nowNs()
    const fits = Math.min(frames.length, this.bufferFrames - this.#queue.length)
    for (const sample of frames.subarray(0, fits)) this.#queue.push(sample)
    return fits
  }

  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean } {
    const underrun = this.#pass()
    return { queued: this.#queue.length, atNs: BigInt(Math.round(this.#nowNs())), underrun }
  }

  rewind(frames: number): number {
    this.#pass()
    if (!this.canRewind) return 0
    const taken = Math.min(frames, this.#queue.length)
    this.#queue.length -= taken
    return taken
  }

  restart(): number {
    this.#pass()
    const thrown = this.#queue.length
    this.#queue.length = 0
    this.#startNs = undefined
    this.#left = 0
    return thrown
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true
    return Promise.resolve()
  }

  #pass(): boolean {
    if (this.unplugged) throw new LoaError('AUDIO_DEVICE', 'the memory device is unplugged')
    if (this.#startNs === undefined || this.frozen) return false
    const due =
      Math.floor(((this.#nowNs() - this.#startNs) * this.rate * (1 + this.ppm / 1e6)) / 1e9) - this.#left
    const leaving = this.#queue.splice(0, due)
    for (const sample of leaving) this.heard.push(sample)
    this.#left += leaving.length
    return due > leaving.length
  }
}
