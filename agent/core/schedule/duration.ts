import { FRAMES_PER_SECOND } from '../clip.ts'
import type { BuiltInSound, Page, Part } from '../documents.ts'
import { type Item, isSignOnly } from './item.ts'

/** Length of a built-in sound in frames at 48 kHz. */
export type SoundFrames = (sound: BuiltInSound) => number

// espeak-ng at its default 175 words a minute reads about this many characters of Vietnamese a second.
const SPOKEN_CHARACTERS_PER_SECOND = 14

/** Seconds of one part as declared; speech is estimated from its text until it has been spoken once. */
export const partSeconds = (part: Part, soundFrames: SoundFrames): number => {
  if ('sound' in part) return soundFrames(part.sound) / FRAMES_PER_SECOND
  if ('audio' in part) return part.audio.seconds
  if ('pause' in part) return part.pause
  if ('stream' in part) return part.stream.seconds
  return Math.max(1, part.speech.text.length / SPOKEN_CHARACTERS_PER_SECOND)
}

/** Seconds of one turn of the pages. */
const turnSeconds = (pages: readonly Page[]): number => pages.reduce((sum, page) => sum + page.seconds, 0)

/** What an item takes of its output, in seconds: parts, pauses, repeats and gaps up to `maxSeconds`; a sign-only item its clock. */
export const itemSeconds = (
  item: Pick<Item, 'parts' | 'repeat' | 'maxSeconds' | 'sign'>,
  soundFrames: SoundFrames,
): number => {
  if (isSignOnly(item)) return item.maxSeconds ?? turnSeconds(item.sign?.pages ?? [])
  const once = item.parts.reduce((sum, part) => sum + partSeconds(part, soundFrames), 0)
  const { times, gapSeconds } = item.repeat
  return Math.min(once * times + gapSeconds * (times - 1), item.maxSeconds ?? Number.POSITIVE_INFINITY)
}
