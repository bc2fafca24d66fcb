/** One open capture device: signed 16 bit, interleaved. Used by the playout process alone; what it hears stays there. */
export interface PcmInput extends AsyncDisposable {
  readonly rate: number
  readonly channels: number
  /** Moves what was captured into `out`, as much as there is, and says how many frames; never blocks. @throws CAPTURE when the device is gone */
  read(out: Int16Array): number
  /**
   * Where the device stands: `waiting` frames were captured and not read at monotonic `atNs` (CLOCK_MONOTONIC); `overrun`:
   * frames were lost since the last call.
   */
  position(): { readonly waiting: number; readonly atNs: bigint; readonly overrun: boolean }
}
