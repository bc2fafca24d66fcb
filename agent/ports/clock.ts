import type { EpochMs, MonoMs } from '../core/time.ts'

/**
 * Wall and monotonic time, and waiting. The only source of time for services.
 * Long waits are cut into pieces of at most a second by their callers, so that a clock step is noticed.
 */
export interface Clock {
  wall(): EpochMs
  mono(): MonoMs
  /** Resolves after `ms` of monotonic time; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
