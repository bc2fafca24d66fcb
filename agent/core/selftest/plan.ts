/** What the audible steps play: each about as loud as the others, some 10 dB below a broadcast. A village may be listening. */
export const SWEEP = { hz: 100, toHz: 8000, seconds: 6, volume: 70 } as const
export const SIREN = { sound: 'siren-wail', seconds: 3, volume: 20 } as const
export const PILOT = { volume: 40 } as const
/** Of the pilot this much must be heard. */
export const PILOT_HEARD = 0.5

/** Nothing is begun while something is planned within this time. */
export const CLEAR_AHEAD_MS = 120_000
/** Before each sound: what is planned so soon after it ends the run. */
export const CLEAR_BETWEEN_MS = 20_000
/** A question that nobody answers is taken as passed over. */
export const ANSWER_WITHIN_MS = 300_000
/** A clock that is set is not further off than this. */
export const MOST_OFFSET_MS = 500
/** A remark is one line. */
export const MOST_REMARK = 200
