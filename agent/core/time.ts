/** Wall time: milliseconds since 1970-01-01T00:00Z. It jumps when the clock is set. */
export type EpochMs = number & { readonly unit: 'EpochMs' }
/** Monotonic time: milliseconds since an arbitrary moment of this boot. It never jumps. */
export type MonoMs = number & { readonly unit: 'MonoMs' }

export const epochMs = (value: number): EpochMs => value as EpochMs
export const monoMs = (value: number): MonoMs => value as MonoMs

/** An instant as the device sends it: ISO 8601, UTC, rounded to milliseconds (contract, section 4). */
export const isoUtc = (at: EpochMs): string => new Date(Math.round(at)).toISOString()
