import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openHousekeeping } from '../../../agent/adapters/system/housekeeping.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const MINUTE_MS = 60_000
const NOW = Date.UTC(2026, 10, 26, 7, 2)

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a board that woke in 1970 makes up no chore when its clock is set, and does the next at its minute', async () => {
  let runs = 0
  const run = (): void => {
    runs += 1
  }
  using chores = openHousekeeping([{ name: 'look', at: '5 * * * *', run }], 'Asia/Ho_Chi_Minh', silentLogger)
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  vi.setSystemTime(NOW)
  chores.clockWasSet()
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(runs).toBe(0)
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(runs).toBe(1)
})

test('a chore that fails is told, and done again at its next time', async () => {
  vi.setSystemTime(NOW)
  const told: unknown[] = []
  const run = (): void => {
    throw new Error('no')
  }
  const logger = { ...silentLogger, error: (...words: readonly unknown[]) => void told.push(words) }
  using _chores = openHousekeeping([{ name: 'look', at: '5 * * * *', run }], 'Asia/Ho_Chi_Minh', logger)
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS)
  expect(told).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS)
  expect(told).toHaveLength(2)
})
