import { type Clip, FRAMES_PER_SECOND, type Segment } from '../core/clip.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { PcmOutput } from '../ports/pcm-output.ts'
import { Engine } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'
import { GeneratedSource } from './source.ts'

const PROGRAMME_MS = 100
const ALERT_MS = 200

/** A device with nobody behind it: frames leave it in real time. */
class NullOutput implements PcmOutput {
  readonly rate = FRAMES_PER_SECOND
  readonly channels: number
  readonly bufferFrames: number
  readonly canRewind = true
  readonly #nowNs: () => number
  #startNs: number | undefined
  #written = 0

  constructor({ channels, bufferMs, nowNs }: RehearsalParts) {
    this.channels = channels
    this.bufferFrames = Math.round((bufferMs * FRAMES_PER_SECOND) / 1000)
    this.#nowNs = nowNs
  }

  write(frames: Int16Array): number {
    this.#startNs ??= this.#nowNs()
    const taken = Math.min(frames.length / this.channels, this.bufferFrames - this.#queued())
    this.#written += taken
    return taken
  }

  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean } {
    return { queued: this.#queued(), atNs: BigInt(this.#nowNs()), underrun: false }
  }

  rewind(frames: number): number {
    const taken = Math.min(frames, this.#queued())
    this.#written -= taken
    return taken
  }

  restart(): number {
    const queued = this.#queued()
    this.#startNs = undefined
    this.#written = 0
    return queued
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }

  #queued(): number {
    const ns = this.#startNs === undefined ? 0 : this.#nowNs() - this.#startNs
    return Math.max(0, this.#written - Math.floor((ns * FRAMES_PER_SECOND) / 1e9))
  }
}

type RehearsalParts = Pick<EngineParts, 'channels' | 'bufferMs' | 'filter' | 'nowNs' | 'wallOffsetMs'>

const clipOf = (id: string, segment: Segment): Clip => ({
  id,
  segments: [segment],
  amplifiers: [],
  gainDb: 0,
})

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * An alert over a programme, played to nobody. What is done for the first time takes longer than the few milliseconds that
 * a device holds from which all was taken back for an alert: without this the first one could run dry in the middle of its
 * beginning. Answers with the pieces that began.
 */
export const rehearse = async (parts: RehearsalParts): Promise<readonly string[]> => {
  const begun: string[] = []
  const engine = new Engine({
    ...parts,
    amplifiers: [],
    openPcm: () => Promise.resolve(new NullOutput(parts)),
    openAmplifier: () => Promise.reject(new Error('there is none')),
    openSource: (segment, fromFrame) => {
      if (segment.kind === 'media' || segment.kind === 'stream') throw new Error('nothing is fetched')
      return new GeneratedSource(segment, fromFrame, parts.channels)
    },
    report: (report) => {
      if (report.kind === 'started') begun.push(report.clip)
    },
  })
  const at: EpochMs = epochMs(0)
  const order = { at, fromFrame: 0, fadeInMs: 0 }
  await engine.start(false)
  const tone: Segment = { kind: 'tone', hz: 440, frames: FRAMES_PER_SECOND, gainDb: 0 }
  engine.schedule({ ...order, clip: clipOf('programme', tone), takeover: false })
  await wait(PROGRAMME_MS)
  for (const sound of ['siren-wail', 'siren-two-tone'] as const) {
    const siren: Segment = { kind: 'sound', sound, frames: FRAMES_PER_SECOND, gainDb: 0 }
    engine.schedule({ ...order, clip: clipOf(sound, siren), takeover: true })
    await wait(ALERT_MS)
  }
  await engine.stop(0)
  return begun
}
