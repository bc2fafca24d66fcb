import { setTimeout as wait } from 'node:timers/promises'

/** Resolves when the condition holds; throws what was awaited when it does not within `deadlineMs`. */
export const until = async (what: string, condition: () => boolean, deadlineMs = 10_000): Promise<void> => {
  const end = performance.now() + deadlineMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await wait(10)
  }
}
