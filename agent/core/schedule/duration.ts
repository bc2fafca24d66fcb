import { FRAMES_PER_SECOND } from '../clip.ts'
import type { BuiltInSound, Page, Part } from '../documents.ts'
import type { SpeechPart } from '../speech/spoken-parts.ts'
import { type Item, isSignOnly } from './item.ts'

/** Lengths that no document declares, in frames at 48 kHz. */
export type SoundFrames = {
  (sound: BuiltInSound): number
  /** Undefined until the text has been spoken once. */
  readonly spoken?: (speech: SpeechPart, language: string) => number | undefined
}

// espeak-ng at 150 words a minute reads about this many characters of Vietnamese a second.
const SPOKEN_CHARACTERS_PER_SECOND = 14

/** Seconds of one part as declared; speech is estimated from its text until it has been spoken once. */
export const partSeconds = (part: Part, soundFrames: SoundFrames, language: string): number => {
  if ('sound' in part) return soundFrames(part.sound) / FRAMES_PER_SECOND
  if ('audio' in part) return part.audio.seconds
  if ('pause' in part) return part.pause
  if ('stream' in part) return part.stream.seconds
  const spoken = soundFrames.spoken?.(part.speech, language)
  if (spoken !== undefined) return spoken / FRAMES_PER_SECOND
  return Math.max(1, part.speech.text.length / SPOKEN_CHARACTERS_PER_SECOND)
}

/** Seconds of one turn of the pages. */
const turnSeconds = (pages: readonly Page[]): number => pages.reduce((sum, page) => sum + page.seconds, 0)

/** What an item takes of its output, in seconds: parts, pauses, repeats and gaps up to `maxSeconds`; a sign-only item its clock. */
export const itemSeconds = (
  item: Pick<Item, 'parts' | 'repeat' | 'maxSeconds' | 'sign' | 'language'>,
  soundFrames: SoundFrames,
): number => {
  if (isSignOnly(item)) return item.maxSeconds ?? turnSeconds(item.sign?.pages ?? [])
  const once = item.parts.reduce((sum, part) => sum + partSeconds(part, soundFrames, item.language), 0)
  const { times, gapSeconds } = item.repeat
  return Math.min(once * times + gapSeconds * (times - 1), item.maxSeconds ?? Number.POSITIVE_INFINITY)
}
