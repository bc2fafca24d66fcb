import { describe, expect, test } from 'vitest'
import type { Face } from '../../../agent/core/sign/face.ts'
import { facesFor } from '../../../agent/core/sign/fonts/faces.ts'
import { setLine } from '../../../agent/core/sign/line.ts'
import { layTextPage } from '../../../agent/core/sign/page.ts'
import { darkRaster, drawLine } from '../../../agent/core/sign/raster.ts'
import { ALL_LETTERS, MINORITY_LETTERS, VIETNAMESE_LETTERS } from './letters.ts'

/** Every size of sign that there may be, by its rows. */
const EVERY_HEIGHT = Array.from({ length: 160 - 12 }, (_, i) => i + 13)
const everyFace = new Map<string, Face>(
  EVERY_HEIGHT.flatMap((height) => facesFor({ width: 64, height })).map((face) => [face.name, face]),
)
/** An enlarged face has the same dots, each several LEDs wide and high. */
const singleFaces = [...everyFace.values()].filter(({ name }) => !/ x\d$/.test(name))

/** The dots of one letter on a panel with room for it. */
const dotsOf = (face: Face, letter: string): string => {
  const raster = darkRaster({ width: face.height, height: face.height })
  drawLine(raster, setLine(face, letter), 0, 0, [1, 1, 1])
  return raster.rgb.filter((_, i) => i % 3 === 0).join('')
}

const difference = (a: string, b: string): number => {
  let different = 0
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) different += 1
  return different
}

const smallestDifference = (pictures: readonly string[]): number => {
  let least = Number.POSITIVE_INFINITY
  for (const [i, one] of pictures.entries())
    for (const other of pictures.slice(i + 1)) least = Math.min(least, difference(one, other))
  return least
}

/** A row of marks without letters between them is no text: each is tried by itself. */
const lettersOf = (text: string): readonly string[] => text.match(/\P{M}\p{M}?|\p{M}/gu) ?? []

describe('the faces of signs', () => {
  test('there are nine sizes from 13 rows to 155', () => {
    expect([...everyFace.values()].map(({ height }) => height).sort((a, b) => a - b)).toEqual([
      13, 15, 20, 31, 40, 62, 93, 124, 155,
    ])
    expect(singleFaces).toHaveLength(4)
  })

  test.each(singleFaces)(
    '$name: all letters have glyphs, and any two differ in two dots at least',
    (face) => {
      expect(setLine(face, ALL_LETTERS.join('')).missing).toEqual([])
      const least = smallestDifference(VIETNAMESE_LETTERS.map((letter) => dotsOf(face, letter)))
      expect(least).toBeGreaterThanOrEqual(2)
      expect(new Set(ALL_LETTERS.map((letter) => dotsOf(face, letter))).size).toBe(ALL_LETTERS.length)
    },
  )

  test('an enlarged face has the dots of the single one, each of them a square', () => {
    const [single, double] = ['misc-fixed 10x20', 'misc-fixed 10x20 x2'].map((name) => everyFace.get(name))
    if (single === undefined || double === undefined) throw new Error('a face is gone')
    const [small, large] = [dotsOf(single, 'Ẩ'), dotsOf(double, 'Ẩ')]
    const squared = [...large].map((_, i) => {
      const [x, y] = [i % 40, Math.floor(i / 40)]
      return small[Math.floor(y / 2) * 20 + Math.floor(x / 2)]
    })
    expect(large).toContain('1')
    expect(squared.join('')).toBe(large)
  })

  test.each(Object.entries(MINORITY_LETTERS))('%s: every letter has a glyph at every size', (_, letters) => {
    for (const face of everyFace.values()) {
      const missing = lettersOf(letters).flatMap((letter) => setLine(face, letter).missing)
      expect({ face: face.name, missing }).toEqual({ face: face.name, missing: [] })
    }
  })

  test('no panel of 13 rows or more cuts a row off any Vietnamese letter', () => {
    for (const height of EVERY_HEIGHT)
      for (const face of facesFor({ width: 64, height })) expect(face.height).toBeLessThanOrEqual(height)
  })

  test('a panel of fewer than 13 rows shows letters without marks, and says so', () => {
    const panel = { width: 64, height: 8, framesPerSecond: 30 }
    const page = layTextPage({ text: 'Khẩn cấp: đê', seconds: 5 }, panel)
    expect(page.text).toBe('Khẩn cấp: đê')
    expect(page.faults).toEqual([{ kind: 'unaccented' }])
    const plain = layTextPage({ text: 'Khan cap: de', seconds: 5 }, panel)
    expect(plain.faults).toEqual([])
    expect(page.draw(0).rgb).toEqual(plain.draw(0).rgb)
  })

  test('the breve over a circumflex leaves the circumflex as it is', () => {
    const [face] = facesFor({ width: 64, height: 16 })
    const [circumflex, both] = [dotsOf(face, 'ê'), dotsOf(face, 'ê\u0306')]
    expect(difference(circumflex, both)).toBeGreaterThanOrEqual(4)
    expect([...circumflex].every((dot, i) => dot === '0' || both[i] === '1')).toBe(true)
  })

  test('Khmer that joins its letters is shown letter by letter, and says so', () => {
    const page = layTextPage({ text: 'ក្រុង', seconds: 5 }, { width: 96, height: 16, framesPerSecond: 30 })
    expect(page.faults).toEqual([{ kind: 'unjoined' }])
  })
})
