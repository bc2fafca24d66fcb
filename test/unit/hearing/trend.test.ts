import { expect, it } from 'vitest'
import { afterProgramme, KEPT, NO_TREND, trendReport } from '../../../agent/core/hearing/trend.ts'

const after = (...heard: readonly number[]) => heard.reduce(afterProgramme, NO_TREND)

it('three programmes in a row of which next to nothing was heard mean silence, two do not', () => {
  expect(after(0.9, 0.1, 0.2).silent).toBe(false)
  expect(after(0.9, 0.1, 0.2, 0).silent).toBe(true)
  expect(after(0.1, 0.2, 0.4, 0.1).silent).toBe(false)
})

it('silence lasts until a programme was heard well, not merely better', () => {
  expect(after(0, 0, 0, 0.45).silent).toBe(true)
  expect(after(0, 0, 0, 0.45, 0.6).silent).toBe(false)
  expect(after(0, 0, 0, 0.6, 0.1, 0.1).silent).toBe(false)
})

it('tells the last one and the mean of the last ten', () => {
  expect(trendReport(NO_TREND)).toBeUndefined()
  expect(trendReport(after(1, 0.5))).toEqual({ last: 0.5, mean: 0.75, of: 2 })
  expect(trendReport(after(0, ...Array.from({ length: KEPT }, () => 0.8)))).toEqual({
    last: 0.8,
    mean: 0.8,
    of: KEPT,
  })
})
