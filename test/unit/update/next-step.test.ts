import { expect, test } from 'vitest'
import { nextStep } from '../../../agent/core/update/next-step.ts'
import { packageOnly, type SlotsState } from '../../../agent/core/update/slots.ts'

const wanted = { version: '1.2.0', sha256: 'a'.repeat(64) }
const other = { version: '1.3.0', sha256: 'b'.repeat(64) }
const base = packageOnly('0.9.0')
const trial = { slot: 'a', starts: 1, before: { sound: true, broker: true } } as const
const refused = [{ ...wanted, reason: 'crashed', at: '2026-11-26T00:00:00Z' }]

test.each<
  [string, Partial<SlotsState>, { running?: 'package' | 'a'; tried?: boolean; here?: boolean }, object]
>([
  ['nothing is there', {}, {}, { do: 'fetch' }],
  ['the package is there', {}, { here: true }, { do: 'stage' }],
  ['it is in its slot', { staged: { slot: 'a', ...wanted } }, {}, { do: 'try' }],
  ['another is in the slot', { staged: { slot: 'a', ...other } }, { here: true }, { do: 'stage' }],
  ['its trial was granted', { trial: { ...trial, ...wanted } }, {}, { do: 'restart' }],
  ['it runs', { trial: { ...trial, ...wanted } }, { running: 'a' }, { do: 'trial' }],
  ['another is on trial', { trial: { ...trial, ...other } }, {}, { do: 'wait' }],
  ['it is committed', { committed: { slot: 'a', version: '1.2.0' } }, { running: 'a' }, { do: 'done' }],
  ['it was gone back from', { refused }, { tried: true }, { do: 'back', reason: 'crashed' }],
  ['an earlier order of it was gone back from', { refused }, {}, { do: 'fetch' }],
])('when %s', (_, slots, { running = 'package', tried = false, here = false }, step) => {
  expect(nextStep(wanted, { slots: { ...base, ...slots }, running, tried, here })).toEqual(step)
})
