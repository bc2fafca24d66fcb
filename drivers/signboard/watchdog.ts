const TRIES = 3

/** How often a sign is told the same so that its own watchdog lets it stand, were two of three lost. */
export const refreshMs = (watchdogSeconds: number): number => (watchdogSeconds * 1000) / TRIES
