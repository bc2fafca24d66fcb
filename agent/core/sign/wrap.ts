import type { Face } from './face.ts'
import { widthOf } from './line.ts'
import { graphemesOf } from './text.ts'

/** Spaces at which a line may end; a no-break space is none of them. */
const BREAKS = /[^\S\u00a0\u202f]+/u
/** A line may also end behind these. */
const AFTER_JOINT = /(?<=[-/\u2013\u2014])/u
/** Scripts that write no spaces between words. */
const UNSPACED = /[\u0e00-\u0eff\u1780-\u17ff]/u

let words: Intl.Segmenter | undefined

const wordsOf = (text: string): readonly string[] => {
  words ??= new Intl.Segmenter('km', { granularity: 'word' })
  return Array.from(words.segment(text), ({ segment }) => segment)
}

/** Where a word that does not fit may be cut, best places first. */
const CUTS: readonly ((text: string) => readonly string[])[] = [
  (text) => text.split(AFTER_JOINT),
  (text) => (UNSPACED.test(text) ? wordsOf(text) : [text]),
  graphemesOf,
]

/** The parts of a word joined again as far as they fit; one that does not fit by itself is cut further. */
const cutWord = (face: Face, word: string, width: number, cut = 0): readonly string[] => {
  const partsOf = CUTS[cut]
  if (partsOf === undefined || widthOf(face, word) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  let pieceWidth = 0
  for (const part of partsOf(word).flatMap((each) => cutWord(face, each, width, cut + 1))) {
    const own = widthOf(face, part)
    if (piece !== '' && pieceWidth + own > width) {
      pieces.push(piece)
      piece = ''
      pieceWidth = 0
    }
    piece += part
    pieceWidth += own
  }
  return piece === '' ? pieces : [...pieces, piece]
}

const wrapParagraph = (face: Face, paragraph: string, width: number): readonly string[] => {
  const pieces = paragraph
    .split(BREAKS)
    .filter((word) => word !== '')
    .flatMap((word) => cutWord(face, word, width))
  const space = widthOf(face, ' ')
  const lines: string[] = []
  let line: string[] = []
  let lineWidth = 0
  for (const piece of pieces) {
    const own = widthOf(face, piece)
    if (line.length > 0 && lineWidth + space + own > width) {
      lines.push(line.join(' '))
      line = []
      lineWidth = 0
    }
    lineWidth += line.length === 0 ? own : space + own
    line.push(piece)
  }
  return line.length === 0 ? lines : [...lines, line.join(' ')]
}

/** Breaks a prepared text into lines no wider than `width` pixels, at spaces where it can; no letter is lost. */
export const wrapText = (face: Face, text: string, width: number): readonly string[] =>
  text.split('\n').flatMap((paragraph) => wrapParagraph(face, paragraph, width))

/** Whether each word fits into `width` pixels as it is. */
export const keepsWords = (face: Face, text: string, width: number): boolean =>
  text.split(BREAKS).every((word) => widthOf(face, word) <= width)
