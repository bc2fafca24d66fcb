import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import type { AudioConfig } from '../../agent/core/configuration.ts'
import type { PcmOutput } from '../../agent/ports/pcm-output.ts'
import {
  ALSA_ERROR,
  ALSA_STATE,
  type Alsa,
  type AlsaPcm,
  alsa,
  alsaError,
  openAlsaPcm,
} from '../native/alsa.ts'
import { alsaName } from './card-link.ts'

/** A bracket of clock reads around a position query wider than this is asked again. */
const BRACKET_NS = 50_000n
const BRACKET_ATTEMPTS = 4

/** A sound card (or a plugin chain) through libasound. Always 48 kHz: another rate of the card is the plug layer's work. */
export class AlsaPcmOutput implements PcmOutput {
  readonly rate = FRAMES_PER_SECOND
  readonly channels: number
  readonly bufferFrames: number
  readonly #device: string
  readonly #alsa: Alsa
  #pcm: AlsaPcm | undefined
  #canRewind = true
  #underrun = false
  readonly #delay = new BigInt64Array(1)
  readonly #delayBytes = new Uint8Array(this.#delay.buffer)

  /** @throws AUDIO_DEVICE naming the device and what to do */
  constructor(config: AudioConfig & { readonly device: string }) {
    const { pcm, geometry } = openAlsaPcm({
      device: alsaName(config.device),
      rate: FRAMES_PER_SECOND,
      channels: config.channels,
      bufferMs: config.bufferMs,
    })
    this.#alsa = alsa()
    this.#pcm = pcm
    this.#device = config.device
    this.channels = config.channels
    this.bufferFrames = geometry.bufferFrames
  }

  get canRewind(): boolean {
    return this.#canRewind
  }

  write(frames: Int16Array): number {
    const written = this.#alsa.write(this.#handle(), frames, frames.length / this.channels)
    if (written >= 0) return Number(written)
    if (written === ALSA_ERROR.again) return 0
    if (!this.#recoverable(written)) throw alsaError(this.#device, 'write', written)
    return 0
  }

  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean } {
    const pcm = this.#handle()
    let narrowest = -1n
    let atNs = 0n
    let queued = 0
    for (let attempt = 0; attempt < BRACKET_ATTEMPTS; attempt += 1) {
      const before = process.hrtime.bigint()
      const code = this.#alsa.delay(pcm, this.#delayBytes)
      const after = process.hrtime.bigint()
      if (code < 0) {
        if (!this.#recoverable(code)) throw alsaError(this.#device, 'ask for its position', code)
        return { queued: 0, atNs: after, underrun: true }
      }
      if (narrowest < 0n || after - before < narrowest) {
        narrowest = after - before
        atNs = (before + after) / 2n
        queued = Math.max(0, Number(this.#delay[0] ?? 0n))
      }
      if (narrowest <= BRACKET_NS) break
    }
    this.#noticeStop(pcm)
    return { queued, atNs, underrun: this.#underrun }
  }

  rewind(frames: number): number {
    const pcm = this.#handle()
    const possible = Math.min(frames, Number(this.#alsa.rewindable(pcm)))
    const rewound = possible > 0 ? Number(this.#alsa.rewind(pcm, possible)) : possible
    // Some plugin chains (rate conversion, dmix) say no; asking them again at each preemption would cost time.
    if (rewound < 0) this.#canRewind = false
    return Math.max(0, rewound)
  }

  restart(): number {
    const pcm = this.#handle()
    const told = this.#alsa.delay(pcm, this.#delayBytes)
    this.#alsa.drop(pcm)
    // One that ran dry had nothing left.
    const queued = told < 0 || this.#underrun ? 0 : Math.max(0, Number(this.#delay[0] ?? 0n))
    const code = this.#alsa.prepare(pcm)
    if (code < 0) throw alsaError(this.#device, 'start again', code)
    this.#underrun = false
    return queued
  }

  [Symbol.asyncDispose](): Promise<void> {
    const pcm = this.#pcm
    this.#pcm = undefined
    if (pcm !== undefined) {
      this.#alsa.drop(pcm)
      this.#alsa.close(pcm)
    }
    return Promise.resolve()
  }

  #handle(): AlsaPcm {
    if (this.#pcm === undefined) throw alsaError(this.#device, 'it is closed', -19)
    return this.#pcm
  }

  /** The delay of a plugin that ran dry is stale and says nothing of it: the state does. */
  #noticeStop(pcm: AlsaPcm): void {
    const state = this.#alsa.state(pcm)
    if (state === ALSA_STATE.disconnected) throw alsaError(this.#device, 'it is gone', -19)
    if (state === ALSA_STATE.xrun || state === ALSA_STATE.suspended) this.#underrun = true
  }

  #recoverable(code: number): boolean {
    if (code !== ALSA_ERROR.pipe && code !== ALSA_ERROR.suspended) return false
    this.#underrun = true
    return true
  }
}
