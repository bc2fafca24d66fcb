import { LOWEST_LUFS, LOWEST_PEAK_DB, type Measurement } from '../../agent/ports/media-cache.ts'

/**
 * Reads ffmpeg's account of a whole file.
 * @param progress `-progress` output: lines of key=value, the last `out_time_us` counts
 * @param log standard error; the summary of ebur128 is its last part. Only the last one counts, because titles
 *   and other text of the file are printed before it.
 * @returns undefined when there is no account
 */
export const readMeasurement = (progress: string, log: string): Measurement | undefined => {
  const micros = [...progress.matchAll(/^out_time_us=(-?\d+)$/gm)].at(-1)?.[1]
  const summary = log.slice(Math.max(0, log.lastIndexOf('Summary:')))
  const loudness = summary.match(/^\s*I:\s+(\S+) LUFS$/m)?.[1]
  const peak = summary.match(/^\s*Peak:\s+(\S+) dBFS$/m)?.[1]
  if (micros === undefined || loudness === undefined || peak === undefined) return undefined
  return {
    seconds: Math.max(0, Number(micros) / 1_000_000),
    integratedLufs: atLeast(LOWEST_LUFS, loudness),
    truePeakDb: atLeast(LOWEST_PEAK_DB, peak),
  }
}

/** Silence is written `-inf` by one version and `nan` by another. */
const atLeast = (lowest: number, text: string): number => {
  const value = Number(text)
  return Number.isFinite(value) ? Math.max(lowest, value) : lowest
}
