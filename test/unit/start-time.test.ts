import { expect, test } from 'vitest'
import { startStepMs } from '../../agent/core/start-time.ts'

test('a start may take longer where a large database has to be read', () => {
  expect(startStepMs(0)).toBe(90_000)
  expect(startStepMs(60 * 1_048_576)).toBe(90_000 + 240_000)
})
