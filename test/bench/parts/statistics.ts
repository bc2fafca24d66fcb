/** The value that `share` of all values do not exceed (nearest rank); NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

const ms = (value: number): string => (Number.isNaN(value) ? '-' : `${value.toFixed(3)} ms`)

/** Upper bounds in milliseconds. */
export type Goal = { readonly median?: number; readonly p99?: number; readonly largest?: number }

const SHARES = { median: 0.5, p99: 0.99, largest: 1 } as const

/** Not met when a trial was lost: what was not heard is later than any bound. */
const verdict = (values: readonly number[], trials: number, goal: Goal): string => {
  const bounds = (['median', 'p99', 'largest'] as const).flatMap((name) => {
    const bound = goal[name]
    return bound === undefined ? [] : [{ name, bound, within: quantile(values, SHARES[name]) <= bound }]
  })
  const met = values.length === trials && bounds.every(({ within }) => within)
  const shown = bounds.map(({ name, bound }) => `${name} ${bound} ms`).join(', ')
  return `${shown}: ${met ? 'met' : 'NOT met'}`
}

export const TRIALS_HEAD = ['player', 'heard', 'median', 'p99', 'largest', 'goal', 'how']

/** One row under `TRIALS_HEAD`: magnitudes of what was measured in those of `trials` that were heard. */
export const trialsRow = (
  name: string,
  how: string,
  values: readonly number[],
  trials: number,
  goal?: Goal,
): readonly string[] => {
  const sizes = values.map(Math.abs)
  const figures = Object.values(SHARES).map((share) => ms(quantile(sizes, share)))
  const judged = goal === undefined ? '' : verdict(sizes, trials, goal)
  return [name, `${values.length}/${trials}`, ...figures, judged, how]
}

export const skippedRow = (name: string, debianPackage: string): readonly string[] => [
  name,
  'SKIP',
  '',
  '',
  '',
  '',
  `apt-get install ${debianPackage}`,
]
