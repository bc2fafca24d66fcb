import { expect, test } from 'vitest'
import { trialsRow } from '../../bench/parts/statistics.ts'

const goalOf = (values: readonly number[], trials: number): string | undefined =>
  trialsRow('loa-agent', 'how', values, trials, { median: 5, p99: 15 })[5]

test('a goal is met when all trials were heard and each bound holds', () => {
  expect(goalOf([-4, 5, 15], 3)).toBe('median 5 ms, p99 15 ms: met')
  expect(goalOf([4, 6, 15], 3)).toContain('NOT met')
  expect(goalOf([4, 5, -16], 3)).toContain('NOT met')
})

test('a lost trial is counted, and no goal is met with it', () => {
  expect(trialsRow('loa-agent', 'how', [1, 1], 3)[1]).toBe('2/3')
  expect(goalOf([1, 1], 3)).toContain('NOT met')
  expect(goalOf([], 3)).toContain('NOT met')
})
