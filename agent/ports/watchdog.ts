/** The service manager that supervises this process. */
export interface Watchdog {
  /** Half of it is how often `alive` must be called; undefined: nobody watches. */
  readonly timeoutMs: number | undefined
  ready(): void
  alive(): void
  status(text: string): void
  stopping(): void
}
