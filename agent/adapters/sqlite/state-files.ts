/** In the folder in memory: what the arbiter was told since the last stretch was kept. */
export const ARBITER_INPUTS = 'arbiter-inputs'
