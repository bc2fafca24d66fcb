import { expect, test } from 'vitest'
import { SPARE_MS } from '../../../agent/core/link/latest-start.ts'
import type { Way } from '../../../agent/core/link/way.ts'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { Thrift } from '../../../agent/services/thrift.ts'
import { CABLE, MODEM, WIFI } from '../../fakes/fake-links.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'

const HOUR_MS = 3_600_000
/** 10:00 in Việt Nam. */
const MORNING = epochMs(Date.UTC(2026, 10, 22, 3))
const NIGHT = [{ from: '00:00', to: '05:00' }]

const open = (way: Way, night = NIGHT) => {
  const clock = new ManualClock(MORNING)
  const world = { way, state: 'synced' as 'synced' | 'unset' }
  const thrift = new Thrift({
    clock,
    time: {
      get state() {
        return world.state
      },
    },
    zone: createZone('Asia/Ho_Chi_Minh'),
    way: () => world.way,
    night,
  })
  const putOff = (hours: number, bytes = 0): number | undefined =>
    thrift.putOff(() => [{ id: 'a', bytes, neededAt: epochMs(MORNING + hours * HOUR_MS) }]).get('a')
  return { clock, world, putOff }
}

test('over a modem a file waits until night, or until its last safe moment if that is sooner', () => {
  const { putOff } = open(MODEM)
  expect(putOff(40)).toBe(MORNING + 14 * HOUR_MS)
  expect(putOff(8)).toBe(MORNING + 8 * HOUR_MS - SPARE_MS - 60_000)
})

test('what is due soon, or now, never waits', () => {
  const { putOff } = open(MODEM)
  for (const hours of [-1, 0, 1, 2]) expect(putOff(hours)).toBeUndefined()
  // Half a gigabyte takes more than four hours of a slow link.
  expect(putOff(6, 500_000_000)).toBeUndefined()
})

test('over a cable, over Wi-Fi, in the night and while the time is unknown nothing waits', async () => {
  for (const way of [CABLE, WIFI]) expect(open(way).putOff(40)).toBeUndefined()
  const { clock, world, putOff } = open(MODEM)
  world.state = 'unset'
  expect(putOff(40)).toBeUndefined()
  world.state = 'synced'
  await clock.advance(14 * HOUR_MS)
  expect(putOff(40)).toBeUndefined()
  await clock.advance(5 * HOUR_MS)
  expect(putOff(40)).toBeGreaterThan(clock.wall())
})

test('without a night a file waits for its last safe moment', () => {
  expect(open(MODEM, []).putOff(40)).toBe(MORNING + 40 * HOUR_MS - SPARE_MS - 60_000)
})
