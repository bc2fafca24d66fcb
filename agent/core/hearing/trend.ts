/** What was heard of the last programmes, and whether it is taken for silence. Kept across restarts. */
export type Trend = {
  /** Of the last programmes that were judged, oldest first, at most `KEPT`. */
  readonly recent: readonly number[]
  readonly silent: boolean
}

export const NO_TREND: Trend = { recent: [], silent: false }

export const KEPT = 10
/** A programme of which less than this was heard counts as not heard, ... */
const NOT_HEARD = 0.3
/** ... so many in a row mean that nothing comes out, ... */
const IN_A_ROW = 3
/** ... until one was heard again as well as this. */
const HEARD_AGAIN = 0.5

/** After another programme, `heard` from 0 to 1. */
export const afterProgramme = ({ recent, silent }: Trend, heard: number): Trend => {
  const next = [...recent, heard].slice(-KEPT)
  const last = next.slice(-IN_A_ROW)
  const unheard = last.length === IN_A_ROW && last.every((each) => each < NOT_HEARD)
  return { recent: next, silent: unheard || (silent && heard < HEARD_AGAIN) }
}

export type TrendReport = { readonly last: number; readonly mean: number; readonly of: number }

/** The last one, and the mean of those kept, with two decimals; undefined before the first. */
export const trendReport = ({ recent }: Trend): TrendReport | undefined => {
  const last = recent.at(-1)
  if (last === undefined) return undefined
  const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length
  return { last, mean: Math.round(100 * mean) / 100, of: recent.length }
}
