import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ClockReading,
  clockStep,
  isTrustedClock,
  judgeClock,
  raiseByIat,
  startingMemory,
} from '../../../agent/core/clock/clock-state.ts'
import { epochMs } from '../../../agent/core/time.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const release = epochMs(Date.UTC(2026, 10, 1))
const after = (ms: number) => epochMs(release + ms)
const fresh = startingMemory(release, {})
const reading = (more: Partial<ClockReading> = {}): ClockReading => ({
  wall: after(DAY),
  synchronised: false,
  uptimeMs: 60 * MINUTE,
  trusted: true,
  ...more,
})

test('what the kernel calls synchronised is synced, and the floor becomes the wall clock, downwards too', () => {
  const high = { ...fresh, floor: after(30 * DAY) }
  const { state, memory } = judgeClock(high, reading({ synchronised: true }))
  expect(state).toBe('synced')
  expect(memory).toMatchObject({ floor: after(DAY), lastSynced: after(DAY), syncedThisBoot: true })
})

test('the floor never falls below the date of the release', () => {
  expect(judgeClock(fresh, reading({ synchronised: true, wall: epochMs(0) })).memory.floor).toBe(release)
})

test('a wall clock more than five minutes below the floor is unset', () => {
  expect(judgeClock(fresh, reading({ wall: after(-5 * MINUTE) })).state).toBe('held')
  expect(judgeClock(fresh, reading({ wall: after(-5 * MINUTE - 1) })).state).toBe('unset')
  expect(judgeClock(fresh, reading({ wall: epochMs(0) })).state).toBe('unset')
})

test('without a trusted clock it is unset for the first ten minutes after boot, unless it was synced since', () => {
  const young = reading({ trusted: false, uptimeMs: 10 * MINUTE - 1 })
  expect(judgeClock(fresh, young).state).toBe('unset')
  expect(judgeClock(fresh, { ...young, uptimeMs: 10 * MINUTE }).state).toBe('held')
  expect(judgeClock(fresh, { ...young, trusted: true }).state).toBe('held')
  expect(judgeClock({ ...fresh, syncedThisBoot: true }, young).state).toBe('held')
})

test('seven days after it was last synced it is stale; never synced it is held', () => {
  const once = startingMemory(release, { lastSynced: after(DAY) })
  expect(judgeClock(once, reading({ wall: after(8 * DAY) })).state).toBe('held')
  expect(judgeClock(once, reading({ wall: after(8 * DAY + 1) })).state).toBe('stale')
  expect(judgeClock(fresh, reading({ wall: after(80 * DAY) })).state).toBe('held')
})

test('a process starts with the highest of release, saved floor and saved time', () => {
  expect(startingMemory(release, { floor: after(3), lastSynced: after(5) }).floor).toBe(after(5))
  expect(startingMemory(release, { floor: after(7), lastSynced: after(5) }).floor).toBe(after(7))
  expect(startingMemory(release, { floor: after(-7), lastSynced: after(-5) }).floor).toBe(release)
})

test('an iat raises the floor by at most a day above the wall clock and never lowers it', () => {
  const wall = after(DAY)
  expect(raiseByIat(fresh, after(DAY), wall).floor).toBe(after(DAY))
  expect(raiseByIat(fresh, after(300 * DAY), wall).floor).toBe(after(2 * DAY))
  expect(raiseByIat(fresh, after(300 * DAY), epochMs(0)).floor).toBe(release)
  expect(raiseByIat(fresh, epochMs(0), wall).floor).toBe(release)
})

test('only a boards own RTC or a word of its configuration makes a clock trusted', () => {
  expect(isTrustedClock('rtc', true)).toBe(true)
  expect(isTrustedClock('rtc', false)).toBe(false)
  expect(isTrustedClock('trusted', false)).toBe(true)
  expect(isTrustedClock('none', true)).toBe(false)
})

test('a difference of the two clocks over 500 ms is a step, with its sign', () => {
  const before = { wall: 1_000_000, mono: 5000 }
  expect(clockStep(before, { wall: 1_001_500, mono: 6000 })).toBeUndefined()
  expect(clockStep(before, { wall: 1_001_501, mono: 6000 })).toBe(501)
  expect(clockStep(before, { wall: 0, mono: 6000 })).toBe(-1_001_000)
})

test('whatever is read, only a synced clock moves the floor and no floor is below the release', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          wall: fc.integer({ min: -400 * DAY, max: 400 * DAY }).map(after),
          synchronised: fc.boolean(),
          uptimeMs: fc.nat(DAY),
          trusted: fc.boolean(),
        }),
      ),
      (readings) => {
        let memory = fresh
        for (const each of readings) {
          const judged = judgeClock(memory, each)
          if (!each.synchronised) expect(judged.memory).toBe(memory)
          expect(judged.memory.floor).toBeGreaterThanOrEqual(release)
          expect(judged.state === 'synced').toBe(each.synchronised)
          memory = judged.memory
        }
      },
    ),
  )
})
