import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PageMode } from '../../../agent/core/documents.ts'
import { facesFor } from '../../../agent/core/sign/fonts/faces.ts'
import { setLine } from '../../../agent/core/sign/line.ts'
import { darkPage, type LaidPage, layTextPage } from '../../../agent/core/sign/page.ts'
import { layPages } from '../../../agent/core/sign/pages.ts'
import { darkRaster, drawLine } from '../../../agent/core/sign/raster.ts'
import { wrapText } from '../../../agent/core/sign/wrap.ts'
import { columnOf, pictureOf } from './panel-picture.ts'

const GATE = { width: 64, height: 16, framesPerSecond: 30 }
const SLOW = { ...GATE, framesPerSecond: 4 }
const [font] = facesFor(GATE)
const lay = (text: string, mode: PageMode | undefined, seconds: number, panel = GATE): LaidPage =>
  layTextPage({ text, seconds, ...(mode === undefined ? {} : { mode }) }, panel)

/** The indexes of one showing of a page, with how long each stood. */
const run = (page: LaidPage, turn = 0): readonly { readonly index: number; readonly ms: number }[] => {
  const shown: { index: number; ms: number }[] = []
  let at = 0
  while (at < page.durationMs) {
    const step = page.steps(at, turn)
    expect(step.nextMs).toBeGreaterThan(0)
    const ms = Math.min(step.nextMs, page.durationMs - at)
    shown.push({ index: step.index, ms })
    at += ms
  }
  return shown
}

const words = fc.array(fc.stringMatching(/^[a-zA-Zăâđêôơư]{1,12}$/), { minLength: 1, maxLength: 12 })

describe('a still page', () => {
  test('a text that fits stands in the middle for all its seconds', () => {
    const page = lay('Họp', 'still', 10)
    expect(run(page)).toEqual([{ index: 0, ms: 10_000 }])
    expect(pictureOf(page.draw(0)).split('\n').slice(2, 14)).toEqual([
      '...................#.....#......................................',
      '...................#.....#......................................',
      '...................#.....#......................................',
      '...................#.....#...#####...#.####.....................',
      '...................#######..#.....#..##....#....................',
      '...................#.....#..#.....#..#.....#....................',
      '...................#.....#..#.....#..#.....#....................',
      '...................#.....#..#.....#..#.....#....................',
      '...................#.....#..#.....#..##....#....................',
      '...................#.....#...#####...#.####.....................',
      '.....................................#..........................',
      '...............................#.....#..........................',
    ])
  })

  test('a text wider than the panel is shown panel by panel, at word boundaries, each for its share', () => {
    const page = lay('Họp thôn 19:30 tối nay', undefined, 10)
    expect(run(page)).toEqual([0, 1, 2, 3].map((index) => ({ index, ms: 2500 })))
    expect(pictureOf(page.draw(2))).toBe(pictureOf(lay('19:30', 'still', 1).draw(0)))
    expect(page.text).toBe('Họp thôn 19:30 tối nay')
  })

  test('a panel with room for two rows shows two', () => {
    const page = lay('Họp thôn 19:30', 'still', 10, { ...GATE, height: 32 })
    expect(run(page)).toHaveLength(2)
    const rows = pictureOf(page.draw(0)).split('\n')
    expect(rows.slice(1, 16).join('')).toContain('#')
    expect(rows.slice(16, 31).join('')).toContain('#')
  })

  test('a line end begins a new line', () => {
    expect(wrapText(font, 'a\nb c', 64)).toEqual(['a', 'b c'])
  })

  test('nothing of any text is lost by wrapping, and nothing is wider than the panel', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 9, max: 128 }), (text, width) => {
        const lines = wrapText(font, text.join(' '), width)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.join(''))
        for (const line of lines) expect(setLine(font, line).width).toBeLessThanOrEqual(width)
      }),
    )
  })

  test('a word stays whole when it fits', () => {
    expect(wrapText(font, 'khẩn cấp', 64)).toEqual(['khẩn', 'cấp'])
    expect(wrapText(font, 'nghiêng nghiêng', 64)).toEqual(['nghiêng', 'nghiêng'])
    expect(wrapText(font, 'nghiêngx', 64)).toEqual(['nghiêng', 'x'])
  })

  test('so many panels that none can be read is reported', () => {
    expect(lay('một hai ba bốn năm sáu', 'flip', 1).faults).toEqual([{ kind: 'hurried' }])
  })

  test('a page of a moment stands for a tenth of a second', () => {
    expect(lay('a', 'still', 0.001).durationMs).toBe(100)
  })

  test('an empty text is a dark panel', () => {
    expect(pictureOf(lay(' ', 'still', 5).draw(0))).not.toContain('#')
    expect(run(lay('', 'scroll', 5)).length).toBeGreaterThan(0)
  })
})

describe('a scrolling page', () => {
  const text = 'Họp thôn 19:30 tối nay'
  const strip = darkRaster({ width: setLine(font, text).width, height: 16 })
  drawLine(strip, setLine(font, text), 0, 0, [255, 255, 255])

  test('begins with the beginning of the text, which stands for a second', () => {
    const page = lay(text, 'scroll', 10)
    const [first] = run(page)
    expect(first?.ms).toBeGreaterThanOrEqual(1000)
    expect(columnOf(page.draw(0), 1)).toBe(columnOf(strip, 1))
  })

  test('moves one pixel every thirtieth of a second', () => {
    const moving = run(lay(text, 'scroll', 10)).slice(1)
    for (const { ms } of moving.slice(0, -1)) expect(ms).toBeCloseTo(1000 / 30, 3)
    expect(moving.map(({ index }) => index)).toEqual(moving.map((_, i) => i + 1))
  })

  test('brings a new picture with every frame of the link, also when each is looked for a little late', () => {
    const link = { ...GATE, framesPerSecond: 29.94 }
    const long = 'Thông báo họp thôn tối nay '.repeat(4)
    const seconds = 1 + (setLine(font, long.trim()).width + GATE.width) / 30
    const page = lay(long, 'scroll', seconds, link)
    const lateMs = 1.5
    let [at, frames] = [1200, 0]
    while (at < page.durationMs - 1000) {
      const { index, nextMs } = page.steps(at, 0)
      expect(nextMs).toBeLessThanOrEqual(1000 / 29.94 + 0.001)
      at += nextMs + lateMs
      expect(page.steps(at, 0).index).toBeGreaterThan(index)
      frames += 1
    }
    expect(frames).toBeGreaterThan(900)
  })

  /** The columns of the text that are on the panel when it has moved by `index`. */
  const addColumns = (seen: Set<number>, width: number, index: number): void => {
    const first = index < width ? index : index - width - GATE.width
    const end = Math.min(width, first + GATE.width)
    for (let column = Math.max(0, first); column < end; column += 1) seen.add(column)
  }

  test('shows every column of any text in any time, over its showings', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (typed, seconds) => {
        const page = lay(typed.join(' '), 'scroll', seconds)
        const width = setLine(font, typed.join(' ')).width
        const seen = new Set<number>()
        for (let turn = 0; turn < 40 && seen.size < width; turn += 1) {
          for (const { index } of run(page, turn)) addColumns(seen, width, index)
        }
        expect(seen.size).toBe(width)
      }),
      { numRuns: 40 },
    )
  })

  test('shows all of it in the first showing unless it says that it is hurried', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (typed, seconds) => {
        const page = lay(typed.join(' '), 'scroll', seconds)
        const width = setLine(font, typed.join(' ')).width
        const furthest = Math.max(...run(page).map(({ index }) => index))
        const hurried = page.faults.some(({ kind }) => kind === 'hurried')
        expect(hurried || furthest >= width - GATE.width).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('what it draws at an index is the text moved by so many pixels', () => {
    const page = lay(text, 'scroll', 10)
    for (const moved of [0, 5, 50, 130]) {
      for (const x of [0, 17, 63]) expect(columnOf(page.draw(moved), x)).toBe(columnOf(strip, x + moved))
    }
    expect(columnOf(page.draw(strip.width + 60), 4 + 1)).toBe(columnOf(strip, 1))
  })

  test('on a link too slow for it the text is flipped instead', () => {
    const page = lay(text, 'scroll', 10, SLOW)
    expect(run(page)).toHaveLength(4)
  })
})

describe('the pages of a content', () => {
  const image = { sha256: 'a'.repeat(64), bytes: 1, format: 'png', urls: [] } as const

  test('pictures are passed over and reported', () => {
    const { pages, faults } = layPages(
      [
        { image, seconds: 5 },
        { text: 'a', seconds: 5 },
      ],
      GATE,
    )
    expect(pages.map((page) => page.text)).toEqual(['a'])
    expect(faults).toEqual([{ kind: 'picture' }])
  })

  test('100 KB of text cost little, and only the beginning is shown', () => {
    const begun = performance.now()
    for (const text of ['Họp thôn '.repeat(11_400), 'ậ'.repeat(100_000), 'a\u0301'.repeat(50_000)]) {
      const page = layTextPage(
        { text, mode: 'scroll', seconds: 60 },
        { width: 320, height: 160, framesPerSecond: 30 },
      )
      expect(page.faults.map(({ kind }) => kind)).toContain('text-too-long')
      expect(page.text.length).toBeLessThanOrEqual(10_000)
      page.draw(0)
    }
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  test('control and bidi characters reach no sign', () => {
    const text = 'A\u001b[2J\u0002\u202eB\u200f\u2066C\u0003\u0000'
    const page = layTextPage({ text, seconds: 5 }, GATE)
    expect(page.text).toBe('A[2JBC')
    expect(page.faults).toEqual([])
  })

  test('missing glyphs, unknown colours and texts over the limit are reported', () => {
    const long = layPages([{ text: 'a '.repeat(6000), seconds: 14_400 }], GATE)
    expect(long.faults).toEqual([{ kind: 'text-too-long' }])
    const { faults } = layPages([{ text: '😀😀', color: 'mauve-ish', seconds: 5 }], GATE)
    expect(faults).toEqual([
      { kind: 'no-glyph', characters: ['😀'] },
      { kind: 'unknown-color', color: 'mauve-ish' },
    ])
  })

  test('a page is drawn in its colour, amber without one', () => {
    const lit = (color?: string) => {
      const page = { text: 'a', seconds: 1, ...(color === undefined ? {} : { color }) }
      const { rgb } = layTextPage(page, GATE).draw(0)
      const first = rgb.findIndex((value) => value > 0)
      return [...rgb.subarray(first - (first % 3), first - (first % 3) + 3)]
    }
    expect(lit('lime')).toEqual([0, 255, 0])
    expect(lit()).toEqual([255, 191, 0])
  })

  test('the dark page has nothing on it and never ends', () => {
    const page = darkPage(GATE)
    expect(page.steps(1e9, 0)).toEqual({ index: 0, nextMs: Number.POSITIVE_INFINITY })
    expect(pictureOf(page.draw(0))).not.toContain('#')
  })
})
