/** As `TimeoutStartSec=` of the unit. */
const STEP_MS = 90_000
/** A card of this speed is given up on by nobody: all of the database is read before the agent is ready. */
const SLOWEST_BYTES_PER_SECOND = 262_144

/** So long a step of the start may take in which a database of this size is read whole. */
export const startStepMs = (databaseBytes: number): number =>
  STEP_MS + (databaseBytes / SLOWEST_BYTES_PER_SECOND) * 1000
