/** Envelopes are compared in stretches of this length, counted from the zero of the monotonic clock. */
export const CELL_MS = 20
export const CELLS_PER_SECOND = 1000 / CELL_MS

/** Middles of the bands, half an octave apart: what a horn radiates and a voice fills. */
export const BAND_HZ: readonly number[] = [320, 450, 640, 900, 1270, 1800, 2550, 3600]
export const BANDS = BAND_HZ.length
const BAND_Q = 2.8

/** Sound is brought down to about this rate before it is taken apart. */
const METER_RATE = 8000

/** How many frames of a device are summed into one sample. */
export const decimation = (rate: number): number => Math.max(1, Math.round(rate / METER_RATE))

/** A band-pass with a gain of 1 in its middle: `y = b * (x - x2) - a1 * y1 - a2 * y2`. */
export type BandFilter = { readonly b: number; readonly a1: number; readonly a2: number }

/** The filters for sound of `rate` samples a second. @see Audio EQ Cookbook, band-pass filter with constant peak gain */
export const bandFilters = (rate: number): readonly BandFilter[] =>
  BAND_HZ.map((hz) => {
    // A slow device has no sound up there: its highest bands all look at the highest frequency it has.
    const w = (2 * Math.PI * Math.min(hz, 0.45 * rate)) / rate
    const alpha = Math.sin(w) / (2 * BAND_Q)
    const a0 = 1 + alpha
    return { b: alpha / a0, a1: (-2 * Math.cos(w)) / a0, a2: (1 - alpha) / a0 }
  })
