/** When this release was made: no clock is earlier (contract, section 4, Clock). Raised with every version. */
export const RELEASED_AT = '2026-11-22T00:00:00Z'
