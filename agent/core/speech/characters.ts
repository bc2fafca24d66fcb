const TAG = /<(?:[/?]?[A-Za-z]|!)[^<>]*>/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&apos;': "'",
  '&gt;': '>',
  '&lt;': '<',
  '&nbsp;': ' ',
  '&quot;': '"',
}
const ENTITY = /&(?:amp|apos|gt|lt|nbsp|quot);/g
// Soft hyphens, zero-width and direction marks: seen by nobody, and espeak-ng stumbles over them.
const INVISIBLE = /\p{Cf}/gu
// Control characters steer espeak-ng (^A begins an embedded command).
const CONTROL = /[^\P{Cc}\n]/gu
const LINE_END = /\s*\n\s*/g

/**
 * Text as text: composed, without markup, without what steers the synthesiser.
 * An entity becomes its character only after tags are gone, so it can make no new ones.
 */
export const plainText = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(CONTROL, ' ')
    .replaceAll(INVISIBLE, '')
    .replaceAll(TAG, ' ')
    .replaceAll(ENTITY, (entity) => ENTITIES[entity] ?? ' ')

/** espeak-ng reads on from line to line; a line of a notice is a sentence. */
export const linesToSentences = (text: string): string =>
  text.replaceAll(LINE_END, (_found, at: number) =>
    at === 0 || /[.,;:!?…]/.test(text.charAt(at - 1)) ? ' ' : '. ',
  )

/** `[[…]]` would be spoken as phonemes, and the rest of these are read by name or split words. */
export const withoutSigns = (text: string): string =>
  text
    .replaceAll('…', '. ')
    .replaceAll(/[()[\]{}–—;]|\s-\s/gu, ', ')
    .replaceAll(/[^\p{L}\p{M}\p{N}\s.,:!?'’%&@/+$€°-]/gu, ' ')

/** Spaces and stops as a writer would leave them. */
export const tidy = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,:!?])/g, '')
    .replaceAll(/[.,:!?]{2,}/g, (stops) => (/[!?]/.exec(stops) ?? /\./.exec(stops) ?? [','])[0])
    .replace(/^[\s.,:!?'’-]+/, '')
    .replace(/[\s,:]+$/, '')
