import type { AudioFormat, BuiltInSound, StreamFormat } from './documents.ts'

/** Every position and length of sound is counted in frames of this rate; devices of another rate are converted at the edge. */
export const FRAMES_PER_SECOND = 48_000

/** A stretch of a clip. `gainDb` normalises this stretch; the clip's own gain comes on top. */
export type Segment =
  | { readonly kind: 'silence'; readonly frames: number }
  | { readonly kind: 'sound'; readonly sound: BuiltInSound; readonly frames: number; readonly gainDb: number }
  /** With `toHz` it glides there, as much of an octave in each second. */
  | {
      readonly kind: 'tone'
      readonly hz: number
      readonly toHz?: number
      readonly frames: number
      readonly gainDb: number
    }
  /** A file from the media cache; it ends at `frames` even if the file is longer. */
  | {
      readonly kind: 'media'
      readonly sha256: string
      readonly bytes: number
      readonly format: AudioFormat
      readonly frames: number
      readonly gainDb: number
    }
  /**
   * A live relay: it lasts `frames` whatever comes, and what does not come is silence.
   * `id` is empty until the order leaves for playout, which gets the id alone and never a URL.
   */
  | {
      readonly kind: 'stream'
      readonly id: string
      readonly format: StreamFormat
      readonly urls: readonly string[]
      readonly frames: number
    }

/** What sounds for one occurrence, from its first frame to its last: parts, pauses, repeats and gaps laid out in a row. */
export type Clip = {
  readonly id: string
  readonly segments: readonly Segment[]
  /** Amplifier ids whose relays are closed while it sounds. */
  readonly amplifiers: readonly string[]
  /** Gain from volume, caps and master. */
  readonly gainDb: number
}

export const clipFrames = (clip: Clip): number =>
  clip.segments.reduce((sum, segment) => sum + segment.frames, 0)

export const framesOf = (seconds: number): number => Math.round(seconds * FRAMES_PER_SECOND)
