import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DayRange } from '../../../agent/core/documents.ts'
import { deviceScope, effectiveConfig } from '../../../agent/core/policy/effective.ts'
import { isExcluded, outputsOf } from '../../../agent/core/policy/outputs.ts'
import { nextQuietChange, quietAt } from '../../../agent/core/policy/quiet-hours.ts'
import {
  capAt,
  effectiveVolume,
  gainDbOf,
  nextCapEdge,
  SILENCE_DB,
} from '../../../agent/core/policy/volume.ts'
import { createZone, DAY_MS } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { at, hanoi, iso, item } from '../schedule/items.ts'

const night = [{ from: '21:00', to: '05:00' }]
const local = (time: string) => at(`2026-11-22T${time}+07:00`)

test('quiet hours begin with their first minute, end before their last, and cross midnight', () => {
  expect(quietAt(night, hanoi, local('20:59:59.999'))).toBe(false)
  expect(quietAt(night, hanoi, local('21:00:00'))).toBe(true)
  expect(quietAt(night, hanoi, local('00:00:00'))).toBe(true)
  expect(quietAt(night, hanoi, local('04:59:59.999'))).toBe(true)
  expect(quietAt(night, hanoi, local('05:00:00'))).toBe(false)
})

test('a range within the day, one with equal ends, and none at all', () => {
  const noon = [{ from: '12:00', to: '13:00' }]
  expect(quietAt(noon, hanoi, local('12:00:00'))).toBe(true)
  expect(quietAt(noon, hanoi, local('13:00:00'))).toBe(false)
  expect(quietAt([{ from: '08:00', to: '08:00' }], hanoi, local('03:00:00'))).toBe(true)
  expect(quietAt([], hanoi, local('03:00:00'))).toBe(false)
})

test('the next change is the next edge that changes something', () => {
  const iso7 = (ms: number | undefined) =>
    ms === undefined ? undefined : iso(ms + 7 * 3_600_000).slice(0, 19)
  expect(iso7(nextQuietChange(night, hanoi, local('12:00:00')))).toBe('2026-11-22T21:00:00')
  expect(iso7(nextQuietChange(night, hanoi, local('21:00:00')))).toBe('2026-11-23T05:00:00')
  const touching = [
    { from: '21:00', to: '23:00' },
    { from: '23:00', to: '05:00' },
    { from: '22:00', to: '01:00' },
  ]
  expect(iso7(nextQuietChange(touching, hanoi, local('21:30:00')))).toBe('2026-11-23T05:00:00')
  expect(nextQuietChange([], hanoi, local('12:00:00'))).toBeUndefined()
  expect(nextQuietChange([{ from: '00:00', to: '00:00' }], hanoi, local('12:00:00'))).toBeUndefined()
})

const time = fc
  .integer({ min: 0, max: 47 })
  .map((half) => `${String(half >> 1).padStart(2, '0')}:${half % 2 ? '30' : '00'}`)
const range: fc.Arbitrary<DayRange> = fc.record({ from: time, to: time })

test('between now and the next change quiet hours do not change, even when the clocks do', () => {
  const berlin = createZone('Europe/Berlin')
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 3 }),
      fc.integer({ min: 0, max: 3 * DAY_MS }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ranges, offset, share) => {
        const now = epochMs(at('2026-03-28T00:00:00Z') + offset)
        const change = nextQuietChange(ranges, berlin, now)
        const end = change ?? now + DAY_MS
        const between = epochMs(Math.floor(now + share * (end - now - 1)))
        expect(quietAt(ranges, berlin, between)).toBe(quietAt(ranges, berlin, now))
        if (change !== undefined) expect(quietAt(ranges, berlin, change)).toBe(!quietAt(ranges, berlin, now))
      },
    ),
  )
})

test('the lowest cap in force counts', () => {
  const caps = [
    { from: '05:00', to: '06:00', max: 60 },
    { from: '05:30', to: '07:00', max: 40 },
  ]
  expect(
    ['04:59', '05:00', '05:30', '06:30', '07:00'].map((t) => capAt(caps, hanoi, local(`${t}:00`))),
  ).toEqual([100, 60, 40, 40, 100])
  expect(nextCapEdge(caps, hanoi, local('05:10:00'))).toBe(local('05:30:00'))
  expect(nextCapEdge([], hanoi, local('05:10:00'))).toBeUndefined()
})

test('volume under master and cap', () => {
  expect(effectiveVolume(70, 100, 100)).toBe(70)
  expect(effectiveVolume(70, 50, 100)).toBe(35)
  expect(effectiveVolume(70, 100, 60)).toBe(60)
})

test.each([
  [100, 0],
  [70, -6.2],
  [50, -12],
])('%i %% is %f dB', (percent, gainDb) => {
  expect(gainDbOf(percent)).toBeCloseTo(gainDb, 1)
})

test('no volume is silence, and silence is finite', () => {
  expect(gainDbOf(0)).toBe(SILENCE_DB)
  expect(gainDbOf(0.0001)).toBe(SILENCE_DB)
  expect(JSON.parse(JSON.stringify(gainDbOf(0)))).toBe(SILENCE_DB)
})

const own = {
  device: { id: 'd-1', province: '75', commune: '26068', groups: ['cho-moi'], languages: ['vi'] as const },
  policy: { quietHours: night, volume: [], normalFromProvince: 'play', fadeInSeconds: 0 } as const,
  heartbeat: { intervalSeconds: 60 },
}

test('without desired the configuration of the device is in force', () => {
  expect(effectiveConfig(own, undefined)).toEqual({
    policy: own.policy,
    groups: ['cho-moi'],
    heartbeat: { intervalSeconds: 60 },
    volume: undefined,
    languages: ['vi'],
  })
})

test('each key that desired gives replaces its own, in policy key by key', () => {
  const config = effectiveConfig(own, {
    policy: { quietHours: [], fadeInSeconds: 2 },
    groups: [],
    volume: 40,
    languages: ['crw', 'vi'],
  })
  expect(config.policy).toEqual({ quietHours: [], volume: [], normalFromProvince: 'play', fadeInSeconds: 2 })
  expect(config).toMatchObject({
    groups: [],
    heartbeat: { intervalSeconds: 60 },
    volume: 40,
    languages: ['crw', 'vi'],
  })
  expect(deviceScope('d-1', config)).toEqual({ id: 'd-1', groups: [], languages: ['crw', 'vi'] })
})

test('a device always speaks some language', () => {
  expect(effectiveConfig(own, { languages: [] }).languages).toEqual(['vi'])
})

const board = { amplifiers: ['main', 'yard'], signs: ['gate'] }
const pages = [{ text: 'x', seconds: 5 }]

test('an item uses what it names of the board, all of it when it names nothing', () => {
  expect(outputsOf(item(), board)).toEqual({ amplifiers: ['main', 'yard'], signs: [] })
  expect(outputsOf(item({ amplifiers: ['yard', 'none'], sign: { pages } }), board)).toEqual({
    amplifiers: ['yard'],
    signs: ['gate'],
  })
  expect(outputsOf(item({ parts: [], sign: { signs: ['hall'], pages } }), board)).toEqual({
    amplifiers: [],
    signs: [],
  })
})

test('an item that names only what the board lacks is excluded', () => {
  const play = { normalFromProvince: 'play' } as const
  expect(isExcluded(item({ amplifiers: ['none'] }), play, board)).toBe(true)
  expect(isExcluded(item({ amplifiers: ['none', 'main'] }), play, board)).toBe(false)
  expect(isExcluded(item(), play, { amplifiers: [], signs: [] })).toBe(false)
  expect(isExcluded(item({ sign: { signs: ['hall'], pages } }), play, board)).toBe(false)
  expect(isExcluded(item({ parts: [], sign: { signs: ['hall'], pages } }), play, board)).toBe(true)
  expect(isExcluded(item({ parts: [], sign: { pages } }), play, board)).toBe(false)
})

test('a device that ignores the normal programme from above still plays its commune and higher classes', () => {
  const ignore = { normalFromProvince: 'ignore' } as const
  expect(isExcluded(item({}, { area: 'vn' }), ignore, board)).toBe(true)
  expect(isExcluded(item({}, { area: '75' }), ignore, board)).toBe(true)
  expect(isExcluded(item({ class: 'priority' }, { area: '75' }), ignore, board)).toBe(false)
  expect(isExcluded(item(), ignore, board)).toBe(false)
})
