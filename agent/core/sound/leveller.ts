import { FRAMES_PER_SECOND } from '../clip.ts'

/** What a leveller has heard so far; `gain` is linear, `energy` mean square of full scale 1. */
export type Level = { readonly energy: number; readonly heardSeconds: number; readonly gain: number }

export const UNHEARD: Level = { energy: 0, heardSeconds: 0, gain: 1 }

const TARGET_LUFS = -16
/** ITU-R BS.1770: loudness of a mean square, without its frequency weighting. */
const OFFSET_LU = -0.691
const MOST_GAIN_DB = 12
const CEILING = 10 ** (-1 / 20)
const TIME_CONSTANT_SECONDS = 3
/** Quieter than this is a pause: it says nothing about how loud the speaker is. */
const PAUSE_DB = -50
const RISE_DB_PER_SECOND = 6
const FULL_SCALE = 32_768

const energyOfDb = (db: number): number => 10 ** (db / 10)
const PAUSE_ENERGY = energyOfDb(PAUSE_DB)

const wantedGain = (energy: number): number => {
  if (energy <= PAUSE_ENERGY) return 1
  const db = TARGET_LUFS - (OFFSET_LU + 10 * Math.log10(energy))
  return 10 ** (Math.max(-MOST_GAIN_DB, Math.min(MOST_GAIN_DB, db)) / 20)
}

const measure = (samples: Int16Array): { readonly sum: number; readonly peak: number } => {
  let sum = 0
  let peak = 0
  for (const sample of samples) {
    sum += sample * sample
    peak = Math.max(peak, Math.abs(sample))
  }
  return { sum: sum / (FULL_SCALE * FULL_SCALE), peak: peak / FULL_SCALE }
}

/** The mean of what was heard, over the last three seconds or so. Samples are interleaved; the channels' energies add up. */
export const listen = (level: Level, samples: Int16Array, channels: number): Level =>
  heard(level, measure(samples).sum, samples.length / channels)

const heard = (level: Level, sum: number, frames: number): Level => {
  const energy = frames === 0 ? 0 : sum / frames
  if (energy <= PAUSE_ENERGY) return level
  const seconds = frames / FRAMES_PER_SECOND
  const heardSeconds = level.heardSeconds + seconds
  const weight = 1 - Math.exp(-seconds / Math.min(TIME_CONSTANT_SECONDS, Math.max(heardSeconds, seconds)))
  const share = level.heardSeconds === 0 ? 1 : weight
  return { ...level, energy: level.energy + share * (energy - level.energy), heardSeconds }
}

/**
 * Brings a live source slowly towards -16 LUFS, in place: by at most 12 dB either way, and never over -1 dBFS.
 * @param samples the next interleaved samples, best in blocks of 10 to 100 ms
 */
export const levelInPlace = (level: Level, samples: Int16Array, channels: number): Level => {
  const { sum, peak } = measure(samples)
  const frames = samples.length / channels
  const now = heard(level, sum, frames)
  const seconds = frames / FRAMES_PER_SECOND
  const highest = peak === 0 ? Number.POSITIVE_INFINITY : CEILING / peak
  const risen = level.gain * 10 ** ((RISE_DB_PER_SECOND * seconds) / 20)
  const from = Math.min(level.gain, highest)
  const to = Math.min(wantedGain(now.energy), risen, highest)
  for (let index = 0; index < samples.length; index += 1) {
    const gain = from + ((to - from) * index) / samples.length
    samples[index] = Math.trunc((samples[index] ?? 0) * gain)
  }
  return { ...now, gain: to }
}

/** The level as it would be had the gain had time to settle: what begins now begins at the right loudness. */
export const settled = (level: Level): Level => ({ ...level, gain: wantedGain(level.energy) })
