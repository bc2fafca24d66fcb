import { describe, expect, test } from 'vitest'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { fieldsHoldMs, fillFields } from '../../../agent/core/sign/fields.ts'
import { layIdlePages } from '../../../agent/core/sign/idle.ts'
import { lightAt } from '../../../agent/core/sign/light.ts'
import { layTextPage } from '../../../agent/core/sign/page.ts'
import type { IdlePage } from '../../../agent/core/sign/settings.ts'
import { sunTimes } from '../../../agent/core/sign/sun.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'
import { pictureOf } from './panel-picture.ts'

const zone = createZone('Asia/Ho_Chi_Minh')
const at = (iso: string): EpochMs => epochMs(Date.parse(iso))
const GATE = { width: 128, height: 16, framesPerSecond: 30 }
const HANOI = { latitude: 21.03, longitude: 105.85 }

describe('fields of idle pages', () => {
  const now = at('2026-11-26T05:07:09+07:00')
  test.each([
    ['{time}', '05:07', 60_000],
    ['{time:s}', '05:07:09', 1000],
    ['{weekday} {date}', 'Thứ Năm 26/11/2026', 60_000],
    ['còn {countdown 2026-11-28T06:07:10+07:00}', 'còn 2 ngày 01:00:01', 1000],
    ['{countdown 2026-01-01T00:00:00+07:00}', '00:00:00', 1000],
    ['{countdown mai}', '--:--:--', 1000],
    ['Xã Chợ Mới {khác}', 'Xã Chợ Mới {khác}', undefined],
  ])('%s', (text, filled, holdMs) => {
    expect(fillFields(text, now, zone)).toBe(filled)
    expect(fieldsHoldMs(text)).toBe(holdMs)
  })

  test('a time that is not known is dashes, never a wrong one', () => {
    const text = '{time} {time:s} {date} {weekday} {countdown 2026-11-28T06:07:10+07:00}'
    expect(fillFields(text, undefined, zone)).toBe('--:-- --:--:-- --/--/---- -- --:--:--')
  })
})

describe('idle pages', () => {
  const lay = (page: IdlePage, wall: () => EpochMs | undefined) => {
    const qrOf = () => ({ size: 21, dark: Array.from({ length: 441 }, () => true) })
    const [laid] = layIdlePages([page], GATE, { wall, zone, qrOf })
    if (laid === undefined) throw new Error('nothing was laid out')
    return laid
  }

  test('a clock shows the minute that it is, and changes with it', () => {
    let now = at('2026-11-26T05:07:50+07:00')
    const page = lay({ text: '{time}', seconds: 600 }, () => now)
    const first = page.steps(0, 0)
    expect(first.nextMs).toBe(10_000)
    const still = (text: string) => pictureOf(layTextPage({ text, seconds: 1 }, GATE).draw(0))
    expect(pictureOf(page.draw(first.index))).toBe(still('05:07'))
    now = at('2026-11-26T05:08:00+07:00')
    const second = page.steps(10_000, 0)
    expect(second.index).not.toBe(first.index)
    expect(second.nextMs).toBe(60_000)
    expect(pictureOf(page.draw(second.index))).toBe(still('05:08'))
    expect(page.text).toBe('')
  })

  test('a QR code that has no room says so', () => {
    expect(lay({ qr: 'https://phan-anh.example/x', seconds: 5 }, () => undefined).faults).toEqual([
      { kind: 'too-small' },
    ])
  })
})

describe('the sun', () => {
  test.each([
    [HANOI, '2026-06-21T05:00:00Z', '05:15', '18:40'],
    [HANOI, '2026-12-22T05:00:00Z', '06:29', '17:20'],
    [{ latitude: 9.18, longitude: 105.15 }, '2026-11-26T05:00:00Z', '05:57', '17:36'],
  ])('%j on %s rises at %s and sets at %s', (place, day, rise, set) => {
    const times = sunTimes(place, at(day))
    expect(fillFields('{time}', times.rise, zone)).toBe(rise)
    expect(fillFields('{time}', times.set, zone)).toBe(set)
  })
})

describe('the light of a sign', () => {
  const settings = {
    brightness: [{ from: '20:00', to: '20:30', max: 20 }],
    night: 30,
    dark: [{ from: '22:00', to: '04:30' }],
  }
  const light = (iso: string | undefined, place?: typeof HANOI) =>
    lightAt(settings, place, zone, iso === undefined ? undefined : at(`2026-06-21T${iso}:00+07:00`))

  test('goes by the sun where the place is known, else from six to six', () => {
    expect(light('18:30', HANOI)).toEqual({ percent: 100, dark: false })
    expect(light('18:45', HANOI)).toEqual({ percent: 30, dark: false })
    expect(light('18:30')).toEqual({ percent: 30, dark: false })
    expect(light('05:30', HANOI).percent).toBe(100)
  })

  test('the lower cap of hours and night counts; dark hours are dark over midnight', () => {
    expect(light('20:15', HANOI)).toEqual({ percent: 20, dark: false })
    expect(light('23:00', HANOI)).toEqual({ percent: 30, dark: true })
    expect(light('04:29').dark).toBe(true)
    expect(light('04:30').dark).toBe(false)
  })

  test('is full and never dark while the time is not known', () => {
    expect(light(undefined, HANOI)).toEqual({ percent: 100, dark: false })
    expect(lightAt({}, undefined, zone, at('2026-06-21T23:00:00+07:00'))).toEqual({
      percent: 100,
      dark: false,
    })
  })
})
