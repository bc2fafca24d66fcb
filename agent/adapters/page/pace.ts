const WINDOW_MS = 60_000
const WRONG_TOKENS = 5
/** Somebody with more addresses only makes himself forget his first ones. */
const ADDRESSES = 64

/** So many at once, and then one every so often. */
export const createPace = (size: number, everyMs: number, now: () => number = () => performance.now()) => {
  let left = size
  let at = now()
  return (): boolean => {
    const then = now()
    left = Math.min(size, left + (then - at) / everyMs)
    at = then
    if (left < 1) return false
    left -= 1
    return true
  }
}

/** Counts the wrong tokens of each address; after five within a minute it has to wait for the end of it. */
export const createTries = (now: () => number = () => performance.now()) => {
  const wrong = new Map<string, { readonly since: number; readonly count: number }>()
  const of = (address: string) => {
    const entry = wrong.get(address)
    return entry !== undefined && now() - entry.since < WINDOW_MS ? entry : undefined
  }
  return {
    mustWait: (address: string): boolean => (of(address)?.count ?? 0) >= WRONG_TOKENS,
    wrong: (address: string): void => {
      const { since, count } = of(address) ?? { since: now(), count: 0 }
      wrong.delete(address)
      wrong.set(address, { since, count: count + 1 })
      const [oldest] = wrong.keys()
      if (wrong.size > ADDRESSES && oldest !== undefined) wrong.delete(oldest)
    },
  }
}

export type Tries = ReturnType<typeof createTries>
