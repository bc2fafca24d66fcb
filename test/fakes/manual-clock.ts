import { type EpochMs, epochMs, type MonoMs, monoMs } from '../../agent/core/time.ts'
import type { Clock } from '../../agent/ports/clock.ts'

type Sleeper = { readonly due: number; readonly wake: () => void }

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #wall: number
  #mono: number
  readonly #sleepers = new Set<Sleeper>()

  constructor(wall: EpochMs = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0)), mono: MonoMs = monoMs(1_000_000)) {
    this.#wall = wall
    this.#mono = mono
  }

  wall(): EpochMs {
    return epochMs(this.#wall)
  }

  mono(): MonoMs {
    return monoMs(this.#mono)
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        due: this.#mono + Math.max(0, ms),
        wake: () => {
          signal.removeEventListener('abort', abort)
          resolve()
        },
      }
      const abort = (): void => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#sleepers.add(sleeper)
    })
  }

  /** How many waits are under way. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  /**
   * Lets `ms` pass on both clocks. Sleepers wake in the order they are due, each at its own moment, and what
   * they set going has run (as far as it needs no real I/O) before the next one wakes.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms
    await settled()
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#pass(Math.max(0, next.due - this.#mono))
      this.#sleepers.delete(next)
      next.wake()
      await settled()
    }
    this.#pass(end - this.#mono)
    await settled()
  }

  /** Lets `ms` pass at one stroke, as for a process that had no turn meanwhile: who is due wakes at its end, once. */
  async jump(ms: number): Promise<void> {
    await settled()
    this.#pass(ms)
    const due = [...this.#sleepers].filter(({ due }) => due <= this.#mono).sort((a, b) => a.due - b.due)
    for (const sleeper of due) {
      if (!this.#sleepers.delete(sleeper)) continue
      sleeper.wake()
      await settled()
    }
    await settled()
  }

  /** Sets the wall clock forward (or back, when negative) while the monotonic one stands. */
  step(ms: number): void {
    this.#wall += ms
  }

  #pass(ms: number): void {
    this.#wall += ms
    this.#mono += ms
  }

  #nextDue(end: number): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of this.#sleepers) {
      if (sleeper.due <= end && (first === undefined || sleeper.due < first.due)) first = sleeper
    }
    return first
  }
}

/** Resolves when every promise that can go on by itself has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
