import type { Speaker } from 'speaker'
import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'
import type { AudioConfig } from '../../../agent/core/configuration.ts'
import type { PcmOutput } from '../../../agent/ports/pcm-output.ts'
import { closeAlsaPcm, openAlsaPcm } from '../../native/alsa.ts'
import { SpeakerFeed } from './feed.ts'
import { SPEAKER_FILL_FRAMES, SPEAKER_RING_MS } from './fill.ts'
import { loadSpeaker } from './load.ts'
import { PlayedEstimate } from './played-estimate.ts'

/** The package leaks some 400 bytes a write, so pieces are long; a write under way cannot be called back, so not longer. */
const PIECE_FRAMES = FRAMES_PER_SECOND / 10

/** A device through the npm package `speaker`, which says neither where the device stands nor when it ran dry. */
export class SpeakerPcmOutput implements PcmOutput {
  readonly rate = FRAMES_PER_SECOND
  readonly channels: number
  readonly bufferFrames: number
  readonly canRewind = false
  readonly #feed: SpeakerFeed
  readonly #estimate: PlayedEstimate
  readonly #nowNs: () => bigint
  #written = 0
  #played = 0

  constructor(feed: SpeakerFeed, channels: number, ringFrames: number, nowNs: () => bigint) {
    this.#feed = feed
    this.#estimate = new PlayedEstimate(this.rate, ringFrames)
    this.#nowNs = nowNs
    this.channels = channels
    this.bufferFrames = SPEAKER_FILL_FRAMES
  }

  write(frames: Int16Array): number {
    const { queued, underrun } = this.position()
    if (underrun) return 0
    const fits = Math.min(frames.length / this.channels, Math.max(0, this.bufferFrames - queued))
    this.#feed.give(frames.subarray(0, fits * this.channels))
    this.#written += fits
    return fits
  }

  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean } {
    const atNs = this.#nowNs()
    const played = Math.floor(this.#estimate.at(atNs, this.#feed.handed()))
    this.#played = Math.min(this.#written, Math.max(this.#played, played))
    return { queued: this.#written - this.#played, atNs, underrun: played > this.#written }
  }

  rewind(): number {
    return 0
  }

  restart(): number {
    const { queued } = this.position()
    this.#feed.drop()
    this.#estimate.reset()
    this.#written = 0
    this.#played = 0
    return queued
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#feed[Symbol.asyncDispose]()
  }
}

/** @throws AUDIO_DEVICE naming the device and what to do. @throws UNSUPPORTED when the package is not built */
export const openSpeakerOutput = async (
  config: AudioConfig & { readonly device: string },
): Promise<PcmOutput> => {
  const { device, channels } = config
  // The package would wait without end for a device that another program holds, and says of none what is wrong.
  const probe = openAlsaPcm({ device, rate: FRAMES_PER_SECOND, channels, bufferMs: SPEAKER_RING_MS })
  closeAlsaPcm(probe.pcm)
  const Speaker = await loadSpeaker()
  const nowNs = (): bigint => process.hrtime.bigint()
  const open = (): Speaker =>
    new Speaker({
      channels,
      sampleRate: FRAMES_PER_SECOND,
      bitDepth: 16,
      signed: true,
      device,
      samplesPerFrame: PIECE_FRAMES,
    })
  const feed = new SpeakerFeed({ device, open, channels, pieceFrames: PIECE_FRAMES, nowNs })
  await feed.opened
  return new SpeakerPcmOutput(feed, channels, probe.geometry.bufferFrames, nowNs)
}
