import { expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { UpdateReport } from '../../../agent/core/update/progress.ts'
import { agentSays, wellFacts } from '../../fakes/doctor-facts.ts'

const told = (update: UpdateReport, updateKeys: readonly string[]): readonly string[] => {
  const { settings } = wellFacts
  if (settings === undefined) throw new Error('a device without settings')
  return diagnose(agentSays({ status: { update }, settings: { ...settings, updateKeys } }), en.doctor)
    .filter(({ check }) => check === 'update')
    .map(({ level, code, what, next = '' }) => [level, code, what, next].filter(Boolean).join(' - '))
}

test.each<[UpdateReport, string]>([
  [{ state: 'fetching', version: '1.2.0', progress: 3 }, 'ok - update to 1.2.0: fetching'],
  [{ state: 'done', version: '1.2.0' }, 'ok - the last update went well: 1.2.0'],
  [{ state: 'cancelled', version: '1.2.0' }, 'ok - no update is under way'],
  [
    { state: 'back', version: '1.2.0', message: 'three bad starts' },
    'warn - UPDATE - release 1.2.0 was tried',
  ],
  [
    { state: 'refused', code: 'BAD_SIGNATURE', message: 'x' },
    'warn - BAD_SIGNATURE - an update was refused: x',
  ],
  [{ state: 'failed', message: 'y' }, 'warn - UPDATE - an update was refused: y'],
])('an update %o is told', (update, line) => {
  expect(told(update, ['maker'])).toEqual([expect.stringContaining(line)])
})

test('a missing update.keys is told of once an update came', () => {
  const refused: UpdateReport = { state: 'refused', code: 'UNKNOWN_KEY', message: 'no key' }
  expect(told(refused, [])).toEqual([expect.stringContaining('agent.yaml names no key')])
  expect(told(refused, ['maker'])).toEqual([expect.stringContaining('an update was refused: no key')])
  expect(told({ state: 'idle' }, [])).toEqual([expect.stringContaining('ok')])
})
