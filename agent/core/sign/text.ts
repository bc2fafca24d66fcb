/** The longest text that is laid out, in UTF-16 units; documents are limited well below it. */
export const LONGEST_TEXT = 10_000

/** Tone marks follow the mark that shapes the vowel: a text typed the other way round would not compose. */
const MARK_ORDER: ReadonlyMap<string, number> = new Map([
  ['\u0302', 0],
  ['\u031b', 0],
  ['\u0306', 1],
])
const AFTER_SHAPE = 2

/** Letters of other alphabets that look like the Vietnamese one and are meant as it. */
const MEANT_AS: ReadonlyMap<string, string> = new Map([
  ['ð', 'đ'],
  ['Ð', 'Đ'],
  ['Ɖ', 'Đ'],
  ['ɖ', 'đ'],
])

const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu
/** Controls, bidi and zero-width characters: nothing of them may reach a controller or turn a line around. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const MARK_RUN = /\p{M}{2,}/gu

/**
 * Latin letters, digits and punctuation with nothing in them to be taken out or meant otherwise: most texts, which are
 * spared the rest and its tables.
 */
const CLEAN =
  /^[\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u0255\u0257-\u02ff\u1e00-\u1eff\u2010-\u2027]*$/

const markRank = (mark: string): number => MARK_ORDER.get(mark) ?? AFTER_SHAPE

const orderMarks = (run: string): string =>
  [...run]
    .map((mark, at) => ({ mark, at }))
    .sort((a, b) => markRank(a.mark) - markRank(b.mark) || a.at - b.at)
    .map(({ mark }) => mark)
    .join('')

/**
 * A text as signs show it: composed (NFC), combining marks in the order of the orthography, line ends as `\n`,
 * without control, bidi and zero-width characters. What is already so comes back unchanged.
 */
export const prepareText = (raw: string): string => {
  const text = raw.slice(0, LONGEST_TEXT)
  return CLEAN.test(text) && text.normalize('NFC') === text ? text : prepared(text)
}

const prepared = (text: string): string =>
  text
    .toWellFormed()
    .replace(LINE_ENDS, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, (character) => (character === '\n' ? '\n' : ''))
    .normalize('NFD')
    .replace(MARK_RUN, orderMarks)
    .normalize('NFC')
    .replace(/[ðÐƉɖ]/gu, (letter) => MEANT_AS.get(letter) ?? letter)

/** Composed Latin, as Vietnamese texts are: every code point is a character. */
const COMPOSED_LATIN = /^[\n\u0020-\u02ff\u1e00-\u1eff\u2010-\u2027]*$/
/** Syllables of Korean, emoji and all that is joined by more than marks: only here a segmenter, with its tables, has to be asked. */
const JOINED = /[\u1100-\u11ff\u231a-\u2bff\ua960-\ua97f\uac00-\ud7ff\ud800-\udfff]/
const LETTER_WITH_MARKS = /\P{M}\p{M}*|\p{M}+/gu

let segmenter: Intl.Segmenter | undefined

/** The characters as a reader counts them: a letter with all its marks is one. */
export const graphemesOf = (text: string): readonly string[] => {
  if (COMPOSED_LATIN.test(text)) return Array.from(text)
  if (!JOINED.test(text)) return text.match(LETTER_WITH_MARKS) ?? []
  segmenter ??= new Intl.Segmenter('vi', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
