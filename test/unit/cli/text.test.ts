import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPaint } from '../../../agent/cli/text/style.ts'
import { table } from '../../../agent/cli/text/table.ts'
import { clockSpan, isoText, localTime, roughSpan } from '../../../agent/cli/text/time.ts'
import { clip, displayWidth, padEnd, plain, wrap } from '../../../agent/cli/text/width.ts'

const decomposed = 'Tiếng Việt'.normalize('NFD')

describe('display width', () => {
  test.each([
    ['Bản tin xã buổi sáng', 20],
    [decomposed, 10],
    ['日本', 4],
    ['ＡＢ', 4],
    ['한국', 4],
    ['📢', 2],
    ['a\u200db', 2],
    ['', 0],
  ])('%j fills %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns)
  })

  test('a clipped text never fills more than it may, and says that it was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        const cut = clip(text, columns)
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns)
        expect(cut === text || cut.endsWith('…')).toBe(true)
      }),
    )
  })

  test('padding reaches the same column whatever the marks', () => {
    expect(displayWidth(padEnd(decomposed, 14))).toBe(14)
    expect(displayWidth(padEnd('日本', 14))).toBe(14)
  })

  test('wrapped lines keep every word and fit unless one word is longer', () => {
    const words = fc.array(fc.stringMatching(/^[a-zạ]{1,12}$/), { minLength: 1 })
    fc.assert(
      fc.property(words, (list) => {
        const lines = wrap(list.join(' '), 12)
        expect(lines.join(' ')).toBe(list.join(' '))
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(12)
      }),
    )
  })
})

describe('text from outside', () => {
  test('cannot drive the terminal', () => {
    expect(plain('a\u001b[31mb\nc\u202ed')).toBe('a [31mb c d')
  })

  test('every character from outside is shown composed, but for controls and what turns the direction', () => {
    const unsafe = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
    const wrong: string[] = []
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point)
      const right = unsafe.test(character) ? ' ' : character.normalize('NFC')
      if (plain(character) !== right) wrong.push(point.toString(16))
    }
    expect(wrong).toEqual([])
    expect(plain(decomposed)).toBe('Tiếng Việt')
  })
})

describe('a table', () => {
  const columns = [{ title: 'A' }, { title: 'N', right: true }, { title: 'TITLE', shrinkTo: 8 }] as const
  const plainPaint = createPaint(false)

  test('aligns columns by display width', () => {
    const rows = [
      ['日本', '1', 'x'],
      ['ab', '12', 'y'],
    ]
    expect(table(columns, rows, 80, plainPaint)).toEqual(['A      N  TITLE', '日本   1  x', 'ab    12  y'])
  })

  test('never fills more than its columns, taking from those that may shrink', () => {
    const lines = table(columns, [['id', '5', 'Bản tin '.repeat(30)]], 40, plainPaint)
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(40)
    expect(lines[1]).toContain('…')
  })

  test('colours after it aligned', () => {
    const [, line] = table(
      [{ title: 'STATE' }, { title: 'X' }],
      [[{ text: 'ok', tone: 'good' }, 'x']],
      80,
      createPaint(true),
    )
    expect(line).toBe('\u001b[32mok   \u001b[0m  x')
  })
})

describe('times', () => {
  test('are shown by the clock on the wall of the zone', () => {
    expect(localTime('2026-11-22T22:00:30.000Z', 'Asia/Ho_Chi_Minh')).toEqual({
      date: '2026-11-23',
      time: '05:00:30',
      weekday: 1,
    })
  })

  test('an instant is written as everywhere else', () => {
    for (const at of [
      -1,
      0,
      1,
      Date.UTC(-711, 3, 5),
      Date.UTC(9999, 11, 31, 23, 59, 59, 999),
      Date.UTC(10_000, 0),
      86_399_999,
      Date.UTC(2024, 1, 29, 23, 59, 59, 7),
      Date.UTC(2026, 11, 31, 17, 0, 0, 40),
    ])
      expect(isoText(at)).toBe(new Date(at).toISOString())
    expect(() => isoText(Number.NaN)).toThrow(RangeError)
  })

  test.each([
    [30, '0:30'],
    [612, '10:12'],
    [3725, '1:02:05'],
  ])('%i seconds are %s', (seconds, text) => expect(clockSpan(seconds)).toBe(text))

  test.each([
    [0, '0s'],
    [59, '59s'],
    [3600, '1h 0m'],
    [93_784, '1d 2h'],
  ])('%i seconds are roughly %s', (seconds, text) =>
    expect(roughSpan(seconds, { d: 'd', h: 'h', m: 'm', s: 's' })).toBe(text),
  )
})
