import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import type { Messages } from '../../../agent/cli/messages/messages.ts'
import { vi } from '../../../agent/cli/messages/vi.ts'
import { type PageOptions, reportPage } from '../../../agent/cli/selftest/page.ts'
import { sweepPicture } from '../../../agent/cli/selftest/sweep-picture.ts'
import { NO_KEY, type SignedReport } from '../../../agent/core/selftest/report.ts'
import { selftestReport } from '../../fakes/selftest-report.ts'

const options = (say: Messages = en, language: 'en' | 'vi' = 'en'): PageOptions => ({
  say,
  language,
  timezone: 'Asia/Ho_Chi_Minh',
  jsonName: 'x.json',
})
const pageOf = (more: Partial<SignedReport> = {}): string =>
  reportPage({ ...selftestReport, ...more }, options())
/** What a person reads. */
const wordsOf = (page: string): string =>
  page
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

describe('the page of a commissioning run', () => {
  test('has every step with what was measured, every answer, the remark and who signs', () => {
    const words = wordsOf(pageOf())
    for (const told of [
      'd-7k2m4q9x',
      '2026-11-22 10:10:00',
      'relay closed in 31 ms, opened in 22 ms; its contact agrees',
      '100 to 8000 Hz in 6 s; volume 70; 88 % of it was heard',
      'proof of hearing ok',
      'sign gate PROBLEM SIGN',
      'acknowledged after 18.2 ms; back after 25.3 ms',
      'synced; offset 0.4 ms',
      'Was the siren heard? NO',
      'PROBLEMS were found',
      'signed with the key of this device (ES256)',
      'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
      'Installer (name, signature)',
    ])
      expect(words).toContain(told)
  })

  test('runs nothing, loads nothing, and escapes what people and devices wrote', () => {
    const page = pageOf()
    expect(page).not.toMatch(/<script|<link|<iframe|javascript:|\son\w+=/i)
    expect(page).not.toMatch(/(?:src|href)="(?!data:image\/png;base64,)/)
    expect(page).toContain('default-src &#39;none&#39;'.replaceAll('&#39;', "'"))
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;cột 3&quot;')
    expect(page).toContain('gate: &lt;the port&gt; is gone')
  })

  test('shows the pattern of each sign as a picture of its LEDs', () => {
    const [, png = ''] = /src="data:image\/png;base64,([^"]+)"/.exec(pageOf()) ?? []
    const { width, height } = decode(Buffer.from(png, 'base64'))
    expect([width, height]).toEqual([64 * 8, 16 * 8])
  })

  test('says it in Vietnamese', () => {
    const page = reportPage(selftestReport, options(vi, 'vi'))
    expect(page).toContain('<html lang="vi">')
    const words = wordsOf(page)
    for (const told of [
      'Biên bản chạy thử, nghiệm thu',
      'âm ly main tốt',
      'bảng gate CÓ LỖI',
      'Người lắp đặt',
    ])
      expect(words).toContain(told)
  })

  test('says plainly that it is not signed, or not complete', () => {
    const { signature: _signature, ...bare } = selftestReport
    const words = wordsOf(
      reportPage({ ...bare, unsigned: NO_KEY, cut: { code: 'PREEMPTED', item: 'lu' } }, options()),
    )
    expect(words).toContain('UNSIGNED: this device has no key of its own (mqtt.key)')
    expect(words).toContain(
      'the run was cut and is not complete: PREEMPTED - cut by an item of a higher class (lu)',
    )
  })

  test('of a device with nothing to try is a page all the same', () => {
    const page = pageOf({ steps: [{ step: 'amplifier', result: 'absent', facts: {} }], answers: [] })
    expect(wordsOf(page)).toContain('amplifiers not on this device')
    expect(page).not.toContain('<svg')
  })
})

describe('the picture of the sweep', () => {
  const sweep = { fromHz: 100, toHz: 8000, seconds: 6 }
  test('rises from the lowest left to the highest right, within its frame', () => {
    const picture = sweepPicture(sweep, en)
    expect(picture).toContain('<line x1="52" y1="176" x2="508" y2="24" stroke="#c00"')
    const numbers = [...picture.matchAll(/\s[xy][12]?="([^"]+)"/g)].map(([, value]) => Number(value))
    expect(numbers.every((value) => value >= 0 && value <= 520)).toBe(true)
  })

  test('shows the bands only where a microphone listened', () => {
    expect(sweepPicture(sweep, en)).not.toContain('stroke-dasharray')
    const heard = sweepPicture({ ...sweep, heard: 0.88 }, en)
    expect(heard.match(/stroke-dasharray/g)).toHaveLength(8)
    expect(heard).toContain('88 % of it was heard')
  })
})
