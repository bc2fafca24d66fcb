import { FRAMES_PER_SECOND } from '../clip.ts'
import type { BuiltInSound, Page, Part } from '../documents.ts'
import type { SpeechPart } from '../speech/spoken-parts.ts'
import { type Item, isSignOnly } from './item.ts'

/** Lengths that no document declares, in frames at 48 kHz. */
export type SoundFrames = {
  (sound: BuiltInSound): number
  /** As measured once the text has been spoken; estimated until then. */
  readonly spoken?: (speech: SpeechPart, language: string) => number
}

// espeak-ng at 150 words a minute: 12 characters of Vietnamese a second in short texts, 16 in long ones.
const SPOKEN_CHARACTERS_PER_SECOND = 14

/** What a text takes, by what is really said: figures and abbreviations in words. Seconds. */
export const estimatedSeconds = (spokenText: string): number =>
  Math.max(1, spokenText.length / SPOKEN_CHARACTERS_PER_SECOND)

/** Seconds of one part as declared; speech is estimated from its text until it has been spoken once. */
export const partSeconds = (part: Part, soundFrames: SoundFrames, language: string): number => {
  if ('sound' in part) return soundFrames(part.sound) / FRAMES_PER_SECOND
  if ('audio' in part) return part.audio.seconds
  if ('pause' in part) return part.pause
  if ('stream' in part) return part.stream.seconds
  const spoken = soundFrames.spoken?.(part.speech, language)
  return spoken === undefined ? estimatedSeconds(part.speech.text) : spoken / FRAMES_PER_SECOND
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
