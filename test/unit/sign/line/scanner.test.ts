import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Inspect, Scanner } from '../../../../drivers/signboard/line/scanner.ts'

/** `<`, a length, so many bytes, and their sum. */
const inspect: Inspect<string> = (bytes) => {
  const [mark, size] = bytes
  if (mark !== 0x3c) return 'none'
  if (size === undefined) return 'more'
  if (bytes.length < size + 3) return 'more'
  const body = bytes.subarray(2, size + 2)
  const sum = body.reduce((total, value) => (total + value) & 0xff, 0)
  return bytes[size + 2] === sum ? { length: size + 3, value: Buffer.from(body).toString('hex') } : 'none'
}
const message = (body: Uint8Array): Uint8Array =>
  Uint8Array.of(
    0x3c,
    body.length,
    ...body,
    body.reduce((total, value) => (total + value) & 0xff, 0),
  )

const bodies = fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 5 })

describe('a scanner', () => {
  test('finds the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 20 }), (sent, size) => {
        const wire = Buffer.concat(sent.map(message))
        const scanner = new Scanner(inspect)
        const found: string[] = []
        for (let at = 0; at < wire.length; at += size)
          found.push(...scanner.feed(wire.subarray(at, at + size)))
        expect(found).toEqual(sent.map((body) => Buffer.from(body).toString('hex')))
        expect(scanner.discarded).toBe(0)
      }),
    )
  })

  test('passes over what is no message, and counts it', () => {
    const scanner = new Scanner(inspect)
    const garbage = Uint8Array.of(1, 2, 0x3c, 1, 9, 8)
    expect(scanner.feed(Buffer.concat([garbage, message(Uint8Array.of(7))]))).toEqual(['07'])
    expect(scanner.discarded).toBe(garbage.length)
  })

  test('finds the message that begins inside a cut one', () => {
    const scanner = new Scanner(inspect)
    const whole = message(Uint8Array.of(1, 2, 3, 4))
    const cut = whole.subarray(0, 4)
    expect(scanner.feed(Buffer.concat([cut, whole]))).toEqual(['01020304'])
    expect(scanner.discarded).toBe(cut.length)
  })

  test('waits for nothing any more after a reset, and counts what had begun', () => {
    const scanner = new Scanner(inspect)
    expect(scanner.feed(Uint8Array.of(0x3c, 3, 1))).toEqual([])
    scanner.reset()
    expect(scanner.discarded).toBe(3)
    expect(scanner.feed(message(Uint8Array.of(5)))).toEqual(['05'])
  })

  test('keeps no hold of the bytes it was given', () => {
    const scanner = new Scanner(inspect)
    const bytes = message(Uint8Array.of(5, 6))
    scanner.feed(bytes.subarray(0, 3))
    const rest = bytes.slice(3)
    bytes.fill(0)
    expect(scanner.feed(rest)).toEqual(['0506'])
  })
})
