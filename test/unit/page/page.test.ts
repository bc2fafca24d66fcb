import { describe, expect, test } from 'vitest'
import type { PageView } from '../../../agent/core/page-view.ts'
import { createStatusPage } from '../../../agent/page/page.ts'
import type { PageLanguage } from '../../../agent/ports/status-page.ts'
import { happenedToday, playedToday, viewOf } from '../../fakes/page-view.ts'

const pageOf = (view: PageView, language: PageLanguage = 'vi'): Promise<string> =>
  createStatusPage(() => view).page(language)
const partOf = (page: string, id: string): string =>
  new RegExp(`<(\\w+) id="${id}" data-part[\\s\\S]*?</\\1>`).exec(page)?.[0] ?? ''

const HOSTILE = `<script>alert(1)</script>"'&\u202e\u0000`
const TAMED = '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'

describe('the status page', () => {
  test('says in one sentence that all is well, and that nothing needs to be done', async () => {
    const page = await pageOf(viewOf())
    expect(page).toContain('<html lang="vi">')
    expect(partOf(page, 'headline')).toContain('Máy chạy tốt; đang chờ giờ phát.')
    expect(partOf(page, 'todo')).toContain('Không có việc gì cần làm.')
    expect(await pageOf(viewOf(), 'en')).toContain('The device is well; waiting for the next programme.')
  })

  test('says what is wrong in words, the gravest first, each with what to do next', async () => {
    const page = await pageOf(
      viewOf({
        status: {
          health: 'fault',
          problems: [
            { code: 'BROKER', detail: 'nobody answers' },
            { code: 'AUDIO_DEVICE', detail: 'no card' },
          ],
          broker: { connected: false },
        },
      }),
    )
    const todo = partOf(page, 'todo')
    expect(partOf(page, 'headline')).toMatch(/class="headline fault".*Máy hỏng/)
    expect(todo).toContain('không dùng được thiết bị âm thanh: no card')
    expect(todo).toContain('<b>Cách làm:</b>')
    expect(todo.indexOf('no card')).toBeLessThan(todo.indexOf('nobody answers'))
  })

  test('is not well where a check fails of which the heartbeat knows nothing', async () => {
    const page = await pageOf(viewOf({ trust: [] }))
    expect(partOf(page, 'headline')).toMatch(/class="headline degraded"/)
  })

  test('shows what plays with how far it is, and what comes next with why it is not armed', async () => {
    const page = await pageOf(
      viewOf({
        status: {
          state: 'playing',
          playing: {
            item: 'tin',
            title: 'Bản tin sáng',
            document: '75/26068/schedule',
            positionSeconds: 80.4,
            durationSeconds: 300,
            volume: 70,
          },
          next: [
            { item: 'xa', title: 'Tin xa', at: '2026-11-24T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' },
          ],
        },
      }),
    )
    expect(partOf(page, 'now')).toContain('Bản tin sáng')
    expect(partOf(page, 'now')).toMatch(
      /<progress aria-label="Đã phát được" value="80" max="300">1:20 trên 5:00/,
    )
    expect(partOf(page, 'next')).toMatch(/17:00 24\/11<\/time> <span class="title">Tin xa/)
    expect(partOf(page, 'next')).toContain('trên máy chưa có tệp mà mục này cần')
  })

  test('shows each sign as a picture with what stands on it, and says so of a dark one and of one that does not work', async () => {
    const sign = { takes: 'raster', ok: true, proof: 'sent' } as const
    const page = await pageOf(
      viewOf(
        {},
        {
          signs: [
            { ...sign, id: 'gate', text: 'Họp thôn', picture: { png: 'AAAA', width: 64, height: 16 } },
            { ...sign, id: 'hall', text: '' },
            { ...sign, id: 'yard', text: 'Họp', ok: false, picture: { png: 'BBBB', width: 8, height: 8 } },
          ],
        },
      ),
    )
    expect(page).toContain(
      'src="data:image/png;base64,AAAA" width="512" height="128" alt="Bảng gate đang hiện: Họp thôn"',
    )
    expect(page).toContain('Bảng hall đang tối')
    expect(page).toContain('Không biết bảng yard đang hiện gì')
    expect(page).not.toContain('BBBB')
  })

  test('lists the records of the day in words, and says when there are more', async () => {
    const played = { topic: 'playback', record: playedToday, title: 'Bản tin sáng' } as const
    const missed = {
      topic: 'playback',
      record: { ...playedToday, result: 'missed', reason: 'LATE' },
    } as const
    const event = { topic: 'event', record: happenedToday } as const
    const foreign = { topic: 'event', record: { ...happenedToday, code: 'toString' } } as const
    const many = [played, missed, event, foreign, ...Array.from({ length: 7 }, () => event)]
    const records = partOf(await pageOf(viewOf({}, { records: many, recordsCut: true })), 'records')
    expect(records).toMatch(
      /phát đủ<\/span> <span class="title">Bản tin sáng<\/span> <span class="dim">300 giây/,
    )
    expect(records).toContain('không kịp bắt đầu trong khoảng thời gian cho phép')
    expect(records).toContain('mất điện lưới')
    expect(records).toContain('toString')
    expect(records).toContain('Xem thêm 3 mục')
    expect(records).toContain('loa log --since 1d')
  })

  test('never takes what comes from outside for HTML, wherever it stands', async () => {
    const page = await pageOf(
      viewOf(
        {
          status: {
            device: HOSTILE,
            board: HOSTILE,
            playing: { item: 'x', title: HOSTILE, document: HOSTILE, positionSeconds: 1, volume: 1 },
            next: [{ item: HOSTILE, at: '2026-11-23T10:00:00.000Z', armed: true }],
            problems: [{ code: 'SIGN', detail: HOSTILE }],
            net: { bearer: 'ethernet', addresses: [HOSTILE] },
            amps: { [HOSTILE]: 'off' },
          },
        },
        {
          signs: [{ id: HOSTILE, takes: 'text', ok: true, proof: 'sent', text: HOSTILE }],
          records: [
            { topic: 'playback', record: { ...playedToday, item: HOSTILE } },
            { topic: 'event', record: { ...happenedToday, code: HOSTILE } },
          ],
        },
      ),
    )
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(page).not.toContain('alert(1)</script>')
    for (const control of ['\u0000', '\u202e']) expect(page).not.toContain(control)
    expect(page.split(TAMED).length).toBeGreaterThan(9)
  })

  test('has the parts that change alone, each as it stands in the page', async () => {
    const page = createStatusPage(() => viewOf())
    const whole = await page.page('vi')
    const parts = await page.parts('vi')
    const ids = [...parts.matchAll(/id="(\w+)" data-part/g)].map(([, id = '']) => id)
    expect(ids).toEqual(['headline', 'at', 'now', 'todo', 'next', 'state', 'doctor', 'records', 'about'])
    for (const id of ids) expect(partOf(whole, id), id).toBe(partOf(parts, id))
  })

  test.each(['vi', 'en'] as const)(
    'has one h1, no level of heading left out, and no id twice, in %s',
    async (language) => {
      const page = await pageOf(viewOf({ trust: [] }), language)
      const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([])
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(page).not.toMatch(/ style=| on\w+=/)
    },
  )

  test('asks for the token with a form that has a label', async () => {
    const notice = await createStatusPage(() => viewOf()).notice('wanted', 'vi')
    expect(notice).toContain('<label for="token">Mã truy cập</label>')
    expect(notice).not.toContain('<script')
  })
})
