import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { modeOnController, unaccented } from '../../../agent/core/sign/controller-text.ts'
import { layTextPage } from '../../../agent/core/sign/page.ts'
import { VIETNAMESE_LETTERS } from './letters.ts'

const GATE = { width: 64, height: 16, framesPerSecond: 4, takes: 'text' } as const

describe('text for a controller that draws it itself', () => {
  test('loses its accents and nothing else', () => {
    expect(unaccented('Họp thôn 19:30 tối nay, ĐƯỜNG NGẬP – “khẩn”…')).toEqual({
      text: 'Hop thon 19:30 toi nay, DUONG NGAP - "khan"...',
      lost: [],
    })
  })

  test('every Vietnamese letter has one', () => {
    const { text, lost } = unaccented(VIETNAMESE_LETTERS.join(''))
    expect(lost).toEqual([])
    expect(text).toMatch(/^[A-Za-z]+$/)
    expect(text).toHaveLength(VIETNAMESE_LETTERS.length)
  })

  test('what has no such letter is a question mark, and is named', () => {
    expect(unaccented('ខ 10')).toEqual({ text: '? 10', lost: ['ខ'] })
  })

  test('is printable ASCII, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        expect(unaccented(raw.replace(/\p{Cc}/gu, '')).text).toMatch(/^[\n\x20-\x7e]*$/)
      }),
    )
  })

  test('a text that the panel has no room for moves', () => {
    expect(modeOnController('12345678', GATE, undefined)).toBe('still')
    expect(modeOnController('123456789', GATE, 'still')).toBe('scroll')
    expect(modeOnController('12345678\n1', GATE, 'still')).toBe('scroll')
    expect(modeOnController('123456789', GATE, 'flip')).toBe('flip')
  })

  test('a page for it is one picture that says what it lost', () => {
    const page = layTextPage({ text: 'Họp', seconds: 10, color: 'red' }, GATE)
    expect(page).toMatchObject({
      text: 'Hop',
      durationMs: 10_000,
      manner: { mode: 'still', color: [255, 0, 0] },
      faults: [{ kind: 'unaccented' }],
    })
    expect(page.steps(5000, 0)).toEqual({ index: 0, nextMs: Number.POSITIVE_INFINITY })
    expect(layTextPage({ text: 'Hop', seconds: 10 }, GATE).faults).toEqual([])
  })

  test('more than its controller holds is cut, and said', () => {
    const small = { ...GATE, longestText: 6 }
    const page = layTextPage({ text: 'Họp thôn', seconds: 10 }, small)
    expect(page).toMatchObject({
      text: 'Hop th',
      faults: [{ kind: 'unaccented' }, { kind: 'text-too-long' }],
    })
    expect(layTextPage({ text: 'Hop th', seconds: 10 }, small).faults).toEqual([])
  })
})
