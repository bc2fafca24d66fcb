import { type Judged, judge, type Limit } from '../sensor/limit.ts'
import type { LineConfig } from '../sensor-configuration.ts'

/**
 * The load of a loudspeaker line: how much current flows for the level that is sent, as a pure function of samples taken
 * while it sounds. A peak of speech and a smoothed current do not fit each other sample by sample; their median does.
 */

/** `learning`: the load of this line is not known yet. */
export type LineState = 'learning' | 'ok' | 'open' | 'short'

export type LineLoad = {
  /** Current above rest for full scale, learned; undefined while it is not known. */
  readonly learned: number | undefined
  /** The last loads: of the learning, then of the judging. */
  readonly loads: readonly number[]
  readonly open: Judged
  readonly short: Judged
  /** Samples judged so far: the time that counts is that in which it sounds. */
  readonly judged: number
}

/** Samples come twice a second while it sounds: half a minute. */
export const LEARNED_OF = 60
/** The median of ten seconds is judged. */
export const JUDGED_OF = 20
/** Below this level noise counts for more than the line. */
export const LEAST_LEVEL_DB = -30
/** Loads of a line that is there lie so close together, in the middle half. */
const MOST_SPREAD = 4
const HOLD_SAMPLES = 10
/** What was open is well again above this multiple of its bound, what was short below this part of its own. */
const BACK = { open: 1.25, short: 0.8 } as const

export const newLine = (learned: number | undefined, told: LineState): LineLoad => ({
  learned,
  loads: [],
  open: { bad: told === 'open' },
  short: { bad: told === 'short' },
  judged: 0,
})

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
const median = (values: readonly number[]): number => quantile(values, 0.5)

/** What was gathered says nothing of a line when it scatters around nothing: nobody is there, or the sensor is not. */
const learnedFrom = (loads: readonly number[]): number | undefined => {
  const low = quantile(loads, 0.25)
  return low > 0 && quantile(loads, 0.75) <= MOST_SPREAD * low ? median(loads) : undefined
}

const learn = (line: LineLoad, loads: readonly number[]): LineLoad => {
  if (loads.length < LEARNED_OF) return { ...line, loads }
  const learned = learnedFrom(loads)
  return learned === undefined
    ? { ...line, loads: loads.slice(LEARNED_OF / 2) }
    : { ...line, learned, loads: [] }
}

const limitOf = (at: number, back: number): Limit => ({
  at,
  back,
  holdMs: HOLD_SAMPLES,
  calmMs: HOLD_SAMPLES,
})

/** The last median as a share of the learned load; undefined until enough of it sounded. */
export const shareOf = ({ learned, loads }: LineLoad): number | undefined =>
  learned === undefined || loads.length < JUDGED_OF ? undefined : median(loads) / learned

/**
 * One more sample. `current` is above what flows at rest, `levelDb` the peak that was sent, in dBFS: samples below
 * `LEAST_LEVEL_DB` are passed over.
 */
export const withSample = (
  line: LineLoad,
  current: number,
  levelDb: number,
  { openBelow, shortAbove }: Pick<LineConfig, 'openBelow' | 'shortAbove'>,
): LineLoad => {
  if (levelDb < LEAST_LEVEL_DB) return line
  const load = current / 10 ** (levelDb / 20)
  if (line.learned === undefined) return learn(line, [...line.loads, load])
  const next = { ...line, loads: [...line.loads, load].slice(-JUDGED_OF), judged: line.judged + 1 }
  const share = shareOf(next)
  return {
    ...next,
    open: judge(line.open, share, limitOf(openBelow, openBelow * BACK.open), next.judged),
    short: judge(line.short, share, limitOf(shortAbove, shortAbove * BACK.short), next.judged),
  }
}

export const lineState = ({ learned, open, short }: LineLoad): LineState => {
  if (learned === undefined) return 'learning'
  if (short.bad) return 'short'
  return open.bad ? 'open' : 'ok'
}
