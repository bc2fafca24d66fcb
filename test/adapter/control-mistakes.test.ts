import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isVerb, VERBS, type VerbName } from '../../agent/cli/syntax.ts'
import { displayWidth } from '../../agent/cli/text/width.ts'
import type { LogEntry } from '../../agent/core/status.ts'
import {
  fakeAgent,
  logEntries,
  mediaReport,
  scheduleReport,
  statusReport,
} from '../fakes/control-handlers.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const verbs = Object.keys(VERBS).filter(isVerb)
const STACK = /^\s+at |node:internal|Error:|undefined|\[object/m

/** What a user may get wrong with each verb; every one of them ends with 1, 2 or 3. */
const MISTAKES: Readonly<Partial<Record<VerbName, readonly (readonly string[])[]>>> = {
  status: [['now'], ['--watch=yes'], ['--days', '1']],
  schedule: [['--days', '0'], ['--days', '36'], ['--days', 'x'], ['--days=-1'], ['tomorrow']],
  media: [['x'], ['--follow']],
  log: [
    ['--since', 'x'],
    ['--since', ''],
    ['--since', '5'],
    ['--since', '2026-13-45T99:00:00Z'],
    ['--since'],
    ['x'],
  ],
  play: [
    [],
    ['a.mp3', 'b.mp3'],
    ['/nowhere.mp3'],
    ['/'],
    ['/dev/null'],
    ['package.json'],
    ['--tone', '0'],
    ['--tone', 'A'],
    ['--tone', '440', '--volume', '101'],
    ['--tone', '440', '--seconds', '0'],
    ['--tone', '440', '--seconds', '1e9'],
    ['--tone', '440', '--class', 'loud'],
    ['--sweep', '--tone', '440'],
  ],
  hear: [['x'], ['--volume', '-5'], ['--volume', 'x']],
  amp: [
    [],
    ['on'],
    ['on', '../x'],
    ['up', 'main'],
    ['on', 'main', '--seconds', '-1'],
    ['learn'],
    ['unmute', 'x'],
    ['on', 'a', 'b'],
  ],
  sign: [
    [],
    ['paint'],
    ['text'],
    ['text', 'a', 'b'],
    ['text', 'a', '--mode', 'wild'],
    ['text', 'a', '--color', 'nocolour'],
    ['text', 'a', '--seconds', 'x'],
    ['image'],
    ['image', '/nowhere.png'],
    ['image', 'package.json'],
    ['test', 'x'],
    ['clear', 'x'],
    ['preview'],
    ['preview', 'a', '--size', '0x0'],
    ['preview', 'a', '--size', '9999x9999'],
    ['preview', 'a', '--png', '/nowhere/x.png'],
    ['preview', '--schedule', '/nowhere.json'],
    ['preview', '--schedule', 'package.json'],
  ],
  config: [
    [],
    ['check', '/nowhere.yaml'],
    ['check', '/'],
    ['check', 'package.json'],
    ['paint'],
    ['check', 'a', 'b'],
  ],
  board: [
    [],
    ['paint'],
    ['check'],
    ['check', '/nowhere.yaml'],
    ['check', 'no-such-board'],
    ['check', '/'],
    ['list', 'x'],
  ],
  doctor: [['x'], ['--watch']],
  bundle: [['x'], ['--out', '/nowhere/x.tar.gz'], ['--follow']],
  replay: [[], ['/nowhere.tar.gz'], ['/'], ['package.json'], ['a', 'b'], ['package.json', '--from', 'x']],
  selftest: [['x'], ['--report', '/nowhere/x.html'], ['--follow']],
  setup: [
    ['x'],
    ['--from', '/nowhere.yaml'],
    ['--from', '/'],
    ['--from', 'package.json', '--dry-run'],
    ['--from', 'a', '--enrol'],
    ['--move'],
    ['--move', 'x'],
    ['--move', '75/26068', '--overlap', 'x'],
    ['--overlap', '3'],
  ],
  update: [[], ['/nowhere.loa'], ['/'], ['package.json'], ['a', 'b'], ['--status', '--cancel']],
  verify: [[], ['/nowhere.jws'], ['/'], ['a', 'b']],
  version: [['x'], ['--follow']],
  help: [['nothing'], ['play', 'x']],
}
const calls = verbs.flatMap((verb) => [
  [verb, '--nope'],
  [verb, '--json=yes'],
  [verb, '--lang', 'fr'],
  [verb, '--config'],
  ...(MISTAKES[verb] ?? []).map((words) => [verb, ...words]),
])

describe('a mistake', () => {
  test('of every verb is answered in both languages, in a sentence and without a stack', async () => {
    await using _server = await bench.serve(fakeAgent().handlers)
    for (const lang of ['en', 'vi'])
      for (const argv of calls) {
        const { code, out, err } = await bench.call(
          argv.includes('--lang') ? argv : [...argv, '--lang', lang],
        )
        const said = JSON.stringify({ argv, lang, out, err })
        expect([1, 2, 3], said).toContain(code)
        expect(out + err, said).not.toMatch(STACK)
        expect((out + err).trim(), said).not.toBe('')
      }
  })

  test('leaves no verb out', () => {
    // `run` is told apart before the command; the rest has a list above.
    expect(verbs.filter((verb) => verb !== 'run' && (MISTAKES[verb] ?? []).length === 0)).toEqual([])
  })

  test.each([
    ['agent.yaml', 'paths: { runtime: ['],
    ['agent.yaml', '\u0000\u0001'],
    ['agent.yaml', '- 1'],
  ])('in %s (%j) is told with the place', async (name, text) => {
    const file = join(bench.folder, name)
    writeFileSync(file, `${text}\nruntime: [`)
    const { code, out, err } = await bench.call(['status', '--config', file])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(name)
    expect(err).not.toMatch(STACK)
  })
})

const ASKING: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--watch'],
  ['schedule'],
  ['media'],
  ['log'],
  ['log', '--follow'],
  ['play', '--tone', '440'],
  ['hear'],
  ['amp', 'on', 'main'],
  ['amp', 'learn', 'main'],
  ['amp', 'unmute'],
  ['sign', 'text', 'a'],
  ['sign', 'test'],
  ['sign', 'clear'],
  ['doctor'],
  ['selftest'],
  ['update', '--status'],
  ['update', '--cancel'],
  ['verify', '-'],
]
/** Holds both sockets as an agent would, and is then stopped. */
const HOLDER = `
const { createServer } = require('node:net')
const [, control, admin] = process.argv
createServer().listen(control, () => createServer().listen(admin, () => console.log('up')))`

test('every verb that asks says within three seconds that the agent is stopped', async () => {
  const asking = new Set(ASKING.map(([verb]) => verb))
  // A bundle is then made of what is on the disk.
  const alone = ['run', 'config', 'board', 'version', 'help', 'bundle', 'replay', 'setup']
  expect(verbs.filter((verb) => !asking.has(verb) && !alone.includes(verb))).toEqual([])
  const holder = spawn(process.execPath, ['-e', HOLDER, bench.socket, join(bench.folder, 'run/admin.sock')], {
    stdio: 'pipe',
  })
  try {
    await once(holder.stdout, 'data')
    holder.kill('SIGSTOP')
    const begun = performance.now()
    const answers = await Promise.all(
      ASKING.flatMap((argv) =>
        ['en', 'vi'].map((lang) => bench.call([...argv, '--lang', lang], { input: 'x' })),
      ),
    )
    expect(performance.now() - begun).toBeLessThan(3000)
    for (const { code, out, err } of answers) {
      expect(code, out + err).toBe(3)
      expect(out + err).toMatch(/does not answer|không trả lời/)
      expect(out + err).not.toMatch(STACK)
    }
  } finally {
    holder.kill('SIGKILL')
  }
})

const TITLE =
  'Thông báo của Ủy ban nhân dân xã về việc tiêm phòng vắc xin cho đàn gia súc, gia cầm đợt hai năm 2026'
const [played, event] = logEntries
const long = {
  status: {
    ...statusReport,
    playing: {
      item: 'x'.repeat(40),
      title: TITLE,
      document: '75/26068/schedule',
      positionSeconds: 3,
      volume: 70,
      peakDb: -3,
    },
    next: statusReport.next.map((next) => ({ ...next, title: TITLE })),
    problems: [{ code: 'BROKER' as const, detail: TITLE }],
  } satisfies typeof statusReport,
  schedule: {
    ...scheduleReport,
    items: scheduleReport.items.map((item) => ({ ...item, title: TITLE, class: 'emergency' as const })),
  },
  media: {
    ...mediaReport,
    files: mediaReport.files.map((file) => ({
      ...file,
      neededAt: '2026-11-23T10:00:00.000Z',
      neededBy: 'x'.repeat(40),
      code: 'NO_MEDIA' as const,
      message: TITLE,
    })),
  },
  log: [
    ...(played?.topic === 'playback'
      ? [{ ...played, record: { ...played.record, item: 'x'.repeat(40) } }]
      : []),
    ...(event?.topic === 'event' ? [{ ...event, record: { ...event.record, data: { why: TITLE } } }] : []),
  ] satisfies readonly LogEntry[],
}

test.each(
  ['status', 'schedule', 'media', 'log'].flatMap((verb) =>
    ['en', 'vi'].flatMap((lang) => [80, 100].map((columns) => [verb, lang, columns] as const)),
  ),
)(
  'loa %s in %s of long titles fits %d columns, without colour where none is wanted',
  async (verb, lang, columns) => {
    const { handlers } = fakeAgent({
      status: { answer: () => long.status },
      schedule: { answer: () => long.schedule },
      media: { answer: () => long.media },
      log: { answer: () => ({ timezone: 'Asia/Ho_Chi_Minh', entries: long.log }) },
    })
    await using _server = await bench.serve(handlers)
    const { out } = await bench.call([verb, '--lang', lang], {
      terminal: true,
      columns,
      env: { NO_COLOR: '1' },
    })
    expect(out).not.toContain('\u001b')
    expect(linesOf(out).length).toBeGreaterThan(1)
    for (const line of linesOf(out)) expect(displayWidth(line), line).toBeLessThanOrEqual(columns)
  },
)
