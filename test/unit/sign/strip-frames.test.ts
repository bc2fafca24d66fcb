import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as adalight from '../../../drivers/signboard/adalight/frame.ts'
import * as awa from '../../../drivers/signboard/awa/frame.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { stripOf } from '../../../drivers/signboard/strip/strip.ts'
import * as tpm2 from '../../../drivers/signboard/tpm2/frame.ts'

type Vector = {
  readonly name: string
  readonly protocol: string
  /** Absent: no receiver may show it. */
  readonly pixels_hex?: string
  readonly frame_hex: string
  readonly expect_reply_hex?: string
}
const golden: { readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/adalight-tpm2-awa.json', import.meta.url), 'utf8'),
)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const pixels = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => {
  const strip = new Uint8Array(bytes.length * 3)
  strip.set(bytes)
  return strip
})
const ofProtocol = (protocol: string) => golden.vectors.filter((vector) => vector.protocol === protocol)

describe.each([
  { protocol: 'adalight', codec: adalight, atLeast: 3 },
  { protocol: 'awa', codec: awa, atLeast: 1 },
  { protocol: 'tpm2', codec: tpm2, atLeast: 2 },
])('the $protocol frame', ({ protocol, codec: { encodeFrame, inspectFrame }, atLeast }) => {
  const vectors = ofProtocol(protocol).flatMap((vector) =>
    vector.pixels_hex === undefined ? [] : [{ ...vector, pixels_hex: vector.pixels_hex }],
  )

  test('there are vectors to compare with', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(atLeast)
  })

  test.each(vectors)('$name is encoded as by an independent implementation', (vector) => {
    expect(hex(encodeFrame(Buffer.from(vector.pixels_hex, 'hex')))).toBe(vector.frame_hex)
  })

  test.each(vectors)('$name is read back, also byte by byte', (vector) => {
    const bytes = Buffer.from(vector.frame_hex, 'hex')
    expect(new Scanner(inspectFrame).feed(bytes).map(hex)).toEqual([vector.pixels_hex])
    const scanner = new Scanner(inspectFrame)
    expect([...bytes].flatMap((byte) => scanner.feed(Uint8Array.of(byte))).map(hex)).toEqual([
      vector.pixels_hex,
    ])
    expect(scanner.discarded).toBe(0)
  })

  test('any frames in any pieces arrive as they were sent', () => {
    fc.assert(
      fc.property(
        fc.array(pixels, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        (sent, size) => {
          const wire = Buffer.concat(sent.map(encodeFrame))
          const scanner = new Scanner(inspectFrame)
          const shown: string[] = []
          for (let at = 0; at < wire.length; at += size)
            shown.push(...scanner.feed(wire.subarray(at, at + size)).map(hex))
          expect(shown).toEqual(sent.map(hex))
          expect(scanner.discarded).toBe(0)
        },
      ),
    )
  })

  test('garbage before a frame is passed over and counted', () => {
    const noise = fc
      .uint8Array({ maxLength: 30 })
      .filter((bytes) => !bytes.includes(0x41) && !bytes.includes(0xc9))
    fc.assert(
      fc.property(noise, pixels, (garbage, sent) => {
        const scanner = new Scanner(inspectFrame)
        expect(scanner.feed(Buffer.concat([garbage, encodeFrame(sent)])).map(hex)).toEqual([hex(sent)])
        expect(scanner.discarded).toBe(garbage.length)
      }),
    )
  })

  test('after a cut frame the receiver is in step again before long', () => {
    fc.assert(
      fc.property(pixels, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (sent, share) => {
        const whole = encodeFrame(sent)
        const cut = whole.subarray(0, Math.max(1, Math.floor(whole.length * share)))
        const scanner = new Scanner(inspectFrame)
        const shown = scanner.feed(Buffer.concat([cut, ...Array.from({ length: 40 }, () => whole)])).map(hex)
        expect(shown.at(-1)).toBe(hex(sent))
      }),
    )
  })
})

describe('frames that may not be shown', () => {
  const broken = golden.vectors.filter(
    ({ protocol, pixels_hex }) => protocol === 'adalight' && pixels_hex === undefined,
  )

  test.each(broken)('$name', (vector) => {
    const scanner = new Scanner(adalight.inspectFrame)
    expect(scanner.feed(Buffer.from(vector.frame_hex, 'hex'))).toEqual([])
  })

  test('there is one', () => {
    expect(broken.length).toBeGreaterThanOrEqual(1)
  })

  test('an AWA frame with any one byte spoilt', () => {
    const frame = awa.encodeFrame(Uint8Array.from({ length: 30 }, (_, i) => i))
    for (const [i, value] of frame.entries()) {
      const spoilt = frame.slice()
      spoilt[i] = value ^ 0x11
      expect(new Scanner(awa.inspectFrame).feed(spoilt), `byte ${i}`).toEqual([])
    }
  })
})

test('the third AWA sum counts positions anew every 256 bytes, and is never an A', () => {
  const long = awa.encodeFrame(new Uint8Array(300))
  const positions = Array.from({ length: 300 }, (_, i) => i % 256)
  expect(long.at(-1)).toBe(positions.reduce((sum, position) => (sum + position) % 255, 0))
  // 0x41 ^ 0, and nothing of the two bytes behind it.
  expect(awa.encodeFrame(Uint8Array.of(0x41, 1, 2)).at(-1)).toBe(0xaa)
})

test('a TPM2 ping and its answer are those of the receiver that was run', () => {
  const [ping] = golden.vectors.filter(({ name }) => name === 'tpm2_ping')
  expect(hex(tpm2.PING)).toBe(ping?.frame_hex)
  expect(tpm2.REPLY.toString(16)).toBe(ping?.expect_reply_hex)
  expect(new Scanner(tpm2.inspectReply).feed(Uint8Array.of(7, tpm2.REPLY))).toEqual(['alive'])
})

test('a stray A before the header loses nothing when a pad stands between', () => {
  const scanner = new Scanner(adalight.inspectFrame)
  const bytes = Buffer.concat([Buffer.from('A\0'), adalight.encodeFrame(Uint8Array.of(1, 2, 3))])
  expect(scanner.feed(bytes).map(hex)).toEqual(['010203'])
  expect(scanner.discarded).toBe(2)
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
