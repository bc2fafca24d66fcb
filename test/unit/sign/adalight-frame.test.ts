import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, framesPerSecond, wireMs } from '../../../drivers/signboard/adalight/frame.ts'
import { stripOf } from '../../../drivers/signboard/adalight/strip.ts'
import { AdalightPanel } from '../../fakes/adalight-panel.ts'

type Vector = {
  readonly name: string
  readonly protocol: string
  /** Absent: no receiver may show it. */
  readonly pixels_hex?: string
  readonly frame_hex: string
}
const golden: { readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/adalight-tpm2-awa.json', import.meta.url), 'utf8'),
)
const adalight = golden.vectors.filter(({ protocol }) => protocol === 'adalight')
const vectors = adalight.flatMap((vector) =>
  vector.pixels_hex === undefined ? [] : [{ ...vector, pixels_hex: vector.pixels_hex }],
)
const broken = adalight.filter((vector) => vector.pixels_hex === undefined)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const pixels = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => {
  const strip = new Uint8Array(bytes.length * 3)
  strip.set(bytes)
  return strip
})

describe('the Adalight frame', () => {
  test('there are vectors to compare with', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(3)
    expect(broken.length).toBeGreaterThanOrEqual(1)
  })

  test.each(vectors)('$name is encoded as by an independent implementation', (vector) => {
    expect(hex(encodeFrame(Buffer.from(vector.pixels_hex, 'hex')))).toBe(vector.frame_hex)
  })

  test.each(vectors)('$name is read back', (vector) => {
    const panel = new AdalightPanel()
    panel.feed(Buffer.from(vector.frame_hex, 'hex'))
    expect(panel.shown.map(hex)).toEqual([vector.pixels_hex])
  })

  test.each(broken)('$name shows nothing', (vector) => {
    const panel = new AdalightPanel()
    panel.feed(Buffer.from(vector.frame_hex, 'hex'))
    expect(panel.shown).toEqual([])
  })

  test('any frames in any pieces arrive as they were sent', () => {
    fc.assert(
      fc.property(
        fc.array(pixels, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        (sent, size) => {
          const wire = Buffer.concat(sent.map(encodeFrame))
          const panel = new AdalightPanel()
          for (let at = 0; at < wire.length; at += size) panel.feed(wire.subarray(at, at + size))
          expect(panel.shown.map(hex)).toEqual(sent.map(hex))
          expect(panel.discarded).toBe(0)
        },
      ),
    )
  })

  test('after noise the receiver is in step again by the second frame', () => {
    const noise = fc.uint8Array({ maxLength: 30 }).filter((bytes) => !Buffer.from(bytes).includes('Ada'))
    fc.assert(
      fc.property(noise, pixels, (garbage, sent) => {
        const panel = new AdalightPanel()
        panel.feed(Buffer.concat([garbage, Uint8Array.of(0), encodeFrame(sent), encodeFrame(sent)]))
        expect(hex(panel.last ?? new Uint8Array())).toBe(hex(sent))
      }),
    )
  })

  test('a stray A before the header loses nothing when a pad stands between', () => {
    const panel = new AdalightPanel()
    panel.feed(Buffer.concat([Buffer.from('A\0'), encodeFrame(Uint8Array.of(1, 2, 3))]))
    expect(panel.shown.map(hex)).toEqual(['010203'])
    expect(panel.discarded).toBe(2)
  })

  test('rates are those of ten bits a byte', () => {
    expect(framesPerSecond(64 * 16, 115_200)).toBeCloseTo(3.74, 2)
    expect(framesPerSecond(64 * 16, 921_600)).toBeCloseTo(29.94, 2)
    expect(framesPerSecond(64 * 32, 921_600)).toBeCloseTo(14.99, 2)
    expect(wireMs(64 * 16, 921_600)).toBeCloseTo(33.4, 1)
  })
})

describe('the order of the strip', () => {
  const frame = { width: 2, height: 2, rgb: Uint8Array.of(1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 9) }

  test('rows: every row from the left', () => {
    expect([...stripOf(frame, 'rows', 'rgb')]).toEqual([...frame.rgb])
  })

  test('serpentine: every second row from the right', () => {
    expect([...stripOf(frame, 'serpentine', 'rgb')]).toEqual([1, 0, 0, 2, 0, 0, 4, 0, 9, 3, 0, 0])
  })

  test('one colour: lit or dark', () => {
    const dim = { width: 2, height: 1, rgb: Uint8Array.of(0, 0, 1, 0, 0, 0) }
    expect([...stripOf(dim, 'rows', 'mono')]).toEqual([255, 255, 255, 0, 0, 0])
  })
})
