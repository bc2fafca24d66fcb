import { describe, expect, test } from 'vitest'
import { createFace } from '../../../agent/core/sign/face.ts'
import { createFont, type Glyph } from '../../../agent/core/sign/font.ts'
import { FIXED_9X15 } from '../../../agent/core/sign/fonts/generated/fixed-9x15.ts'
import { setLine } from '../../../agent/core/sign/line.ts'
import { ALL_LETTERS, VIETNAMESE_LETTERS } from './letters.ts'

const font = createFont(FIXED_9X15)
const face = createFace(font)

const picture = (glyph: Glyph): string =>
  Array.from(glyph.rows, (row) =>
    row.toString(2).padStart(glyph.width, '0').replaceAll('0', '.').replaceAll('1', '#'),
  ).join('\n')

const glyphOf = (letter: string): Glyph => {
  const glyph = font.glyphOf(letter.codePointAt(0) ?? 0)
  if (glyph === undefined) throw new Error(`no glyph for ${letter}`)
  return glyph
}

describe('misc-fixed 9x15', () => {
  test('there are 134 Vietnamese letters, each has a glyph', () => {
    expect(new Set(VIETNAMESE_LETTERS).size).toBe(134)
    expect(setLine(face, VIETNAMESE_LETTERS.join('')).missing).toEqual([])
  })

  test('no two letters look alike', () => {
    const pictures = ALL_LETTERS.map((letter) => picture(glyphOf(letter)))
    expect(new Set(pictures).size).toBe(ALL_LETTERS.length)
  })

  test('ấ is drawn as in the font of the X Window System', () => {
    expect(picture(glyphOf('ấ'))).toBe(
      [
        '.........',
        '........#',
        '..##...#.',
        '.#..#.#..',
        '.........',
        '..#####..',
        '.......#.',
        '.......#.',
        '..######.',
        '.#.....#.',
        '.#....##.',
        '..####.#.',
        '.........',
        '.........',
        '.........',
      ].join('\n'),
    )
  })

  test('the letters of Ê Đê, Gia Rai, Ba Na and H’Mông in Latin script have glyphs', () => {
    const letters = 'ČčĔĕĬĭŎŏŬŭÑñƀBhDdƯưƠơÔôÊêĐđÂâ’ʼ'
    expect(setLine(face, letters).missing).toEqual([])
  })

  test('a mark without a composed letter is drawn over its letter', () => {
    const line = setLine(face, 'ê\u0306')
    expect(line.missing).toEqual([])
    expect(line.width).toBe(9)
    expect(line.cells[0]?.glyphs).toHaveLength(2)
  })

  test('a character without a glyph is a box, and is named', () => {
    const line = setLine(face, 'a😀b')
    expect(line.missing).toEqual(['😀'])
    expect(line.width).toBe(27)
    expect(picture(line.cells[1]?.glyphs[0]?.glyph ?? glyphOf(' '))).toContain('.#######.')
  })

  test('a mark without a glyph leaves its letter readable, and is named', () => {
    const line = setLine(face, 'a\u20dd')
    expect(line.missing).toEqual(['\u20dd'])
    expect(line.cells.map((cell) => cell.glyphs.length)).toEqual([1])
  })

  test('a letter under a heap of marks costs no more than its few first ones', () => {
    const line = setLine(face, `a${'\u0301'.repeat(1000)}`)
    expect(line.cells.map((cell) => cell.glyphs.length)).toEqual([5])
    expect(line.missing).toEqual(['\u0301'])
  })

  test('full-width forms are drawn as the plain character, blanks of every kind as a blank', () => {
    const line = setLine(face, 'Ａ\u2003')
    expect(line.missing).toEqual([])
    expect(line.cells[0]?.glyphs[0]?.glyph).toBe(glyphOf('A'))
    expect(line.width).toBe(18)
  })
})
