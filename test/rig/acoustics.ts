import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import type { Heard } from '../../agent/core/hearing/verdict.ts'
import { BandMeter } from '../../agent/playout/band-meter.ts'
import { Envelopes } from '../../agent/playout/envelopes.ts'
import { Listening } from '../../agent/playout/listening.ts'
import { seeded } from './seeded.ts'

/** Sound and noise to be heard, one channel at 48 kHz, and what a loudspeaker, air and a noise make of it. */

const TURN_FRAMES = 2880
const STEP_NS = 1e9 / FRAMES_PER_SECOND
const LEAD_FRAMES = FRAMES_PER_SECOND
export const LOUD_RMS = 3000

const rmsOf = (sound: Int16Array): number => {
  let sum = 0
  for (const sample of sound) sum += sample * sample
  return Math.sqrt(sum / sound.length)
}

/** With this root mean square, clipped where it must be. */
export const scaled = (sound: Float64Array, rms: number): Int16Array => {
  const now = Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length)
  return Int16Array.from(sound, (sample) =>
    Math.round(Math.max(-32_768, Math.min(32_767, (sample * rms) / now))),
  )
}

export const whiteNoise = (frames: number, seed: number): Int16Array => {
  const random = seeded(seed)
  return scaled(
    Float64Array.from({ length: frames }, () => random() + random() + random() - 1.5),
    LOUD_RMS,
  )
}

/** Forty copies of a voice, each begun elsewhere: its spectrum, and no word of it. */
export const babble = (voice: Int16Array, frames: number, seed: number): Int16Array => {
  const random = seeded(seed)
  const sum = new Float64Array(frames)
  for (let copy = 0; copy < 40; copy += 1) {
    const from = Math.floor(random() * voice.length)
    for (let frame = 0; frame < frames; frame += 1)
      sum[frame] = (sum[frame] ?? 0) + (voice[(from + frame) % voice.length] ?? 0)
  }
  return scaled(sum, LOUD_RMS)
}

export type Room = {
  readonly delayMs: number
  /** Of what was sent, as a factor; 0 for a loudspeaker that is silent. */
  readonly gain?: number
  readonly noise?: Int16Array
  /** Of the noise below what was sent. */
  readonly signalToNoiseDb?: number
}

/** What a microphone hears of `sent`, from a second before it begins to its end; the noise is there all the time. */
export const through = (
  sent: Int16Array,
  { delayMs, gain = 1, noise, signalToNoiseDb = 0 }: Room,
): Int16Array => {
  const delay = Math.round((delayMs * FRAMES_PER_SECOND) / 1000)
  const noiseGain = noise === undefined ? 0 : (rmsOf(sent) / rmsOf(noise)) * 10 ** (-signalToNoiseDb / 20)
  const heard = new Int16Array(LEAD_FRAMES + sent.length)
  for (let frame = 0; frame < heard.length; frame += 1) {
    const other = noise === undefined ? 0 : (noise[frame % noise.length] ?? 0) * noiseGain
    const sum = gain * (sent[frame - LEAD_FRAMES - delay] ?? 0) + other
    heard[frame] = Math.round(Math.max(-32_768, Math.min(32_767, sum)))
  }
  return heard
}

/** What playout makes of a piece that was sent and what was heard from a second before it on, offline: the same parts, the same turns. */
export const judged = (sent: Int16Array, heard: Int16Array): Heard | undefined => {
  const [sentCells, heardCells] = [new Envelopes(), new Envelopes()]
  const meters = [
    new BandMeter(FRAMES_PER_SECOND, 1, sentCells),
    new BandMeter(FRAMES_PER_SECOND, 1, heardCells),
  ]
  const listening = new Listening(sentCells, heardCells, LEAD_FRAMES * STEP_NS)
  const feed = (at: number, frames: number): void => {
    const from = at - LEAD_FRAMES
    const out = from < 0 ? new Int16Array(frames) : sent.subarray(from, from + frames)
    meters[0]?.feed(out, at * STEP_NS, STEP_NS)
    meters[1]?.feed(heard.subarray(at, at + out.length), at * STEP_NS, STEP_NS)
  }
  feed(0, LEAD_FRAMES)
  for (let at = LEAD_FRAMES; at < LEAD_FRAMES + sent.length; at += TURN_FRAMES) {
    feed(at, TURN_FRAMES)
    listening.follow()
  }
  return listening.verdict((LEAD_FRAMES + sent.length) * STEP_NS)
}
