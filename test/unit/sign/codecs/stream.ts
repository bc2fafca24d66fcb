import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Inspect, Scanner } from '../../../../drivers/signboard/line/scanner.ts'

export type StreamUnderTest<T> = {
  readonly inspect: Inspect<T>
  /** Any message of the protocol. */
  readonly messages: fc.Arbitrary<T>
  readonly encode: (message: T) => Uint8Array
  /** What of a message no check covers: left out when a spoilt one is compared. */
  readonly covered?: (message: T) => unknown
  /** How long the rest of a cut message may be waited for, in bytes; what it says itself by default. */
  readonly mostAwaited?: number
  /** Bytes whose change the protocol cannot notice, by their index from the front, or from the back below 0. */
  readonly isUnguarded?: (byte: number, index: number, bytes: Uint8Array) => boolean
}

const read = <T>(inspect: Inspect<T>, wire: Uint8Array, size = wire.length) => {
  const scanner = new Scanner(inspect)
  const found: T[] = []
  for (let at = 0; at < wire.length; at += Math.max(1, size))
    found.push(...scanner.feed(wire.subarray(at, at + Math.max(1, size))))
  return { found, discarded: scanner.discarded }
}

const BITS = 8

/** What every decoder of a line must do, whatever its protocol. */
export const behavesOnALine = <T>({
  inspect,
  messages,
  encode,
  covered = (message) => message,
  isUnguarded = () => false,
  mostAwaited = 0,
}: StreamUnderTest<T>): void => {
  const some = fc.array(messages, { minLength: 1, maxLength: 4 })

  test('any messages in any pieces arrive as they were sent', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 60 }), (sent, size) => {
        const seen = read(inspect, Buffer.concat(sent.map(encode)), size)
        expect(seen.found).toEqual(sent)
        expect(seen.discarded).toBe(0)
      }),
    )
  })

  test('they arrive byte by byte', () => {
    fc.assert(
      fc.property(some, (sent) => {
        expect(read(inspect, Buffer.concat(sent.map(encode)), 1)).toEqual({ found: sent, discarded: 0 })
      }),
      { numRuns: 30 },
    )
  })

  test('after noise it is in step again, and every byte is either of a message or counted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), messages, (noise, sent) => {
        const copies = Array.from(
          { length: 2 + Math.ceil(Math.max(2000, mostAwaited) / encode(sent).length) },
          () => encode(sent),
        )
        const wire = Buffer.concat([noise, ...copies])
        const { found, discarded } = read(inspect, wire, 97)
        expect(found.at(-1)).toEqual(sent)
        const inMessages = found.reduce((sum, message) => sum + encode(message).length, 0)
        expect(inMessages + discarded).toBeLessThanOrEqual(wire.length)
        expect(inMessages).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })

  test('of a message that was cut nothing is read, and those after it are', () => {
    fc.assert(
      fc.property(messages, messages, fc.nat(), (cut, next, where) => {
        const whole = encode(cut)
        const part = whole.subarray(0, 1 + (where % (whole.length - 1)))
        const copies = Array.from(
          { length: 2 + Math.ceil(Math.max(whole.length, mostAwaited) / encode(next).length) },
          () => encode(next),
        )
        const { found } = read(inspect, Buffer.concat([part, ...copies]), 31)
        expect(found.at(-1)).toEqual(next)
        for (const message of found) expect(message).toEqual(next)
      }),
      { numRuns: 50 },
    )
  })

  test('a message with one bit turned over is not read as another', () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(BITS - 1), (sent, where, bit) => {
        const wire = Uint8Array.from(encode(sent))
        const index = where % wire.length
        fc.pre(!isUnguarded(wire[index] ?? 0, index, wire))
        wire[index] = (wire[index] ?? 0) ^ (1 << bit)
        for (const message of read(inspect, wire).found) expect(covered(message)).toEqual(covered(sent))
      }),
      { numRuns: 300 },
    )
  })
}
