import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areaEnd,
  areasOf,
  obeyedAreas,
  overlapEnd,
  type Place,
  trustedAreas,
} from '../../../agent/core/place.ts'
import { at, hanoi } from '../schedule/items.ts'

const place = (area: string): Place => {
  const [province = '', commune = ''] = area.split('/')
  return { province, commune }
}
const standing = (present: string, ...former: readonly string[]) => ({
  present: place(present),
  former: former.map(place),
})

describe('documents of former places', () => {
  test('are obeyed beside those of the present one, each area once', () => {
    expect(obeyedAreas(standing('77/26680'))).toEqual(['vn', '77', '77/26680'])
    expect(obeyedAreas(standing('77/26680', '75/26068', '77/26683'))).toEqual([
      ...['vn', '77', '77/26680'],
      ...['75', '75/26068'],
      '77/26683',
    ])
  })

  test('are judged by the trust of where they come from, those of the present place by its own alone', () => {
    const moved = standing('77/26680', '75/26068', '75/26071')
    for (const area of [undefined, 'vn', '77', '77/26680'])
      expect(trustedAreas(area, moved)).toEqual(['vn', '77', '77/26680'])
    expect(trustedAreas('75/26068', moved)).toEqual(['vn', '75', '75/26068'])
    expect(trustedAreas('75', moved)).toEqual(['vn', '75', '75/26068', '75/26071'])
  })

  test('of a commune of the same province leave the province where it is', () => {
    const moved = standing('75/26071', '75/26068')
    expect(trustedAreas('75', moved)).toEqual(['vn', '75', '75/26071'])
    expect(trustedAreas('75/26068', moved)).toEqual(['vn', '75', '75/26068'])
  })

  const anyPlace = fc.record({
    province: fc.constantFrom('75', '77', '79'),
    commune: fc.constantFrom('26068', '26071', '26680'),
  })
  test('never bring trust of a former place to an area of the present one, wherever it went', () => {
    fc.assert(
      fc.property(anyPlace, fc.array(anyPlace, { maxLength: 4 }), (present, former) => {
        const own: readonly string[] = areasOf(present)
        for (const area of [undefined, ...own])
          expect(trustedAreas(area, { present, former }).every((each) => own.includes(each))).toBe(true)
      }),
    )
  })
})

describe('the overlap', () => {
  test('ends when its last local day does, or at its instant', () => {
    const until = (text: string) => overlapEnd({ ...place('75/26068'), until: text }, hanoi)
    expect(until('2026-12-31')).toBe(at('2027-01-01T00:00:00+07:00'))
    expect(until('2026-12-31T17:30:00+07:00')).toBe(at('2026-12-31T17:30:00+07:00'))
  })

  test('of an area lasts as long as that of any former place in it; the present one has no end', () => {
    const formerly = [
      { ...place('75/26068'), until: '2026-12-31' },
      { ...place('75/26071'), until: '2027-01-31' },
    ]
    const end = (area: string) => areaEnd(area, place('77/26680'), formerly, hanoi)
    expect(end('75')).toBe(at('2027-02-01T00:00:00+07:00'))
    expect(end('75/26068')).toBe(at('2027-01-01T00:00:00+07:00'))
    expect([end('vn'), end('77'), end('77/26680')]).toEqual([undefined, undefined, undefined])
  })
})
