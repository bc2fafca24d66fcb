import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAgent } from '../../agent/adapters/control/client.ts'
import { openControlServer } from '../../agent/adapters/control/server.ts'
import { CONTROL_ACCESS, type ControlVerb } from '../../agent/core/control.ts'
import { LoaError } from '../../agent/core/error.ts'
import { parseControlRequest } from '../../agent/wire/control-verbs.ts'
import { fakeAgent, silentLogger } from '../fakes/control-handlers.ts'
import { openLoaBench } from '../fakes/loa-bench.ts'

let folder = ''
const control = (): string => join(folder, 'control.sock')
const admin = (): string => join(folder, 'admin.sock')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-access-'))
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Groups that every Debian has and nobody is in stand for `loa` and `loa-admin`. */
const GROUPS = { look: 'games', act: 'staff' } as const
const GROUP_IDS = { look: 60, act: 50 } as const
const serve = (groups?: { look: string; act: string }) => {
  const agent = fakeAgent()
  const server = openControlServer({
    path: control(),
    handlers: agent.handlers,
    logger: silentLogger,
    maxBodyBytes: 1_000_000,
    ...(groups === undefined ? {} : { groups }),
  })
  return { agent, server }
}

const REQUESTS: { readonly [V in ControlVerb]: object } = {
  status: { verb: 'status' },
  schedule: { verb: 'schedule' },
  media: { verb: 'media' },
  log: { verb: 'log' },
  play: { verb: 'play', follow: true, args: { tone: { hz: 440 } } },
  amplifier: { verb: 'amplifier', args: { id: 'main', on: true } },
  selftest: { verb: 'selftest', follow: true, args: { attended: false } },
  'selftest-answer': { verb: 'selftest-answer', args: { run: 'a', question: 'sweep', answer: 'yes' } },
  'learn-line': { verb: 'learn-line', args: { id: 'main' } },
  sign: { verb: 'sign', args: { what: 'clear' } },
  verify: { verb: 'verify', args: { bytes: 0 } },
  doctor: { verb: 'doctor' },
  bundle: { verb: 'bundle', follow: true },
  'sign-pictures': { verb: 'sign-pictures', args: { columns: 64, rows: 16 } },
  unmute: { verb: 'unmute' },
  update: { verb: 'update', follow: true, args: { bytes: 1 } },
  'update-cancel': { verb: 'update-cancel' },
}
const VERBS = Object.entries(REQUESTS).map(
  ([verb, request]) => [verb as ControlVerb, `${JSON.stringify(request)}\n`] as const,
)

const answerOf = async (path: string, line: string): Promise<{ ok: boolean; code?: string }> => {
  const socket = connect({ path, allowHalfOpen: true })
  socket.end(line)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return JSON.parse(text.split('\n').find((each) => each !== '') ?? '') as { ok: boolean; code?: string }
}

describe('T14 looking and acting are asked over two sockets', () => {
  test.each(VERBS)(
    '%s is answered on control.sock only if it looks, and always on admin.sock',
    async (verb, line) => {
      const { server } = serve()
      await using _server = await server
      expect(parseControlRequest(Buffer.from(line.trim())).verb).toBe(verb)
      const looks = CONTROL_ACCESS[verb] === 'look'
      const answer = await answerOf(control(), line)
      expect(answer).toMatchObject(looks ? { ok: true } : { ok: false, code: 'NOT_ADMIN' })
      if (looks || verb === 'amplifier') expect(await answerOf(admin(), line)).toMatchObject({ ok: true })
    },
  )

  test('a refused order reaches no handler', async () => {
    const { agent, server } = serve()
    await using _server = await server
    for (const [verb, line] of VERBS) if (CONTROL_ACCESS[verb] === 'act') await answerOf(control(), line)
    expect(agent.asked).toEqual([])
  })

  test('the client finds the right one by itself', async () => {
    const { server } = serve()
    await using _server = await server
    expect(await askAgent(control(), 'amplifier', { id: 'main', on: true })).toMatchObject({ id: 'main' })
    expect(await askAgent(control(), 'media', {})).toMatchObject({ wanted: 2 })
  })

  test('where the machine has no administrators, only the user of the agent may act', async () => {
    const { server } = serve({ look: 'games', act: 'no-such-group' })
    await using _server = await server
    expect(statSync(admin()).mode & 0o777).toBe(0o600)
    expect(statSync(control()).mode & 0o777).toBe(0o660)
  })

  test('both are gone with the server, and a socket that cannot be opened takes the other with it', async () => {
    const first = await serve().server
    await expect(serve().server).rejects.toMatchObject({ code: 'IO' })
    await first[Symbol.asyncDispose]()
    expect([existsSync(control()), existsSync(admin())]).toEqual([false, false])
  })
})

describe('loa, refused', () => {
  test.each([
    ['en', 'you may look at this device but not act on it', 'sudo usermod -aG loa,loa-admin'],
    ['vi', 'bạn được xem nhưng không được điều khiển', 'sudo usermod -aG loa,loa-admin'],
  ])('says in %s what is missing and what to do', async (language, what, next) => {
    using bench = openLoaBench()
    const { handlers } = fakeAgent({
      amplifier: {
        answer: () => {
          throw new LoaError('NOT_ADMIN', 'refused')
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const { code, err } = await bench.call(['amp', 'on', 'main', '--lang', language])
    expect(code).toBe(1)
    expect(err).toContain(what)
    expect(err).toContain(next)
  })
})

/** What a user without any right but those of its groups gets. */
const asUserIn = async (groups: readonly number[], path: string, line: string): Promise<string> => {
  const own = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')]
  const user = ['--reuid', '65534', '--regid', '65534', ...own]
  const child = spawn('setpriv', [...user, 'socat', '-t', '5', '-', `UNIX-CONNECT:${path}`])
  let said = ''
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString()
  })
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(line)
  await once(child, 'close')
  return said
}

const noRoot = process.getuid?.() === 0 ? '' : ' (SKIPPED: only root can become another user)'
describe.skipIf(noRoot !== '')(`T14 the kernel keeps the two groups apart${noRoot}`, () => {
  const LOOK = '{"verb":"media"}\n'
  const ACT = '{"verb":"amplifier","args":{"id":"main","on":true}}\n'
  const { look, act } = GROUP_IDS

  test.each([
    ['a stranger may do neither', [], false, false],
    ['a member of the first may look', [look], true, false],
    ['a member of both may look and act', [look, act], true, true],
  ] as const)('%s', async (_who, groups, mayLook, mayAct) => {
    const { agent, server } = serve(GROUPS)
    await using _server = await server
    const answered = '"ok":true'
    const denied = 'Permission denied'
    expect(await asUserIn(groups, control(), LOOK)).toContain(mayLook ? answered : denied)
    expect(await asUserIn(groups, admin(), ACT)).toContain(mayAct ? answered : denied)
    expect(agent.asked.some(({ verb }) => verb === 'amplifier')).toBe(mayAct)
  })
})
