import type { AudioRef, Part } from '../documents.ts'

export type SpeechPart = Extract<Part, { readonly speech: unknown }>['speech']

/** The file that a text becomes; `language` is the item's, for texts that name none, or else the device's is taken. */
export type SpokenAs = (speech: SpeechPart, language: string | undefined) => AudioRef

/** Parts with every text as the file that is spoken of it, so that it is awaited, laid out and played like one. */
export const spokenParts = (
  parts: readonly Part[],
  language: string | undefined,
  spokenAs: SpokenAs,
): readonly Part[] =>
  parts.some((part) => 'speech' in part)
    ? parts.map((part) => ('speech' in part ? { audio: spokenAs(part.speech, language) } : part))
    : parts
