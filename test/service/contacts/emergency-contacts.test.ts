import { describe, expect, test } from 'vitest'
import { at, news } from '../dispatch/station.ts'
import { GuardedStation } from './guarded-station.ts'

const started = (...options: ConstructorParameters<typeof GuardedStation>): GuardedStation => {
  const station = new GuardedStation(...options)
  station.on()
  return station
}
const KEYED = { keySwitch: { level: '/run/key' } }

describe('an emergency contact', () => {
  test('is heard at the edge that counts, over everything, and is recorded like any alert', async () => {
    const station = started()
    station.publish([news('morning', at(5), 60)])
    await station.passGuarded(20)
    const closed = station.clock.wall()
    station.put(true)
    await station.pass(0.049, 49)
    expect(station.agent.playout.orders.at(-1)?.takeover).not.toBe(true)
    await station.pass(0.001, 1)
    expect(station.agent.playout.orders.at(-1)).toMatchObject({ takeover: true, at: closed + 50 })
    station.put(false)
    await station.passGuarded(150)
    expect(station.record('alarm')).toMatchObject({
      document: 'contact',
      rev: 0,
      class: 'emergency',
      tier: 'commune',
      planned: new Date(closed + 50).toISOString(),
      result: 'completed',
      playedSeconds: 10,
      volume: 100,
    })
    expect(station.record('morning')).toMatchObject({ result: 'completed', cuts: 1 })
    expect(station.events).toEqual(['alarm closed', 'info open'])
  })

  test('without any configuration sounds a siren and shows that there is an alarm, for a minute', async () => {
    const station = started({}, { siren: { onSeconds: 3, offSeconds: 0, cycles: 1 } })
    station.put(true)
    await station.passGuarded(1)
    station.put(false)
    await station.passGuarded(30)
    expect(station.guard.alerts.inForce).toHaveLength(1)
    expect(station.board.text).toBe('Báo động khẩn cấp')
    await station.passGuarded(40)
    expect(station.board.text).toBe('')
    expect(station.outcomes).toEqual(['alarm: completed'])
  })

  test('that stays closed repeats until it is opened, and a sounding is then finished', async () => {
    const station = started({}, { repeatEverySeconds: 30 })
    station.put(true)
    await station.passGuarded(95)
    station.put(false)
    await station.passGuarded(120)
    expect(station.outcomes).toEqual(Array.from({ length: 4 }, () => 'alarm: completed'))
  })

  test('that is opened just before a repetition does not sound it', async () => {
    const station = started({}, { repeatEverySeconds: 30 })
    station.put(true)
    await station.passGuarded(88)
    station.put(false)
    await station.passGuarded(60)
    expect(station.outcomes).toHaveLength(3)
  })

  test('that is stuck is over after its longest time, and is an alarm again only once it was opened', async () => {
    const station = started({}, { repeatEverySeconds: 30, maxMinutes: 2 })
    station.put(true)
    await station.passGuarded(300)
    expect(station.outcomes).toHaveLength(4)
    expect(station.guard.alerts.inForce).toEqual([])
    expect(station.guard.condition.problems).toEqual([{ code: 'EMERGENCY_CONTACT', detail: 'alarm' }])
    await station.stop()
    station.on()
    await station.passGuarded(60)
    expect(station.outcomes).toHaveLength(4)
    station.put(false)
    await station.passGuarded(1)
    expect(station.guard.condition.problems).toEqual([])
    station.put(true)
    await station.passGuarded(20)
    expect(station.outcomes).toHaveLength(5)
  })

  test('closed again while it is in force goes on and does not begin anew', async () => {
    const station = started()
    for (const seconds of [1, 1, 60]) {
      station.put(true)
      await station.passGuarded(seconds)
      station.put(false)
      await station.passGuarded(1)
    }
    await station.passGuarded(120)
    expect(station.outcomes).toEqual(['alarm: completed', 'alarm: completed'])
    station.put(true)
    await station.passGuarded(20)
    expect(station.outcomes).toHaveLength(3)
  })

  test('sounds beside an alert of the province by the same rules: the graver one first', async () => {
    const station = started({}, { severity: 'moderate' })
    station.alerts = [
      {
        ...{ id: 'flood', event: 'flood', severity: 'extreme', headline: { vi: 'LŨ' }, until: at(3600) },
        siren: { onSeconds: 20, offSeconds: 0, cycles: 1 },
      },
    ]
    station.guard.alerts.replace()
    await station.passGuarded(5)
    station.put(true)
    await station.passGuarded(45)
    expect(station.outcomes).toEqual(['flood: completed', 'alarm: completed'])
  })

  test('is silent in mute, shows its pages, and sounds on unmute while it is in force', async () => {
    const station = started({}, { repeatEverySeconds: 300 })
    const mute = (on: boolean) => station.agent.play.apply({ kind: 'mute', at: station.clock.wall(), on })
    mute(true)
    station.put(true)
    await station.passGuarded(10)
    expect(station.outcomes).toEqual(['alarm: skipped MUTED'])
    expect(station.board.text).toBe('Báo động khẩn cấp')
  })
})

describe('its guards', () => {
  test('hold time: a touch that is shorter does nothing', async () => {
    const station = started({ holdMs: 3000 })
    station.put(true)
    await station.passGuarded(3)
    station.put(false)
    await station.passGuarded(10)
    expect(station.outcomes).toEqual([])
    station.put(true)
    await station.passGuarded(4)
    expect(station.guard.alerts.inForce).toHaveLength(1)
  })

  test('key switch: refused and told once while it is not turned, and ended by turning it back', async () => {
    const station = started(KEYED)
    await station.passGuarded(1)
    station.put(true)
    await station.passGuarded(5)
    expect(station.events).toEqual(['warning refused'])
    station.put(false)
    station.put(true, 'key')
    await station.passGuarded(1)
    station.put(true)
    await station.passGuarded(5)
    station.put(false, 'key')
    await station.passGuarded(5)
    expect(station.outcomes).toEqual(['alarm: partial CANCELLED'])
    expect(station.board.text).toBe('')
    expect(station.events).toEqual(['warning refused', 'alarm closed', 'info locked', 'warning refused'])
  })

  test('a contact that trembles gives no alarm until it is closed firmly', async () => {
    const station = started()
    for (let edge = 0; edge < 401; edge += 1) {
      station.put(edge % 2 === 0)
      await station.pass(0.02, 20)
    }
    expect(station.events).toEqual([])
    await station.passGuarded(2)
    expect(station.events).toEqual([])
    await station.passGuarded(2)
    expect(station.events).toEqual(['alarm closed'])
  })
})

describe('after a restart', () => {
  test('a contact that is still closed goes on: what was cut short sounds at once', async () => {
    const station = started({}, { repeatEverySeconds: 300 })
    station.put(true)
    await station.passGuarded(5)
    await station.powerCut()
    station.on()
    await station.passGuarded(15)
    expect(station.outcomes).toEqual(['alarm: interrupted POWER_LOST', 'alarm: completed'])
    expect(station.events).toEqual(['alarm closed'])
  })

  test('one that was opened meanwhile is in force for the rest of its time', async () => {
    const station = started({}, { forSeconds: 120, repeatEverySeconds: 300 })
    station.put(true)
    await station.passGuarded(20)
    await station.stop()
    station.put(false)
    station.on()
    await station.passGuarded(60)
    expect(station.guard.alerts.inForce).toHaveLength(1)
    await station.passGuarded(60)
    expect(station.guard.alerts.inForce).toEqual([])
    expect(station.events).toEqual(['alarm closed', 'info open'])
  })

  test('one that was closed while the agent was off is an alarm', async () => {
    const station = started()
    await station.passGuarded(2)
    await station.stop()
    station.put(true)
    station.on()
    await station.passGuarded(15)
    expect(station.outcomes).toEqual(['alarm: completed'])
  })
})

test.each([3_600, -3_600])('its end comes when it should although the clock is set by %i s', async (step) => {
  const station = started({}, { siren: { onSeconds: 1, offSeconds: 0, cycles: 1 } })
  station.put(true)
  await station.passGuarded(20)
  station.put(false)
  station.step(step)
  await station.passGuarded(30)
  expect(station.guard.alerts.inForce).toHaveLength(1)
  await station.passGuarded(12)
  expect(station.guard.alerts.inForce).toEqual([])
})
