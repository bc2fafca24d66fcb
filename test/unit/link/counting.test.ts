import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesBetween, type Counter, type Counters, remembered } from '../../../agent/core/link/counting.ts'

const MINUTE_MS = 60_000
const WRAP = 2 ** 32
const wwan = (rx: number, tx = 0, index = 4): Counters => ({ wwan0: { index, rx, tx } })

test('what a counter grew by has gone over the device', () => {
  expect(bytesBetween(wwan(1000, 50), wwan(4000, 70), MINUTE_MS)).toBe(3020)
  expect(bytesBetween(wwan(1000), wwan(1000), MINUTE_MS)).toBe(0)
})

test('a counter of 32 bits goes on after its end', () => {
  expect(bytesBetween(wwan(WRAP - 1000), wwan(500), MINUTE_MS)).toBe(1500)
})

test('a counter that fell by more than any link carries began anew', () => {
  expect(bytesBetween(wwan(1_000_000), wwan(700), MINUTE_MS)).toBe(700)
  expect(bytesBetween(wwan(6_000_000_000), wwan(700), MINUTE_MS)).toBe(700)
})

test('a device that is new or was plugged in again counts from its 0', () => {
  expect(bytesBetween({}, wwan(700, 1), MINUTE_MS)).toBe(701)
  expect(bytesBetween(wwan(600, 0, 4), wwan(700, 0, 5), MINUTE_MS)).toBe(700)
})

test('a device that could not be read for a minute does not count twice', () => {
  const before = wwan(5000)
  const kept = remembered(before, {})
  expect(bytesBetween(kept, wwan(5600), MINUTE_MS)).toBe(600)
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`usb${index}`, { index, rx: 1, tx: 1 }]),
  )
  expect(Object.keys(remembered(many, before)).length).toBeLessThan(10)
})

/** What a driver shows of bytes that really went: whole, or its last 32 bits; sometimes it begins anew. */
const shown = (bytes: number, bits32: boolean): number => (bits32 ? bytes % WRAP : bytes)

test('whatever goes over a link in whatever steps is counted to the byte, in 32 bits as in 64', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 600_000_000 }), { maxLength: 60 }),
      fc.nat({ max: 2 ** 33 }),
      fc.boolean(),
      (steps, start, bits32) => {
        let real = start
        let counted = 0
        let before: Counter = { index: 1, rx: shown(real, bits32), tx: 0 }
        for (const step of steps) {
          real += step
          const now: Counter = { index: 1, rx: shown(real, bits32), tx: 0 }
          counted += bytesBetween({ wwan0: before }, { wwan0: now }, MINUTE_MS)
          before = now
        }
        expect(counted).toBe(real - start)
      },
    ),
  )
})

test('a device that is plugged in again and again loses nothing that was seen, and counts nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 1_000_000 })), { maxLength: 60 }), (steps) => {
      let now: Counter = { index: 1, rx: 0, tx: 0 }
      let before: Counters = { wwan0: now }
      let real = 0
      let counted = 0
      for (const [replugged, bytes] of steps) {
        now = replugged ? { index: now.index + 1, rx: bytes, tx: 0 } : { ...now, rx: now.rx + bytes }
        real += bytes
        counted += bytesBetween(before, { wwan0: now }, MINUTE_MS)
        before = remembered(before, { wwan0: now })
      }
      expect(counted).toBe(real)
    }),
  )
})
