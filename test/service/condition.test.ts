import { expect, test } from 'vitest'
import { healthLevel } from '../../agent/core/health/level.ts'
import type { EventBody } from '../../agent/core/records.ts'
import type { Problem } from '../../agent/core/status.ts'
import { epochMs } from '../../agent/core/time.ts'
import { Condition } from '../../agent/services/condition.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

const bench = () => {
  const events: EventBody[] = []
  const further: Problem[] = []
  const condition = new Condition({
    clock: new ManualClock(),
    amplifiers: ['main', 'yard'],
    emit: (event) => events.push(event),
    further: () => further,
  })
  const told = () => events.map(({ code, severity, data }) => `${code} ${severity} ${data['state']}`)
  return { condition, further, events, told }
}
const at = epochMs(0)

test('a problem is an event when it begins and when it ends, and stands between', () => {
  const { condition, told } = bench()
  condition.report({ kind: 'device', ok: false, message: 'unplugged' })
  condition.report({ kind: 'device', ok: false, message: 'still unplugged' })
  expect(condition.problems).toEqual([{ code: 'AUDIO_DEVICE', detail: 'still unplugged' }])
  expect(healthLevel(condition.problems.map(({ code }) => code))).toBe('fault')
  condition.report({ kind: 'device', ok: true, message: 'back' })
  expect(condition.problems).toEqual([])
  expect(healthLevel(condition.problems.map(({ code }) => code))).toBe('ok')
  expect(told()).toEqual(['AUDIO_DEVICE alarm fault', 'AUDIO_DEVICE info ok'])
})

test('what hears the loudspeakers may fail: a warning, and the device is degraded, not faulty', () => {
  const { condition, told } = bench()
  condition.report({ kind: 'capture', ok: false, message: 'pulled out' })
  expect(condition.problems).toEqual([{ code: 'CAPTURE', detail: 'pulled out' }])
  expect(healthLevel(['CAPTURE'])).toBe('degraded')
  condition.report({ kind: 'capture', ok: true, message: 'it hears' })
  expect(told()).toEqual(['CAPTURE warning fault', 'CAPTURE info ok'])
})

test('a stuck relay is told with its name, and is over when the read-back agrees again', () => {
  const { condition, events, told } = bench()
  condition.report({ kind: 'amplifier', id: 'yard', state: 'stuck', at })
  expect(condition.amplifiers).toEqual({ main: 'off', yard: 'stuck' })
  condition.report({ kind: 'amplifier', id: 'yard', state: 'on', at })
  expect(told()).toEqual(['AMPLIFIER_STUCK alarm fault', 'AMPLIFIER_STUCK info ok'])
  expect(events[0]?.data).toMatchObject({ message: 'yard' })
})

test('a sign that fails degrades, and each sign has its own event', () => {
  const { condition, told } = bench()
  condition.sign('gate', { ok: false, message: 'no answer' })
  condition.sign('hall', { ok: false, message: 'no answer' })
  expect(condition.problems).toEqual([{ code: 'SIGN', detail: 'gate: no answer' }])
  expect(healthLevel(condition.problems.map(({ code }) => code))).toBe('degraded')
  condition.sign('gate', { ok: true, message: '' })
  expect(condition.problems).toEqual([{ code: 'SIGN', detail: 'hall: no answer' }])
  expect(told()).toEqual(['SIGN alarm fault', 'SIGN alarm fault', 'SIGN info ok'])
})

test('faults go before lesser problems, what others find out is among them', () => {
  const { condition, further } = bench()
  further.push({ code: 'SIGNATURES_OFF' }, { code: 'DISK_FULL' })
  condition.sign('gate', { ok: false, message: 'x' })
  expect(condition.problems.map(({ code }) => code)).toEqual(['DISK_FULL', 'SIGN', 'SIGNATURES_OFF'])
})

test('with its playout process gone every relay counts as open', () => {
  const { condition } = bench()
  condition.report({ kind: 'amplifier', id: 'main', state: 'on', at })
  condition.report({ kind: 'process', up: false, message: 'killed' })
  expect(condition.amplifiers).toEqual({ main: 'off', yard: 'off' })
})

test('a relay that cannot be driven is told from one whose contact disagrees', () => {
  const clock = new ManualClock()
  const condition = new Condition({ clock, amplifiers: ['main'], emit: () => undefined, further: () => [] })
  const at = clock.wall()
  const message = 'gpiochip9: no such chip'
  condition.report({
    kind: 'amplifier',
    id: 'main',
    state: 'stuck',
    at,
    fault: { code: 'AMPLIFIER', message },
  })
  expect(condition.problems).toEqual([{ code: 'AMPLIFIER', detail: message }])
})

test('a playout process that dies is no problem, one that dies again before it is up is one until it is', () => {
  const { condition, told } = bench()
  condition.report({ kind: 'process', up: true, message: 'playout is ready' })
  condition.report({ kind: 'process', up: false, message: 'killed' })
  expect(condition.problems).toEqual([])
  condition.report({ kind: 'process', up: false, message: 'playout ended with code 1' })
  condition.report({ kind: 'process', up: false, message: 'playout ended with code 1' })
  expect(condition.problems).toEqual([{ code: 'AUDIO_DEVICE', detail: 'playout ended with code 1' }])
  condition.report({ kind: 'process', up: true, message: 'playout is ready' })
  expect(condition.problems).toEqual([])
  expect(told()).toEqual(['AUDIO_DEVICE alarm fault', 'AUDIO_DEVICE info ok'])
})
