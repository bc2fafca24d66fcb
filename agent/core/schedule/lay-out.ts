import { framesOf, type Segment } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { AudioRef, Part } from '../documents.ts'
import type { SoundFrames } from './duration.ts'
import type { Item } from './item.ts'
import { streamSegment } from './stream-segment.ts'

/** EBU R128 figures of a file: LUFS, dBTP, seconds. */
type Loudness = {
  readonly seconds: number
  readonly integratedLufs: number
  readonly truePeakDb: number
}

/** What the media cache knows about a file. */
export type MediaVerdict =
  | { readonly state: 'ready'; readonly measured: Loudness }
  | { readonly state: 'missing' }
  | { readonly state: 'bad'; readonly code: ReasonCode; readonly message: string }

/** A part that cannot sound, by its index in `parts`. */
type PartFault = { readonly part: number; readonly code: ReasonCode; readonly message: string }

export type LaidOut = {
  readonly segments: readonly Segment[]
  /** For each segment the index of its part; -1 for the gap between repeats. */
  readonly partOf: readonly number[]
  readonly faults: readonly PartFault[]
  /** `maxSeconds` cut something off. */
  readonly limited: boolean
}

const TARGET_LUFS = -16
const CEILING_DBTP = -1
/** How much of its peaks a file may lose to the limiter for the loudness of all others: speech needs some 6 dB. */
const LIMITED_DB = 12
// R128 gates at -70 LUFS: below it there is no loudness to speak of.
const SILENCE_LUFS = -70

/** Gain that brings a file to -16 LUFS, if the limiter need not take its true peak down to -1 dBTP by more than it should; 0 for silence. */
export const normalisationDb = (measured: Loudness): number => {
  if (!(measured.integratedLufs > SILENCE_LUFS)) return 0
  return Math.min(TARGET_LUFS - measured.integratedLufs, CEILING_DBTP - measured.truePeakDb + LIMITED_DB)
}

const fault = (code: ReasonCode, message: string) => ({ code, message })

const mediaSegment = (
  audio: AudioRef,
  verdict: MediaVerdict,
): Segment | { readonly code: ReasonCode; readonly message: string } => {
  if (verdict.state === 'missing') return fault('NO_MEDIA', `${audio.sha256} is not here yet`)
  if (verdict.state === 'bad') return fault(verdict.code, verdict.message)
  return {
    kind: 'media',
    sha256: audio.sha256,
    bytes: audio.bytes,
    format: audio.format,
    frames: framesOf(Math.min(audio.seconds, verdict.measured.seconds)),
    gainDb: normalisationDb(verdict.measured),
  }
}

const segmentOf = (
  part: Part,
  media: (audio: AudioRef) => MediaVerdict,
  soundFrames: SoundFrames,
  allows: (url: string) => boolean,
): Segment | { readonly code: ReasonCode; readonly message: string } => {
  // Built-in sounds are made at -16 LUFS and need no gain.
  if ('sound' in part) return { kind: 'sound', sound: part.sound, frames: soundFrames(part.sound), gainDb: 0 }
  if ('pause' in part) return { kind: 'silence', frames: framesOf(part.pause) }
  if ('audio' in part) return mediaSegment(part.audio, media(part.audio))
  if ('speech' in part) return fault('DECODER', 'nobody has spoken it')
  return streamSegment(part.stream, allows)
}

/** The first `frames` frames of a row of segments. */
const cutAt = (segments: readonly Segment[], frames: number): readonly Segment[] => {
  const kept: Segment[] = []
  let left = frames
  for (const segment of segments) {
    if (left <= 0) break
    kept.push(segment.frames <= left ? segment : { ...segment, frames: left })
    left -= segment.frames
  }
  return kept
}

/**
 * An item as a row of segments: parts, repeats and gaps flattened, cut at `maxSeconds`, each file with its normalising gain.
 * A part that cannot sound is left out and named in `faults`; pauses alone, with no part that sounds, lay out as nothing.
 * @param allows whether a stream may be fetched from that URL
 */
export const layOut = (
  item: Pick<Item, 'parts' | 'repeat' | 'maxSeconds'>,
  media: (audio: AudioRef) => MediaVerdict,
  soundFrames: SoundFrames,
  allows: (url: string) => boolean = () => true,
): LaidOut => {
  const once: { readonly part: number; readonly segment: Segment }[] = []
  const faults: PartFault[] = []
  item.parts.forEach((part, index) => {
    const segment = segmentOf(part, media, soundFrames, allows)
    if ('code' in segment) faults.push({ part: index, ...segment })
    else if (segment.frames > 0) once.push({ part: index, segment })
  })
  if (once.every(({ segment }) => segment.kind === 'silence'))
    return { segments: [], partOf: [], faults, limited: false }
  const gap = framesOf(item.repeat.gapSeconds)
  const row = Array.from({ length: item.repeat.times }, (_, turn) =>
    turn > 0 && gap > 0
      ? [{ part: -1, segment: { kind: 'silence', frames: gap } satisfies Segment }, ...once]
      : once,
  ).flat()
  const segments = row.map(({ segment }) => segment)
  const total = segments.reduce((sum, segment) => sum + segment.frames, 0)
  const limit = item.maxSeconds === undefined ? total : framesOf(item.maxSeconds)
  const kept = cutAt(segments, limit)
  return {
    segments: kept,
    partOf: row.slice(0, kept.length).map(({ part }) => part),
    faults,
    limited: total > limit,
  }
}
