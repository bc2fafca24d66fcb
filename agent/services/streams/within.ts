import { LoaError } from '../../core/error.ts'
import type { Clock } from '../../ports/clock.ts'

/**
 * What the work resolves to, if that is within `ms`. The signal the work gets goes on holding afterwards: it aborts with
 * the outer one, or when the time is up.
 * @throws STREAM when the time is up, and whatever the work throws
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  const patience = clock.sleep(ms, AbortSignal.any([signal, done.signal])).then(() => {
    throw new LoaError('STREAM', `nothing came within ${ms / 1000} s`)
  })
  try {
    return await Promise.race([work(AbortSignal.any([signal, late.signal])), patience])
  } catch (error) {
    late.abort(error)
    throw error
  } finally {
    patience.catch(() => undefined)
    done.abort()
  }
}
