import { setTimeout as wait } from 'node:timers/promises'

/** Resolves with the value once it is there; throws what was awaited when it is not within `deadlineMs`. */
export const eventually = async <T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 15_000,
): Promise<T> => {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await wait(10)
  }
}
