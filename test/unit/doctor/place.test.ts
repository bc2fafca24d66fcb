import { expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { vi } from '../../../agent/cli/messages/vi.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { StatusReport } from '../../../agent/core/status.ts'
import { agentSays } from '../../fakes/doctor-facts.ts'

const place = {
  province: '77',
  commune: '26680',
  formerly: [{ province: '75', commune: '26068', until: '2026-12-31' }],
}
const told = (status: Partial<StatusReport>, say = en) =>
  diagnose(agentSays({ status }), say.doctor)
    .filter(({ check }) => check === 'place')
    .map(({ level, what }) => `${level} ${what}`)

test('where a device stands and stood is told; a move that is waited for is a warning', () => {
  expect(told({ place })).toEqual([
    'ok stands in 77/26680',
    'ok formerly 75/26068: its documents are obeyed until 2026-12-31',
  ])
  const moving = { place: { ...place, movingTo: { province: '77', commune: '26683' } } }
  expect(told(moving)[2]).toMatch(/^warn is to move to 77\/26683/)
  expect(told(moving, vi)[2]).toMatch(/^warn sẽ chuyển sang 77\/26683/)
})
