import { expect, test } from 'vitest'
import { mergeResults } from '../../bench/parts/results.ts'
import { markdownOf } from '../../bench/parts/section.ts'

const section = (title: string, figure: string): string =>
  markdownOf(title, { head: ['what'], rows: [[figure]], method: 'A method.' }, 'Measured today.')

test('a bench that ran replaces its own section and leaves the others as they were', () => {
  const titles = ['Start', 'Alert', 'Resume']
  const both = new Map([
    ['Resume', section('Resume', '1 ms')],
    ['Start', section('Start', '2 ms')],
  ])
  const first = mergeResults('', both, titles)
  const second = mergeResults(first, new Map([['Start', section('Start', '3 ms')]]), titles)
  expect(second).toBe(first.replace('2 ms', '3 ms'))
  expect(second.indexOf('## Start')).toBeLessThan(second.indexOf('## Resume'))
})

test('the section of a bench that is no more goes', () => {
  const results = mergeResults('', new Map([['Old', section('Old', '1 ms')]]), ['Old'])
  expect(mergeResults(results, new Map(), ['Start'])).not.toContain('## Old')
})
