import { describe, expect, it } from 'vitest'
import { readCap } from '../../../agent/wire/cap.ts'
import { parseDocument } from '../../../agent/wire/documents.ts'
import { bytesOf, example, type JsonObject } from '../../fixtures/documents.ts'

const info = (language: string, event: string, headline: string, more = ''): string =>
  `<info><language>${language}</language><category>Met</category><event>${event}</event><urgency>Immediate</urgency>
   <severity>Extreme</severity><certainty>Observed</certainty><expires>2026-11-22T06:00:00+07:00</expires>
   <headline>${headline}</headline>${more}<area><areaDesc>Sông Đồng Nai</areaDesc></area></info>`
const cap = (blocks: string, status = 'Actual'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>x</identifier>
   <status>${status}</status><msgType>Alert</msgType>${blocks}</alert>`
const FLOOD = cap(info('vi-VN', 'Lũ khẩn cấp', 'LŨ &amp; NGẬP') + info('en-US', 'Flood', 'Flood emergency'))

describe('a CAP 1.2 text', () => {
  it('gives event, severity, headlines by language and end', () => {
    expect(readCap(FLOOD)).toEqual({
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'LŨ & NGẬP', en: 'Flood emergency' },
      until: '2026-11-22T06:00:00+07:00',
    })
    expect(readCap(FLOOD.replaceAll(/<(\/?)(?=[a-z])/g, '<$1cap:'))).toEqual(readCap(FLOOD))
  })

  it.each([
    ['Cảnh báo sóng thần', 'tsunami'],
    ['Tin bão khẩn cấp', 'storm'],
    ['Sạt lở đất', 'landslide'],
    ['Lũ quét', 'flood'],
    ['Cháy rừng', 'fire'],
    ['Dịch bệnh', 'epidemic'],
    ['Lệnh sơ tán', 'evacuation'],
    ['Civil emergency', 'civil-defence'],
    ['Lũy tre', undefined],
    ['Something', undefined],
  ])('%s is %s', (text, event) => {
    expect(readCap(cap(info('vi', text, 'x'))).event).toBe(event)
  })

  it('an exercise is a test, and a draft is nothing', () => {
    expect(readCap(cap(info('vi', 'Lũ', 'x'), 'Exercise')).event).toBe('test')
    expect(readCap(cap(info('vi', 'Lũ', 'x'), 'Draft')).event).toBe(undefined)
  })

  it('comments, declarations and what is not CAP say nothing', () => {
    expect(readCap(cap(`<!-- ${info('vi', 'Lũ', 'x')} -->`))).toEqual({})
    expect(readCap(`<!DOCTYPE a [<!ENTITY x "y">]>${FLOOD}`)).toEqual({})
    for (const text of ['', '<', 'x', '<info', '<info>', '</info>', '<<<>>>'])
      expect(readCap(text).event).toBe(undefined)
  })

  it('is read in one pass, however it is built', () => {
    const started = performance.now()
    for (const unit of ['<info>', '<', '<!--', '<info', '&amp;', '<event>'])
      readCap(unit.repeat(Math.floor(200_000 / unit.length)))
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('an alert with a CAP text', () => {
  const { alerts, ...head } = example('alert')
  const [first] = alerts as JsonObject[]
  const { event: _, severity: __, headline: ___, until: ____, ...bare } = first ?? {}
  const { headline: _____, ...untitled } = first ?? {}
  const parsed = (alert: JsonObject) =>
    parseDocument('alert', bytesOf({ ...head, alerts: [alert] })).alerts[0]

  it('takes what it lacks from it', () => {
    expect(parsed({ ...bare, cap: FLOOD })).toMatchObject({
      event: 'flood',
      severity: 'extreme',
      headline: { en: 'Flood emergency' },
    })
  })

  it('keeps what it says itself', () => {
    expect(parsed({ ...bare, event: 'storm', cap: FLOOD })).toMatchObject({
      event: 'storm',
      severity: 'extreme',
    })
  })

  it('is refused for what neither says', () => {
    expect(() => parsed({ ...bare, cap: '<alert/>' })).toThrow('is missing')
    expect(() => parsed({ ...bare, cap: 'x'.repeat(200_001) })).toThrow('is missing')
    expect(() => parsed({ ...bare, cap: 7 })).toThrow('is missing')
    expect(() => parsed({ ...untitled, cap: cap(info('vi', 'Lũ', '')) })).toThrow('headline')
  })

  it.each([
    ['a number', 7],
    ['nothing', null],
    ['an empty text', ''],
    ['an object', { alert: {} }],
    ['a text that is no XML', 'LŨ KHẨN CẤP'],
    ['a text that breaks off', FLOOD.slice(0, 60)],
    ['half a character', '\ud800'],
    ['a text that is too long', 'x'.repeat(200_001)],
    ['a DOCTYPE', `<!DOCTYPE a [<!ENTITY x "y">]>${FLOOD}`],
  ])('that is complete holds with %s in its place', (_name, garbage) => {
    expect(parsed({ ...first, cap: garbage })).toEqual({ ...parsed({ ...first }), cap: '' })
  })

  it('that is complete holds whatever its CAP text says of the same members', () => {
    const wrong = FLOOD.replaceAll('2026-11-22T06:00:00+07:00', 'tomorrow').replace('Extreme', 'Terrible')
    expect(parsed({ ...first, cap: wrong })).toEqual({ ...parsed({ ...first }), cap: wrong })
  })
})
