import { expect, test } from 'vitest'
import { rehearse } from '../../../agent/playout/rehearsal.ts'

test.each([
  ['without a filter', undefined],
  ['through a filter', { highPassHz: 200, presenceDb: 3 }],
])('an alert over a programme is rehearsed to its end, %s', async (_, filter) => {
  const pieces = await rehearse({
    ...{ channels: 1, bufferMs: 500, filter, wallOffsetMs: () => 0 },
    nowNs: () => Number(process.hrtime.bigint()),
  })
  expect(pieces).toEqual(['programme', 'siren-wail', 'siren-two-tone'])
})
