import { describe, expect, test } from 'vitest'
import { blinking } from '../../../agent/core/sign/blink.ts'
import { facesFor } from '../../../agent/core/sign/fonts/faces.ts'
import { PLAIN_LOOK, type SignLook } from '../../../agent/core/sign/look.ts'
import { layTextPage } from '../../../agent/core/sign/page.ts'
import { wrapText } from '../../../agent/core/sign/wrap.ts'
import { pictureOf } from './panel-picture.ts'

const WALL = { width: 64, height: 48, framesPerSecond: 30 }
const lay = (text: string, look: Partial<SignLook>, mode: 'still' | 'scroll' = 'still', seconds = 10) =>
  layTextPage({ text, mode, seconds }, { ...WALL, look: { ...PLAIN_LOOK, ...look } })

/** The first and last lit column and row. */
const extentOf = (picture: string) => {
  const rows = picture.split('\n')
  const lit = rows.flatMap((row, y) => [...row].flatMap((dot, x) => (dot === '#' ? [{ x, y }] : [])))
  return {
    left: Math.min(...lit.map(({ x }) => x)),
    right: Math.max(...lit.map(({ x }) => x)),
    top: Math.min(...lit.map(({ y }) => y)),
    bottom: Math.max(...lit.map(({ y }) => y)),
  }
}

describe('how a sign shows its pages', () => {
  test('left and top, right and bottom', () => {
    const first = extentOf(pictureOf(lay('H', { align: 'left', vertical: 'top' }).draw(0)))
    const last = extentOf(pictureOf(lay('H', { align: 'right', vertical: 'bottom' }).draw(0)))
    expect(first.left).toBeLessThan(6)
    expect(last.right).toBeGreaterThan(64 - 6)
    expect(last.top).toBeGreaterThan(first.top)
  })

  test('the largest face in which the whole text stands is taken', () => {
    const rowsOf = (text: string) => {
      const { top, bottom } = extentOf(pictureOf(lay(text, {}).draw(0)))
      return bottom - top + 1
    }
    expect(rowsOf('LŨ')).toBeGreaterThan(28)
    expect(rowsOf('SƠ TÁN NGAY')).toBeGreaterThan(28)
    expect(lay('SƠ TÁN NGAY', {}).steps(9000, 0).index).toBe(0)
  })

  test('no word is cut to make the letters larger', () => {
    const [smallest] = facesFor(WALL)
    const page = lay('nghiêng', {})
    const { left, right } = extentOf(pictureOf(page.draw(0)))
    expect(right - left).toBeGreaterThan(50)
    expect(page.steps(9999, 0).index).toBe(0)
    expect(wrapText(smallest, 'nghiêng', 64)).toEqual(['nghiêng'])
  })

  test('scrolling up begins with the first lines, moves a row at a time, and shows every line', () => {
    const text = 'một hai ba bốn năm sáu bảy tám chín mười'
    const page = lay(text, { scroll: 'up' }, 'scroll', 30)
    expect(page.faults).toEqual([])
    const beginning = pictureOf(page.draw(0)).split('\n')
    expect(pictureOf(page.draw(7)).split('\n').slice(0, 41)).toEqual(beginning.slice(7))
    const indexes = new Set<number>()
    for (let at = 0; at < page.durationMs; ) {
      const { index, nextMs } = page.steps(at, 0)
      indexes.add(index)
      at += nextMs
    }
    const lines = wrapText(facesFor(WALL)[0], text, 64).length
    expect(Math.max(...indexes)).toBeGreaterThanOrEqual((lines - 3) * 15)
  })

  test('a text that fits stands although the sign scrolls up', () => {
    expect(lay('Họp', { scroll: 'up' }, 'scroll').steps(0, 0).nextMs).toBe(Number.POSITIVE_INFINITY)
  })

  test('a long word ends a line behind a hyphen or a slash before it is cut', () => {
    const [face] = facesFor({ width: 64, height: 16 })
    expect(wrapText(face, 'Covid-19 18/12/2026', 64)).toEqual(['Covid-', '19', '18/12/', '2026'])
  })

  test('Khmer, which writes no spaces, ends its lines between words', () => {
    const [face] = facesFor({ width: 64, height: 16 })
    const text = 'សូមជម្រាបសួរបងប្អូន'
    const lines = wrapText(face, text, 160)
    expect(lines.join('')).toBe(text)
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line).not.toMatch(/^\p{M}/u)
  })
})

describe('a blinking page', () => {
  const page = lay('LŨ', {})
  const blinks = blinking(page)

  test('begins lit, is dark for a moment every second and a half, and stays as long as it was', () => {
    expect(blinks.durationMs).toBe(page.durationMs)
    const shown: { readonly at: number; readonly lit: boolean }[] = []
    for (let at = 0; at < 4500; ) {
      const { index, nextMs } = blinks.steps(at, 0)
      shown.push({ at, lit: pictureOf(blinks.draw(index)).includes('#') })
      at += nextMs
    }
    expect(shown).toEqual([0, 1200, 1500, 2700, 3000, 4200].map((at, i) => ({ at, lit: i % 2 === 0 })))
    expect(pictureOf(blinks.draw(0))).toBe(pictureOf(page.draw(0)))
  })
})
