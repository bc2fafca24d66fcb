/** The service manager that supervises this process. */
export interface Watchdog {
  /** Half of it is how often `alive` must be called; undefined: nobody watches. */
  readonly timeoutMs: number | undefined
  /** Ready within so many milliseconds from now: later than the service manager waits of itself, if need be. */
  starting(withinMs: number): void
  ready(): void
  alive(): void
  status(text: string): void
  stopping(): void
}
