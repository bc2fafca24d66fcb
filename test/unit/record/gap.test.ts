import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Gap, gapOf, mergedGaps } from '../../../agent/core/record/gap.ts'

const gap = (from: number, to: number): Gap => ({ from, to, hash: `hash of ${to}` })
const numbersIn = (gaps: readonly Gap[]): readonly number[] =>
  gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))

describe('gaps', () => {
  test('of all records only a GAP event covers others', () => {
    const data = { from: 3, to: 9, hash: 'ab' }
    const event = { at: '2026-11-22T00:00:00.000Z', severity: 'alarm', data } as const
    expect(gapOf({ ...event, code: 'GAP' })).toEqual(data)
    expect(gapOf({ ...event, code: 'TAMPER' })).toBeUndefined()
  })

  test('ranges that touch or overlap become one with the hash of its last record', () => {
    expect(mergedGaps([gap(4, 6), gap(1, 3), gap(9, 12), gap(10, 11)])).toEqual([gap(1, 6), gap(9, 12)])
  })

  test('merged they cover the same numbers, each once and in order', () => {
    const some = fc.array(fc.tuple(fc.nat(30), fc.nat(9)).map(([from, more]) => gap(from, from + more)))
    fc.assert(
      fc.property(some, (gaps) => {
        const merged = numbersIn(mergedGaps(gaps))
        expect(merged).toEqual([...new Set(numbersIn(gaps))].sort((a, b) => a - b))
      }),
    )
  })
})
