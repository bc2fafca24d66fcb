import { expect, test } from 'vitest'
import { createTurn } from '../../../agent/core/health/turn.ts'
import { epochMs } from '../../../agent/core/time.ts'

const turnsOf = (device: string, intervalMs: number, seconds: number): readonly number[] => {
  const turn = createTurn(device, () => intervalMs)
  return Array.from({ length: seconds }, (_, second) => second).filter((second) =>
    turn(epochMs(second * 1000)),
  )
}

test('each of many devices has its turn once in an interval, and few of them in the same second', () => {
  const devices = Array.from({ length: 500 }, (_, index) => `d-${index}`)
  const first = devices.map((device) => turnsOf(device, 60_000, 121))
  expect(first.every((turns) => turns.length === 2 && (turns[1] ?? 0) - (turns[0] ?? 0) === 60)).toBe(true)
  const inOneSecond = Map.groupBy(first, ([second]) => second)
  expect(Math.max(...[...inOneSecond.values()].map(({ length }) => length))).toBeLessThan(25)
})

test('on a bench it is always its turn', () => {
  expect(turnsOf('d-1', 2000, 3)).toEqual([0, 1, 2])
})
