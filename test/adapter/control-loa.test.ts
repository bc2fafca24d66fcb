import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../../agent/cli/run.ts'
import { displayWidth } from '../../agent/cli/text/width.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { LogEntry } from '../../agent/core/status.ts'
import { fakeIo } from '../fakes/cli-io.ts'
import { fakeAgent, logEntries, mediaReport, scheduleReport } from '../fakes/control-handlers.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const CALLS: readonly (readonly string[])[] = [
  ['status'],
  ['schedule'],
  ['media'],
  ['log'],
  ['play', '--tone', '440'],
  ['amp', 'on', 'main'],
  ['verify', '-'],
]

describe('every verb that asks the agent', () => {
  test.each(CALLS.map((argv) => [argv] as const))(
    '%j prints one JSON value with --json and nothing else',
    async (argv) => {
      await using _server = await bench.serve(fakeAgent().handlers)
      const { code, out, err } = await bench.call([...argv, '--json'])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(() => JSON.parse(out) as unknown).not.toThrow()
    },
  )

  test.each(
    CALLS.flatMap(
      (argv) =>
        [
          [argv, 'en'],
          [argv, 'vi'],
        ] as const,
    ),
  )('%j in %s fits 80 columns, without colour where it is piped', async (argv, language) => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { code, out } = await bench.call([...argv, '--lang', language])
    expect(code).toBe(0)
    expect(out).not.toContain('\u001b')
    for (const line of linesOf(out)) expect(displayWidth(line)).toBeLessThanOrEqual(80)
  })

  test.each(CALLS.map((argv) => [argv] as const))(
    '%j exits 3 when the agent is not running, and says how to start it',
    async (argv) => {
      const { code, out, err } = await bench.call(argv)
      expect({ code, out }).toEqual({ code: 3, out: '' })
      expect(err).toContain('the agent is not running')
      expect(err).toContain('systemctl start loa-agent')
    },
  )

  test('exits 1 with the sentence of the agent when the action failed', async () => {
    const { handlers } = fakeAgent({
      amplifier: {
        answer: () => {
          throw new LoaError('AMPLIFIER', 'no amplifier is called x')
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const { code, out, err } = await bench.call(['amp', 'on', 'x'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('loa: no amplifier is called x\n')
  })
})

describe('the runtime directory', () => {
  test('comes from --config before LOA_CONFIG', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const edge = fakeIo({ env: { LOA_CONFIG: '/nowhere.yaml' } })
    expect(await runCommand(['status', '--json', '--config', bench.config], edge.io)).toBe(0)
  })

  test('is the default one when the default file is missing', async () => {
    const edge = fakeIo()
    expect(await runCommand(['status'], edge.io)).toBe(3)
    expect(edge.err()).toContain('/run/loa/control.sock')
  })

  test.each([
    ['that is missing', undefined],
    ['that is not valid', 'paths: { runtime: [] }'],
  ])('of a file somebody asked for %s is wrong usage', async (_what, text) => {
    const file = join(bench.folder, 'other.yaml')
    if (text !== undefined) writeFileSync(file, text)
    const { code, err } = await bench.call(['status', '--config', file])
    expect(code).toBe(2)
    expect(err).toContain('other.yaml')
  })
})

describe('schedule', () => {
  test('shows each day by the clock of the place, who gives way and how, and what will not play', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { out } = await bench.call(['schedule'])
    const lines = linesOf(out)
    expect(lines[0]).toMatch(/^Monday 2026-11-23 +3 items, 1 will not play, 1 at the same time$/)
    const under = (start: string): string =>
      lines[lines.findIndex((line) => line.startsWith(start)) + 1] ?? ''
    expect(out).toMatch(
      /^05:00:00 +10:12 {2}normal {2}75\/26068 {2}yes +Bản tin xã buổi sáng \(sang-tin-xa\)$/m,
    )
    expect(out).toMatch(/^05:05:00 +10:12 {2}normal {2}75 +yes +Bản tin tỉnh/m)
    expect(under('05:05:00').trim()).toBe('conflicts with Bản tin xã buổi sáng: waits until 05:10:12')
    expect(out).toMatch(/^22:00:00 .* NO +dem$/m)
    expect(under('22:00:00').trim()).toBe('QUIET_HOURS - quiet hours')
  })

  test.each([
    ['first', 'this one goes first', 'mục này phát trước'],
    ['joins', 'joined at 05:10:12', 'vào giữa chừng lúc 05:10:12'],
    ['resumed', 'cut at 05:10:12, goes on afterwards', 'bị cắt lúc 05:10:12, sau đó phát tiếp'],
    ['restarted', 'begins anew afterwards', 'phát lại từ đầu'],
    ['dropped', 'the rest is dropped', 'bỏ phần còn lại'],
    ['missed', 'MISSED', 'LỠ'],
  ] as const)('says of a conflict that ends %s what it comes to', async (outcome, english, vietnamese) => {
    const [, item] = scheduleReport.items
    const conflict = { with: 'sang-tin-xa', outcome, at: '2026-11-22T22:10:12.000Z' }
    const report = { ...scheduleReport, items: item === undefined ? [] : [{ ...item, conflict }] }
    await using _server = await bench.serve(fakeAgent({ schedule: { answer: () => report } }).handlers)
    expect((await bench.call(['schedule'])).out).toContain(english)
    expect((await bench.call(['schedule', '--lang', 'vi'])).out).toContain(vietnamese)
  })

  test('asks for as many days as it was told', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    await bench.call(['schedule', '--days', '7', '--json'])
    expect(agent.asked).toEqual([{ verb: 'schedule', args: { days: 7 } }])
  })

  test('says that nothing is planned', async () => {
    const empty = { ...scheduleReport, items: [] }
    await using _server = await bench.serve(fakeAgent({ schedule: { answer: () => empty } }).handlers)
    expect((await bench.call(['schedule'])).out).toBe(
      'Nothing is planned from 2026-11-23 00:00:00 until 2026-11-24 00:00:00.\n',
    )
  })
})

describe('media', () => {
  test('shows how far each file is', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const { out } = await bench.call(['media'])
    expect(out).toContain('1 of 2 files ready, 9.3 of 4096 MB used')
    expect(out).toMatch(/aaaaaaaaaaaa .* \[##########\] 100% {2}ready/)
    expect(out).toMatch(/bbbbbbbbbbbb .* \[##--------\] {2}25% {2}fetching {2}11-23 17:00 hop-thon/)
    expect(out).toContain('          2 KiB/s, 6m 0s left\n')
    expect(JSON.parse((await bench.call(['media', '--json'])).out)).toEqual(mediaReport)
  })
})

describe('log', () => {
  test('shows one record a line, newest last', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const [played, event] = linesOf((await bench.call(['log'])).out)
    expect(played).toMatch(/^2026-11-23 05:00:00 {2}partial .*sang-tin-xa STOPPED {2}612 s \+0.6 ms/)
    expect(event).toMatch(/^2026-11-23 05:20:00 {2}warning .*BROKER/)
  })

  test.each([
    ['2h', '2026-11-22T20:00:00.000Z'],
    ['7d', '2026-11-15T22:00:00.000Z'],
    ['2026-11-22T05:00:00+07:00', '2026-11-21T22:00:00.000Z'],
  ])('--since %s asks for records since %s', async (since, instant) => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    await bench.call(['log', '--since', since, '--json'])
    expect(agent.asked).toEqual([{ verb: 'log', args: { since: instant } }])
  })

  test('--follow prints JSON Lines with --json', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    const edge = bench.edge({ onOut: () => linesOf(edge.out()).length === 2 && edge.interrupt() })
    expect(await runCommand(['log', '--follow', '--json'], edge.io)).toBe(0)
    expect(linesOf(edge.out()).map((line) => JSON.parse(line) as unknown)).toEqual(logEntries)
  })

  test('--follow says that the agent stopped, waits for it, and goes on where it was', async () => {
    const [first, second] = logEntries
    const told = (...entries: LogEntry[]) =>
      fakeAgent({
        log: {
          answer: () => ({ timezone: 'Asia/Ho_Chi_Minh', entries: [] }),
          async *stream() {
            yield* entries
          },
        },
      }).handlers
    await using servers = new AsyncDisposableStack()
    const before = await bench.serve(told(...(first === undefined ? [] : [first])))
    const edge = bench.edge({
      onOut: () => {
        if (linesOf(edge.out()).length === 2) edge.interrupt()
      },
    })
    const following = runCommand(['log', '--follow'], edge.io)
    await vi.waitFor(() => expect(edge.err()).toContain('the agent stopped; waiting'), { timeout: 5000 })
    await before[Symbol.asyncDispose]()
    servers.use(await bench.serve(told(...logEntries)))
    expect(await following).toBe(0)
    expect(edge.err()).toBe(
      'loa: the agent stopped; waiting for it to come back (Ctrl-C ends)\nloa: the agent is back\n',
    )
    const lines = linesOf(edge.out())
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain(second?.topic === 'event' ? second.record.code : '')
  })

  test('--follow exits 3 when nobody was there to begin with', async () => {
    expect((await bench.call(['log', '--follow'])).code).toBe(3)
  })
})

describe('play', () => {
  test('sends the bytes of a file with their digest, so that the agent need not be able to read it', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const bytes = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(300_000, 7)])
    writeFileSync(join(bench.folder, 'a.mp3'), bytes)
    const { code, out } = await bench.call(['play', join(bench.folder, 'a.mp3'), '--volume', '50'])
    expect(code).toBe(0)
    expect(out).toContain('completed, 3 s sounded')
    expect(Buffer.concat(agent.received).equals(bytes)).toBe(true)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(agent.asked).toEqual([
      { verb: 'play', args: { file: { sha256, bytes: 300_003, format: 'mp3', name: 'a.mp3' }, volume: 50 } },
    ])
  })

  test('asks for a tone, a sweep, or a file, and for one of them only', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    await bench.call(['play', '--tone', '440'])
    await bench.call(['play', '--sweep', '--seconds', '4'])
    expect(agent.asked.map(({ args }) => args)).toEqual([
      { tone: { hz: 440 } },
      { tone: { hz: 100, toHz: 10_000 }, seconds: 4 },
    ])
    expect((await bench.call(['play', '--sweep', '--tone', '440'])).code).toBe(2)
    expect((await bench.call(['play'])).code).toBe(2)
  })

  test('exits 1 when not all of it sounded, with the reason', async () => {
    const { handlers } = fakeAgent({
      play: {
        async *stream() {
          yield {
            state: 'ended',
            item: 'local-1',
            result: 'failed',
            reason: 'AUDIO_DEVICE',
            playedSeconds: 0,
          }
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const { code, out } = await bench.call(['play', '--tone', '440'])
    expect(code).toBe(1)
    expect(out).toContain('AUDIO_DEVICE - the sound device is missing or failed')
  })

  test('ends the sound when it is interrupted', async () => {
    const gone = Promise.withResolvers<void>()
    const { handlers } = fakeAgent({
      play: {
        async *stream(_args, { signal }) {
          yield { state: 'accepted', item: 'local-1' }
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          gone.resolve()
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const edge = bench.edge({
      onOut: (text) => {
        if (text.includes('taken by the agent')) edge.interrupt()
      },
    })
    expect(await runCommand(['play', '--tone', '440'], edge.io)).toBe(0)
    await gone.promise
    expect(edge.out()).toContain('stopped')
  })
})
