import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import type { AudioConfig } from '../../agent/core/configuration.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import type { PcmOutput } from '../../agent/ports/pcm-output.ts'
import { WavFile } from './wav-file.ts'

const SEAL_FRAMES = FRAMES_PER_SECOND

/**
 * A tape recorder in place of a card: a ring whose read pointer follows CLOCK_MONOTONIC, and what it passes goes to a file.
 * Always 48 kHz. Time with the device closed is not on the tape; time it ran dry is silence on it.
 */
export class WavPcmOutput implements PcmOutput {
  readonly rate = FRAMES_PER_SECOND
  readonly channels: number
  readonly bufferFrames: number
  readonly canRewind = true
  readonly #file: WavFile
  readonly #ring: Int16Array
  readonly #nowNs: () => bigint
  /** When frame 0 of this run left; undefined until the first write. */
  #startNs: bigint | undefined
  #written = 0
  #heard = 0
  #unsealed = 0

  /** @throws AUDIO_DEVICE when the file cannot be written */
  constructor(config: AudioConfig & { readonly file: string }, nowNs = () => process.hrtime.bigint()) {
    this.channels = config.channels
    this.bufferFrames = Math.max(1024, Math.round((config.bufferMs * this.rate) / 1000))
    this.#ring = new Int16Array(this.bufferFrames * config.channels)
    this.#nowNs = nowNs
    this.#file = this.#onDisk(() => new WavFile(config.file, this.rate, this.channels))
  }

  write(frames: Int16Array): number {
    const now = this.#nowNs()
    if (this.#advance(now)) return 0
    this.#startNs ??= now
    const fits = Math.min(frames.length / this.channels, this.bufferFrames - (this.#written - this.#heard))
    this.#copy(frames, fits)
    return fits
  }

  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean } {
    const atNs = this.#nowNs()
    const underrun = this.#advance(atNs)
    return { queued: this.#written - this.#heard, atNs, underrun }
  }

  rewind(frames: number): number {
    this.#advance(this.#nowNs())
    const taken = Math.min(frames, this.#written - this.#heard)
    this.#written -= taken
    return taken
  }

  restart(): number {
    const now = this.#nowNs()
    const dry = this.#dueFrames(now) - this.#heard
    const left = Math.min(dry, this.#written - this.#heard)
    const thrown = this.#written - this.#heard - left
    this.#record(left)
    // A gap is heard as silence; a stopped machine (suspend, debugger) does not fill the disk.
    this.#recordSilence(Math.min(dry - left, 10 * this.rate))
    this.#startNs = undefined
    this.#written = 0
    this.#heard = 0
    return thrown
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#advance(this.#nowNs())
    this.#onDisk(() => this.#file.close())
    return Promise.resolve()
  }

  #dueFrames(now: bigint): number {
    if (this.#startNs === undefined) return 0
    return Math.floor((Number(now - this.#startNs) * this.rate) / 1e9)
  }

  /** Passes what has left by now to the file; true when the ring ran dry. */
  #advance(now: bigint): boolean {
    const due = this.#dueFrames(now)
    this.#record(Math.min(due, this.#written) - this.#heard)
    return this.#startNs !== undefined && due > this.#written
  }

  #record(frames: number): void {
    let left = frames
    while (left > 0) {
      const at = this.#heard % this.bufferFrames
      const count = Math.min(left, this.bufferFrames - at)
      const piece = this.#ring.subarray(at * this.channels, (at + count) * this.channels)
      this.#onDisk(() => this.#file.append(piece))
      this.#heard += count
      left -= count
    }
    this.#sealEverySecond(Math.max(0, frames))
  }

  #recordSilence(frames: number): void {
    const silence = new Int16Array(Math.max(0, frames) * this.channels)
    if (silence.length > 0) this.#onDisk(() => this.#file.append(silence))
  }

  #sealEverySecond(frames: number): void {
    this.#unsealed += frames
    if (this.#unsealed < SEAL_FRAMES) return
    this.#unsealed = 0
    this.#onDisk(() => this.#file.seal())
  }

  #copy(frames: Int16Array, count: number): void {
    let done = 0
    while (done < count) {
      const at = this.#written % this.bufferFrames
      const piece = Math.min(count - done, this.bufferFrames - at)
      this.#ring.set(
        frames.subarray(done * this.channels, (done + piece) * this.channels),
        at * this.channels,
      )
      this.#written += piece
      done += piece
    }
  }

  #onDisk<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw new LoaError(
        'AUDIO_DEVICE',
        `the WAV file cannot be written: ${messageOf(cause)}; check the path and the disk`,
        {
          cause,
        },
      )
    }
  }
}
