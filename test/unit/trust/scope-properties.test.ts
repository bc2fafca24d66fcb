import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProgrammeClass } from '../../../agent/core/documents.ts'
import { authorise } from '../../../agent/core/trust/authorise.ts'
import { keySetOf } from '../../../agent/core/trust/key-set.ts'
import type { HeldRevision } from '../../../agent/core/trust/revision.ts'
import { covers } from '../../../agent/core/trust/scope.ts'
import { schedule } from '../schedule/items.ts'
import { candidate, grounds, judge, key, news } from './grounds.ts'

// A commune key reaches neither its neighbour nor the province nor a higher class.
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const area = fc.oneof(
  fc.constant('vn'),
  digits(2),
  fc.tuple(digits(2), digits(5)).map((pair) => pair.join('/')),
  fc.constantFrom(
    '75',
    '751',
    '7',
    '75/26068',
    '75/2606',
    '75/260680',
    '',
    '/',
    '75/',
    '/75',
    '75//26068',
    '75/..',
    '../75',
    'vn/',
    'vn/75',
    'VN',
    '75/26068/1',
    '７５',
  ),
)
const WELL_FORMED = /^(vn|[0-9]{2}|[0-9]{2}\/[0-9]{5})$/

describe('T02 the reach of a key', () => {
  test('a key covers an area only as a prefix of whole segments, and what is no area covers and is covered by nothing', () => {
    fc.assert(
      fc.property(area, area, (holder, of) => {
        const segments = (text: string) => (text === 'vn' ? [] : text.split('/'))
        const expected =
          WELL_FORMED.test(holder) &&
          WELL_FORMED.test(of) &&
          (of !== 'vn' || holder === 'vn') &&
          segments(holder).every((segment, index) => segments(of)[index] === segment)
        expect(covers(holder, of)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
    expect(covers('75', '751')).toBe(false)
  })

  test('whatever is accepted was covered by area, kind, class and date of its key', () => {
    const klass = fc.constantFrom<ProgrammeClass>('normal', 'priority', 'emergency')
    const level = { normal: 0, priority: 1, emergency: 2 }
    const wellFormed = fc.constantFrom('vn', '75', '76', '75/26068', '75/26069')
    fc.assert(
      fc.property(
        wellFormed,
        wellFormed,
        klass,
        klass,
        fc.subarray(['schedule', 'alert'] as const),
        fc.boolean(),
        (keyArea, docArea, maxClass, itemClass, kinds, stale) => {
          const keys = keySetOf([
            {
              keys: [
                key({ area: keyArea, maxClass, kinds, ...(stale ? { exp: '2026-11-20T00:00:00Z' } : {}) }),
              ],
            },
          ])
          const document = schedule([{ id: 'a', class: itemClass, when: { times: ['05:00:00'] } }], {
            area: docArea,
          })
          const may =
            covers(keyArea, docArea) &&
            level[itemClass] <= level[maxClass] &&
            kinds.includes('schedule') &&
            !stale
          expect(judge(document, { keys }) === 'accepted').toBe(may)
        },
      ),
    )
  })

  test('the held revision never falls, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ rev: fc.integer({ min: 1, max: 200_000_000 }), hash: fc.constantFrom('a', 'b') }),
        ),
        (arrivals) => {
          let inForce: HeldRevision | undefined
          for (const { rev, hash } of arrivals) {
            const before = inForce?.rev ?? 0
            const verdict = authorise(candidate({ ...news, rev }, { hash }), grounds({ held: () => inForce }))
            if (verdict.kind !== 'accepted') continue
            inForce = { rev, hash, signers: ['k'] }
            expect(rev).toBeGreaterThan(before)
            if (before > 0) expect(rev - before).toBeLessThanOrEqual(100_000_000)
          }
        },
      ),
    )
  })
})
