import { expect, test } from 'vitest'
import { type EpochMs, epochMs } from '../../agent/core/time.ts'
import { TimeKeeper } from '../../agent/services/time-keeper.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'

const RELEASE = epochMs(Date.UTC(2026, 10, 1))
const NOON = epochMs(Date.UTC(2026, 10, 22, 5))
const HOUR_MS = 3_600_000

class Bench {
  readonly store = new MemoryStateStore()
  clock = new ManualClock(NOON)
  synchronised = false
  uptimeMs = 10_000
  hasRtc = false

  start(kernelBootId = 'boot-1', boardClock: 'rtc' | 'none' | 'trusted' = 'rtc'): TimeKeeper {
    return new TimeKeeper({
      clock: this.clock,
      quality: {
        read: () => ({
          synchronised: this.synchronised,
          offsetMs: 0.4,
          uptimeMs: this.uptimeMs,
          hasRtc: this.hasRtc,
        }),
      },
      facts: this.store.facts,
      boardClock,
      release: RELEASE,
      kernelBootId,
    })
  }

  at(wall: EpochMs): this {
    this.clock = new ManualClock(wall)
    return this
  }
}

test('without a clock of its own a board knows no time until it is synchronised', () => {
  const bench = new Bench()
  const time = bench.start()
  expect(time.state).toBe('unset')
  bench.synchronised = true
  time.update()
  expect(time.state).toBe('synced')
  bench.synchronised = false
  time.update()
  expect(time.state).toBe('held')
  expect(time.offsetMs).toBe(0.4)
})

test('a clock that was an hour ahead and was set right is right after a power cut at once', () => {
  const bench = new Bench().at(epochMs(NOON + HOUR_MS))
  bench.synchronised = true
  const time = bench.start()
  bench.clock.step(-HOUR_MS)
  time.update()
  bench.synchronised = false
  bench.uptimeMs = 600_000
  expect(bench.start('boot-2').state).toBe('held')
})

test('or until it has been up for ten minutes', () => {
  const bench = new Bench()
  const time = bench.start()
  bench.uptimeMs = 600_000
  time.update()
  expect(time.state).toBe('held')
})

test('an RTC is trusted at once, and not on a board that says it has none', () => {
  const bench = new Bench()
  bench.hasRtc = true
  expect(bench.start().state).toBe('held')
  expect(bench.start('boot-1', 'none').state).toBe('unset')
  expect(new Bench().start('boot-1', 'trusted').state).toBe('held')
})

test('a wall clock behind the saved floor is unset after the next start, trusted or not', async () => {
  const bench = new Bench()
  bench.synchronised = true
  bench.start().update()
  bench.synchronised = false
  bench.hasRtc = true
  const time = bench.at(epochMs(NOON - HOUR_MS)).start('boot-2')
  expect(time.floor).toBe(NOON)
  expect(time.state).toBe('unset')
})

test('the floor is saved each minute while synchronised', async () => {
  const bench = new Bench()
  bench.synchronised = true
  const time = bench.start()
  for (let second = 0; second < 61; second += 1) {
    await bench.clock.advance(1000)
    time.update()
  }
  bench.synchronised = false
  expect(bench.at(NOON).start('boot-2').floor).toBeGreaterThanOrEqual(NOON + 60_000)
})

test('an agent that restarts under the same kernel remembers that it was synchronised', () => {
  const bench = new Bench()
  bench.synchronised = true
  bench.start()
  bench.synchronised = false
  expect(bench.start('boot-1').state).toBe('held')
  expect(bench.start('boot-2').state).toBe('unset')
})

test('a document is a witness of time, by at most a day', () => {
  const bench = new Bench()
  bench.hasRtc = true
  const time = bench.start()
  time.witness(epochMs(NOON + HOUR_MS))
  time.update()
  expect([time.floor, time.state]).toEqual([NOON + HOUR_MS, 'unset'])
  time.witness(epochMs(NOON + 1000 * HOUR_MS))
  expect(time.floor).toBe(NOON + 24 * HOUR_MS)
})

test('synchronised, the floor becomes the wall clock again, never below the release', () => {
  const bench = new Bench()
  const time = bench.start()
  time.witness(epochMs(NOON + HOUR_MS))
  bench.synchronised = true
  time.update()
  expect(time.floor).toBe(NOON)
  bench.clock.step(RELEASE - NOON - HOUR_MS)
  time.update()
  expect(time.floor).toBe(RELEASE)
})

test('a step is what the wall clock went beyond the monotonic one, from half a second on', async () => {
  const bench = new Bench()
  const time = bench.start()
  await bench.clock.advance(5000)
  bench.clock.step(400)
  expect(time.update()).toBeUndefined()
  bench.clock.step(-3000)
  expect(time.update()).toBe(-3000)
  expect(time.update()).toBeUndefined()
})
