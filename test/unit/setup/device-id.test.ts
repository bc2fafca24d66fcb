import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCode, plainCode } from '../../../agent/core/enrolment/code.ts'
import { CLEAR_LETTERS, createDeviceId, randomLetters } from '../../../agent/core/setup/device-id.ts'

const place = { province: '75', commune: '26268' }
const cycling = (bytes: readonly number[]) => {
  let at = 0
  return (count: number) => Uint8Array.from({ length: count }, () => bytes[at++ % bytes.length] ?? 0)
}

describe('the id of a new receiver', () => {
  test('is d- and eight letters of which no two look alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 247 }), { minLength: 8, maxLength: 64 }), (bytes) => {
        const id = createDeviceId({ province: '75', commune: '00000' }, cycling(bytes))
        expect(id).toMatch(/^d-[2-9a-hjkmnp-z]{8}$/)
      }),
    )
  })

  test('never contains the code of its commune', () => {
    const letterOf = (letter: string): number => CLEAR_LETTERS.indexOf(letter)
    const unlucky = [...'a26268bc'].map(letterOf)
    const lucky = [...'abcdefgh'].map(letterOf)
    expect(createDeviceId(place, cycling([...unlucky, ...lucky]))).toBe('d-abcdefgh')
  })

  test('is as likely to have one letter as another: bytes that would favour some are thrown away', () => {
    expect(randomLetters(2, cycling([255, 248, 0, 247]))).toBe('2z')
  })
})

describe('a one-time code', () => {
  const code = createCode((count) => crypto.getRandomValues(new Uint8Array(count)))

  test('is four groups of five letters, and is known however it is typed', () => {
    expect(code).toMatch(/^[2-9A-HJKMNP-Z]{5}(-[2-9A-HJKMNP-Z]{5}){3}$/)
    expect(plainCode(` ${code.toLowerCase().replaceAll('-', ' ')}`)).toBe(code.replaceAll('-', ''))
  })

  test.each(['', 'K7M2Q', `${code}2`, 'K7M2Q-9XWPC-4T3RJ-HV8N0', 'K7M2Q-9XWPC-4T3RJ-HV8NI'])(
    '%j is none',
    (typed) => expect(plainCode(typed)).toBeUndefined(),
  )
})
