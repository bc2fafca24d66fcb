import type { CaptureConfig } from '../../agent/core/configuration.ts'
import type { PcmInput } from '../../agent/ports/pcm-input.ts'
import { type AlsaCapture, captureBindings, openAlsaCapture } from '../native/alsa-capture.ts'

/** A capture device, or a chain of plugins, through libasound, at the rate it has. */
class AlsaPcmInput implements PcmInput {
  readonly rate: number
  readonly channels: number
  readonly #capture: AlsaCapture
  #overrun = false

  constructor(capture: AlsaCapture) {
    this.#capture = capture
    this.rate = capture.rate
    this.channels = capture.channels
  }

  read(out: Int16Array): number {
    const frames = this.#capture.read(out)
    if (frames === undefined) this.#overrun = true
    return frames ?? 0
  }

  position(): { readonly waiting: number; readonly atNs: bigint; readonly overrun: boolean } {
    const before = process.hrtime.bigint()
    const waiting = this.#overrun ? undefined : this.#capture.waiting()
    const after = process.hrtime.bigint()
    this.#overrun = false
    if (waiting === undefined) this.#capture.start()
    return { waiting: waiting ?? 0, atNs: (before + after) / 2n, overrun: waiting === undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#capture.close()
  }
}

/** Loads the bindings ahead of time. Where there are none opening says so. */
export const loadCapture = (): void => {
  try {
    captureBindings()
  } catch {
    // Without them everything sounds all the same.
  }
}

/** @throws CAPTURE naming the device and what to do */
export const openAlsaPcmInput = async ({ device }: CaptureConfig): Promise<PcmInput> =>
  new AlsaPcmInput(await openAlsaCapture(device))
