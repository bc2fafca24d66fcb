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

/** The segment that a position lies in, and where it begins and ends. */
const segmentAt = (
  clip: Clip,
  position: number,
): { readonly segment: Segment; readonly from: number; readonly to: number } | undefined => {
  let from = 0
  for (const segment of clip.segments) {
    const to = from + segment.frames
    if (position < to) return { segment, from, to }
    from = to
  }
  return undefined
}

/** What sounds at a position is a live relay. */
export const isLiveAt = (clip: Clip, position: number): boolean =>
  segmentAt(clip, position)?.segment.kind === 'stream'

/**
 * Where a clip that was left at `position` goes on after a while: a file at the same frame, a live relay that had begun
 * where it is by then, so that it ends when it would have; what comes after it follows.
 */
export const positionAfter = (clip: Clip, position: number, awaySeconds: number): number => {
  const here = segmentAt(clip, position)
  if (here?.segment.kind !== 'stream' || position === here.from) return position
  return Math.min(here.to, position + framesOf(Math.max(0, awaySeconds)))
}
