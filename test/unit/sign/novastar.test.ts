import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { createCardCodec } from '../../../drivers/signboard/novastar/card-codec.ts'
import {
  ALL_CARDS,
  BLACKOUT,
  BRIGHTNESS,
  encodeRead,
  encodeWrite,
  FIRST_CARD,
  inspectAnswer,
} from '../../../drivers/signboard/novastar/registers.ts'
import { answerTo } from '../../fakes/signs/novastar-card.ts'

const golden: { readonly vectors: readonly { readonly name: string; readonly hex: string }[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/novastar.json', import.meta.url), 'utf8'),
)
const vector = (name: string): string | undefined => golden.vectors.find((each) => each.name === name)?.hex
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('what a sending card is told', () => {
  test.each([
    ['global_brightness_255', encodeWrite(2, ALL_CARDS, BRIGHTNESS, 255)],
    ['read_brightness_port0_card0', encodeRead(3, FIRST_CARD, BRIGHTNESS)],
    ['blackout_on', encodeWrite(4, ALL_CARDS, BLACKOUT, 255)],
    ['blackout_off', encodeWrite(5, ALL_CARDS, BLACKOUT, 0)],
  ])('%s is encoded as by an independent implementation', (name, bytes) => {
    expect(hex(bytes)).toBe(vector(name))
  })
})

describe('what a sending card answers', () => {
  const answer = answerTo(encodeRead(9, FIRST_CARD, BRIGHTNESS), 0, [128])

  test('is read, also byte by byte and with noise before it', () => {
    const read = { serial: 9, error: 0, data: Uint8Array.of(128) }
    expect(new Scanner(inspectAnswer).feed(answer)).toEqual([read])
    const scanner = new Scanner(inspectAnswer)
    const noisy = Buffer.concat([Uint8Array.of(0xaa, 0x00, 0xaa), answer])
    expect([...noisy].flatMap((byte) => scanner.feed(Uint8Array.of(byte)))).toEqual([read])
    expect(scanner.discarded).toBe(3)
  })

  test('is nothing when a byte of it is spoilt or it is cut', () => {
    for (const [i, value] of answer.entries()) {
      const spoilt = answer.slice()
      spoilt[i] = value ^ 0x11
      expect(new Scanner(inspectAnswer).feed(spoilt), `byte ${i}`).toEqual([])
    }
    expect(new Scanner(inspectAnswer).feed(answer.subarray(0, -1))).toEqual([])
  })
})

describe('the card as a sign of brightness and black', () => {
  const picture = (value: number, percent: number) => ({
    frame: { width: 1, height: 1, rgb: Uint8Array.of(value, value, value) },
    text: '',
    manner: { mode: 'still', color: AMBER, urgent: false } as const,
    percent,
  })

  test('a dark picture is a blackout, any other is none, at its brightness', () => {
    const codec = createCardCodec()
    const told = (value: number, percent: number) =>
      codec
        .encode(picture(value, percent))
        .slice(0, 2)
        .map(({ bytes }) => bytes[18])
    expect(told(0, 100)).toEqual([255, 255])
    expect(told(9, 100)).toEqual([255, 0])
    expect(told(9, 50)).toEqual([128, 0])
  })

  test('is believed when it reads back the brightness it was given', () => {
    const codec = createCardCodec()
    const [, , question] = codec.encode(picture(9, 50))
    const serial = question?.bytes[3] ?? 0
    const judged = (answer: { serial: number; error: number; data: Uint8Array }) => question?.judge?.(answer)
    expect(judged({ serial, error: 0, data: Uint8Array.of(128) })).toBe('taken')
    expect(judged({ serial: serial + 1, error: 0, data: Uint8Array.of(128) })).toBeUndefined()
    expect(judged({ serial, error: 0, data: Uint8Array.of(255) })).toEqual({
      refused: 'its brightness is 255, not 128',
    })
    expect(judged({ serial, error: 1, data: Uint8Array.of() })).toEqual({ refused: 'error 1' })
  })
})
