import { secondsAt, sine, type Voice } from './oscillator.ts'

/** -3 dBFS: as loud as a horn takes without clipping behind resampling and filters. */
const SIREN_PEAK = 10 ** (-3 / 20)

const WAIL = { lowHz: 500, highHz: 1100, periodSeconds: 4 } as const
const TWO_TONE = { firstHz: 660, secondHz: 880, switchSeconds: 0.6 } as const

/** A tone with odd harmonics carries further than a sine; the sum is scaled to stay within its peak. */
const HARMONICS_PEAK = 0.842
const reedy = (cycles: number): number =>
  (sine(cycles) + 0.22 * sine(3 * cycles) + 0.06 * sine(5 * cycles)) / HARMONICS_PEAK

/** Cycles of a tone that glides up and down in straight lines, from the start of the glide. */
const glideCycles = (seconds: number): number => {
  const { lowHz, highHz, periodSeconds } = WAIL
  const half = periodSeconds / 2
  const mean = (lowHz + highHz) / 2
  const turns = Math.floor(seconds / half)
  const into = seconds - turns * half
  const rising = turns % 2 === 0
  const slope = ((highHz - lowHz) / half) * (rising ? 1 : -1)
  return turns * half * mean + (rising ? lowHz : highHz) * into + (slope * into * into) / 2
}

/** Rises and falls between 500 and 1100 Hz every 4 s, without end. */
export const wail: Voice = (frame) => SIREN_PEAK * reedy(glideCycles(secondsAt(frame)))

/** 660 and 880 Hz in turn every 0.6 s, without end; the phase runs on through each change. */
export const twoTone: Voice = (frame) => {
  const { firstHz, secondHz, switchSeconds } = TWO_TONE
  const seconds = secondsAt(frame)
  const turns = Math.floor(seconds / switchSeconds)
  const into = seconds - turns * switchSeconds
  const before =
    Math.ceil(turns / 2) * switchSeconds * firstHz + Math.floor(turns / 2) * switchSeconds * secondHz
  return SIREN_PEAK * reedy(before + into * (turns % 2 === 0 ? firstHz : secondHz))
}
