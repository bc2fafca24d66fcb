import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../agent/cli/run.ts'
import { displayWidth } from '../../agent/cli/text/width.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { ControlHandlers } from '../../agent/ports/control.ts'
import type { FakeIo, FakeIoOptions } from '../fakes/cli-io.ts'
import { fakeAgent, statusReport } from '../fakes/control-handlers.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'
import { shownBy } from '../fakes/terminal.ts'

const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

describe('status', () => {
  test('says where a device stands that was moved, where it stood, and where it is about to go', async () => {
    const place = {
      province: '77',
      commune: '26680',
      formerly: [{ province: '75', commune: '26068', until: '2026-12-31' }],
      movingTo: { province: '77', commune: '26683' },
    }
    const moved = { ...statusReport, place }
    await using _agent = await bench.serve(fakeAgent({ status: { answer: () => moved } }).handlers)
    expect((await bench.call(['status'])).out).toMatch(
      /Place +77\/26680\n +formerly 75\/26068, still obeyed until 2026-12-31\n +moves to 77\/26683/,
    )
    expect((await bench.call(['status', '--lang', 'vi'])).out).toMatch(
      /Địa bàn +77\/26680\n +trước ở 75\/26068/,
    )
  })

  test('answers on one screen: is it well, what plays, what comes next, what is wrong', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { out } = await bench.call(['status'])
    expect(linesOf(out).length).toBeLessThanOrEqual(24)
    expect(out).toContain('DEGRADED')
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'SIGN - a sign cannot be reached, or cannot show a page as it was meant: gate: the port is gone',
    )
    expect(out).toContain('Bản tin xã buổi sáng (sang-tin-xa)')
    expect(out).toContain('0:30 / 10:12')
    expect(out).toContain('17:00:00  NOT ARMED NO_MEDIA')
    expect(out).toContain('items.1.when.times.0')
  })

  test('shows how loud it is, where that is measured', async () => {
    const loud = {
      ...statusReport,
      playing: { ...statusReport.playing, peakDb: -12.34 },
    } as typeof statusReport
    await using _server = await bench.serve(fakeAgent({ status: { answer: () => loud } }).handlers)
    expect((await bench.call(['status'])).out).toContain('[################----] -12.3 dBFS')
    const [silent, over] = [-120, 0].map((peakDb) => ({
      ...statusReport,
      playing: { ...statusReport.playing, peakDb },
    })) as [typeof statusReport, typeof statusReport]
    const meters = [silent, over].map(async (report) => {
      await using other = openLoaBench()
      await using _agent = await other.serve(fakeAgent({ status: { answer: () => report } }).handlers)
      return (await other.call(['status'])).out
    })
    expect(await meters[0]).toContain('[--------------------] -120.0 dBFS')
    expect(await meters[1]).toContain('[####################] 0.0 dBFS')
  })

  test('shows the link, the modem and the data that went over it', async () => {
    const mobile = {
      ...statusReport,
      net: {
        bearer: 'cellular',
        device: 'wwan0',
        addresses: ['10.64.1.2'],
        dbm: -95,
        modem: {
          model: 'EC25',
          state: 'connected',
          sim: 'ok',
          operator: 'Viettel',
          roaming: true,
          technology: 'lte',
          quality: 62,
        },
        data: { since: '2026-11-05', usedMb: 1234.5, monthlyMb: 3000 },
      },
    } as const
    await using _server = await bench.serve(fakeAgent({ status: { answer: () => mobile } }).handlers)
    const { out } = await bench.call(['status'])
    expect(out).toMatch(/Network +mobile network wwan0, -95 dBm, 10\.64\.1\.2\n/)
    expect(out).toContain('EC25: Viettel, lte, 62 %, roaming, connected\n')
    expect(out).toMatch(/Data +1234\.5 of 3000 MB over the modem since 2026-11-05\n/)
    const dead = {
      ...statusReport,
      net: { bearer: 'none', addresses: [], modem: { ...mobile.net.modem, sim: 'missing' } },
    } as const
    await using other = openLoaBench()
    await using _agent = await other.serve(fakeAgent({ status: { answer: () => dead } }).handlers)
    const { out: alone } = await other.call(['status', '--lang', 'vi'])
    expect(alone).toMatch(/Mạng +KHÔNG CÓ MẠNG\n/)
    expect(alone).toContain('KHÔNG CÓ SIM')
  })

  test('speaks Vietnamese', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { out } = await bench.call(['status'], { env: { LANG: 'vi_VN.UTF-8' } })
    expect(out).toContain('SIGN - không liên lạc được với bảng tin điện tử')
    expect(out).toMatch(/Hoạt động\s+đang phát/)
  })

  test('exits 0 whatever the health', async () => {
    const ill = { ...statusReport, health: 'fault' as const }
    await using _server = await bench.serve(fakeAgent({ status: { answer: () => ill } }).handlers)
    expect((await bench.call(['status'])).code).toBe(0)
  })

  test('never lets text from outside drive the terminal', async () => {
    const evil = {
      ...statusReport,
      playing: { ...statusReport.playing, title: 'a\u001b[2Jb' },
    } as typeof statusReport
    await using _server = await bench.serve(fakeAgent({ status: { answer: () => evil } }).handlers)
    const { out } = await bench.call(['status'], { terminal: true, env: { NO_COLOR: '1' } })
    expect(out).not.toContain('\u001b')
  })

  test('is coloured on a terminal only, and never with NO_COLOR', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    expect((await bench.call(['status'], { terminal: true })).out).toContain('\u001b[33m')
    expect((await bench.call(['status'], { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain(
      '\u001b',
    )
  })
})

const endless = (): ControlHandlers =>
  fakeAgent({
    status: {
      async *stream(_args, { signal }) {
        yield statusReport
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      },
    },
  }).handlers

describe('status --watch', () => {
  test('prints JSON Lines with --json', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { out } = await bench.call(['status', '--watch', '--json'])
    const states = linesOf(out).map((line) => (JSON.parse(line) as typeof statusReport).state)
    expect(states).toEqual(['playing', 'idle'])
  })

  test('says so when the agent ends, and exits 3', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    expect((await bench.call(['status', '--watch', '--json'])).code).toBe(3)
  })

  const watched = async (
    argv: readonly string[],
    options: FakeIoOptions,
    then: (edge: FakeIo) => void,
    handlers = endless(),
  ) => {
    await using _server = await bench.serve(handlers)
    let done = false
    const edge = bench.edge({
      terminal: true,
      ...options,
      onOut: () => {
        // The sign comes second.
        if (done || !edge.out().includes('▀')) return
        done = true
        then(edge)
      },
    })
    const code = await runCommand(['status', '--watch', ...argv], edge.io)
    const out = edge.out()
    return { code, out, shown: shownBy(out.slice(0, out.lastIndexOf(LEAVE))) }
  }

  test.each([
    ['en', 80, 24],
    ['vi', 80, 24],
    ['vi', 100, 40],
    ['en', 40, 12],
  ])(
    'takes the whole screen, in %s of %dx%d, fits it, and gives it back on q',
    async (lang, columns, rows) => {
      const { code, out, shown } = await watched(
        ['--lang', lang],
        { columns, rows, env: { NO_COLOR: '1' } },
        ({ press }) => press('q'),
      )
      expect(code).toBe(0)
      expect(out.startsWith('\u001b[?1049h')).toBe(true)
      expect(out.endsWith(LEAVE)).toBe(true)
      expect(shown.length).toBeLessThanOrEqual(rows)
      for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      const drawn = shown.join('\n')
      expect(drawn).toContain('SIGN')
      expect(drawn).toMatch(/\[=* +\] 0:30 \/ 10:12/)
      expect(drawn).toMatch(/NOT ARMED|CHƯA SẴN SÀNG/)
      // One lit LED in the corner of a panel of two rows.
      expect(drawn).toContain('│▀   │')
    },
  )

  test('says what to do about what is wrong', async () => {
    const { shown } = await watched([], { env: { NO_COLOR: '1' } }, ({ press }) => press('q'))
    expect(shown.join('\n')).toContain('-> plug and supply of the sign')
  })

  test('writes only the lines that changed', async () => {
    const quiet = fakeAgent({
      status: {
        async *stream(_args, { signal }) {
          yield statusReport
          yield { ...statusReport, outbox: 4 }
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        },
      },
    }).handlers
    const { out } = await watched(
      [],
      { env: { NO_COLOR: '1' }, columns: 80, rows: 40 },
      (edge) => setTimeout(() => edge.press('q'), 50),
      quiet,
    )
    const drawings = out.split('\u001b[?2026h').slice(1)
    expect(drawings.join('').match(/records not acknowledged/g)).toHaveLength(2)
    expect(drawings.join('').match(/d-7k2m4q9x/g)).toHaveLength(1)
  })

  test('is drawn anew when the terminal has another size', async () => {
    const { shown } = await watched([], { env: { NO_COLOR: '1' } }, (edge) => {
      edge.resize(60, 12)
      edge.press('q')
    })
    expect(shown.length).toBeLessThanOrEqual(12)
    for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(60)
  })

  test.each([
    ['Ctrl-C', ({ press }: FakeIo) => press('\u0003')],
    ['SIGTERM', ({ interrupt }: FakeIo) => interrupt()],
  ])('gives the screen back on %s', async (_what, end) => {
    const { code, out } = await watched([], {}, end)
    expect(code).toBe(0)
    expect(out.endsWith(LEAVE)).toBe(true)
  })

  test('gives the screen back when the process ends otherwise', async () => {
    let left = ''
    await watched([], {}, (edge) => {
      edge.exit()
      left = edge.out()
      edge.press('q')
    })
    expect(left.endsWith(LEAVE)).toBe(true)
  })

  test('goes on without the signs where an agent tells nothing of them', async () => {
    const { handlers } = fakeAgent({
      status: endless().status,
      'sign-pictures': {
        async *stream() {
          yield* []
          throw new LoaError('USAGE', 'this agent knows no sign-pictures')
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const edge = bench.edge({ terminal: true, onOut: (text) => text.includes('DEGRADED') && edge.press('q') })
    expect(await runCommand(['status', '--watch'], edge.io)).toBe(0)
  })
})
