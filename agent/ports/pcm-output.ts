/** One open playback device: signed 16 bit, interleaved. Used by the playout process alone. */
export interface PcmOutput extends AsyncDisposable {
  readonly rate: number
  readonly channels: number
  /** Size of the device's ring. */
  readonly bufferFrames: number
  /** True when what was written but has not left can be taken back. */
  readonly canRewind: boolean
  /** Writes as many frames as fit and says how many; never blocks. @throws AUDIO_DEVICE when the device is gone */
  write(frames: Int16Array): number
  /**
   * Where the device stands: `queued` frames are written and have not left at monotonic `atNs`
   * (CLOCK_MONOTONIC, nanoseconds, as process.hrtime.bigint); `underrun`: it ran dry since the last call and needs `restart`.
   */
  position(): { readonly queued: number; readonly atNs: bigint; readonly underrun: boolean }
  /** Takes back up to `frames` of the frames that have not left; says how many. 0 where it cannot. */
  rewind(frames: number): number
  /** Throws away what has not left, makes the device ready for new frames, and says how many were thrown away. */
  restart(): number
}
