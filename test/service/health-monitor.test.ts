import { expect, test } from 'vitest'
import { DEADLINES, HealthMonitor } from '../../agent/services/health-monitor.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

test('a component that is heard of in time is not silent, one that is not is named', async () => {
  const clock = new ManualClock()
  const monitor = new HealthMonitor(clock)
  expect(monitor.silent).toEqual([])
  await clock.advance(DEADLINES.dispatch)
  monitor.heard('reports')
  expect(monitor.silent).toEqual([])
  await clock.advance(1)
  expect(monitor.silent).toEqual(['dispatch'])
  monitor.heard('dispatch')
  expect(monitor.silent).toEqual([])
})
