import type { Font } from './font.ts'
import { widthOf } from './line.ts'
import { graphemesOf } from './text.ts'

/** Spaces at which a line may end; a no-break space is none of them. */
const BREAKS = /[^\S\u00a0\u202f]+/u

/** A word wider than the panel, cut between letters into pieces that fit (each at least one letter). */
const cutWord = (font: Font, word: string, width: number): readonly string[] => {
  if (widthOf(font, word) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  let pieceWidth = 0
  for (const grapheme of graphemesOf(word)) {
    const own = widthOf(font, grapheme)
    if (piece !== '' && pieceWidth + own > width) {
      pieces.push(piece)
      piece = ''
      pieceWidth = 0
    }
    piece += grapheme
    pieceWidth += own
  }
  return piece === '' ? pieces : [...pieces, piece]
}

const wrapParagraph = (font: Font, paragraph: string, width: number): readonly string[] => {
  const pieces = paragraph
    .split(BREAKS)
    .filter((word) => word !== '')
    .flatMap((word) => cutWord(font, word, width))
  const space = widthOf(font, ' ')
  const lines: string[] = []
  let line: string[] = []
  let lineWidth = 0
  for (const piece of pieces) {
    const own = widthOf(font, piece)
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
export const wrapText = (font: Font, text: string, width: number): readonly string[] =>
  text.split('\n').flatMap((paragraph) => wrapParagraph(font, paragraph, width))
