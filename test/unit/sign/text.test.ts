import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphemesOf, LONGEST_TEXT, prepareText } from '../../../agent/core/sign/text.ts'
import { VIETNAMESE_LETTERS } from './letters.ts'

describe('T24 text for a sign', () => {
  test('a letter typed as base and marks is composed', () => {
    expect(prepareText('Ho\u0323p tho\u0302n to\u0302\u0301i nay')).toBe('Họp thôn tối nay')
  })

  test.each([
    ['tone before circumflex', 'e\u0301\u0302', 'ế'],
    ['tone before horn', 'o\u0309\u031b', 'ở'],
    ['tone before breve', 'a\u0303\u0306', 'ẵ'],
    ['composed tone, then circumflex', 'á\u0302', 'ấ'],
    ['dot below before circumflex', 'ọ\u0302', 'ộ'],
    ['breve before circumflex, as in Ê Đê', 'e\u0306\u0302', 'ê\u0306'],
  ])('marks in the wrong order are put right: %s', (_, typed, meant) => {
    expect(prepareText(typed)).toBe(meant)
  })

  test('every Vietnamese letter is right from every order of its marks', () => {
    for (const letter of VIETNAMESE_LETTERS) {
      const [base = '', ...marks] = letter.normalize('NFD')
      expect(prepareText(base + marks.join(''))).toBe(letter)
      expect(prepareText(base + [...marks].reverse().join(''))).toBe(letter)
    }
  })

  test('control, bidi and zero-width characters are stripped', () => {
    expect(prepareText('A\u001b\u0002\u0003\u202e\u200b\u200d\ufeff\u00ad\u2066B\u0000\u007f\u009b')).toBe(
      'AB',
    )
  })

  test('line ends of every kind become one, tabs become spaces', () => {
    expect(prepareText('a\r\nb\rc\u2028d\te')).toBe('a\nb\nc\nd e')
  })

  test('the letters of other alphabets that stand for đ become it', () => {
    expect(prepareText('ðƉÐɖ')).toBe('đĐĐđ')
  })

  test('whatever comes in, what goes out is composed, printable and not changed by doing it again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        const text = prepareText(raw)
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u)
        expect(text).toBe(text.normalize('NFC'))
        expect(prepareText(text)).toBe(text)
      }),
    )
  })

  test('a text of a hundred kilobytes is cut at the limit', () => {
    expect(prepareText('a'.repeat(100_000))).toHaveLength(LONGEST_TEXT)
  })

  test('composed Latin falls into the same characters as the segmenter finds', () => {
    const segmenter = new Intl.Segmenter('vi', { granularity: 'grapheme' })
    const latin = fc.string({ unit: fc.constantFrom(...VIETNAMESE_LETTERS, 'a', 'Z', '0', ' ', '–', '…') })
    fc.assert(
      fc.property(latin, (text) => {
        expect(graphemesOf(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment))
      }),
    )
  })

  test('a letter with its marks is one character', () => {
    expect(graphemesOf('Ê\u0306Đê')).toEqual(['Ê\u0306', 'Đ', 'ê'])
  })
})
