import type { Clock } from '../ports/clock.ts'

const LOOK_EVERY_MS = 20

/** True as soon as it holds, false when it does not hold within `ms`. Rejects with the signal's reason. */
export async function comesTrue(
  clock: Clock,
  ms: number,
  holds: () => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = clock.mono() + ms
  while (!holds()) {
    if (clock.mono() >= deadline) return false
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
  return true
}
