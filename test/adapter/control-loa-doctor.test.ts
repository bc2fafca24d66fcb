import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packageVersion } from '../../agent/adapters/system/project.ts'
import { displayWidth } from '../../agent/cli/text/width.ts'
import type { Finding } from '../../agent/core/doctor/check.ts'
import type { AgentFacts } from '../../agent/core/doctor/facts.ts'
import { LoaError } from '../../agent/core/error.ts'
import { fakeAgent } from '../fakes/control-handlers.ts'
import { type AgentChange, agentSays } from '../fakes/doctor-facts.ts'
import { linesOf, openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
let root = ''
beforeEach(() => {
  bench = openLoaBench()
  root = join(bench.folder, 'root')
  mkdirSync(join(root, 'etc'), { recursive: true })
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nloa:x:990:\nloa-admin:x:991:\n')
  writeFileSync(join(root, 'etc/machine-id'), '0123456789abcdef0123456789abcdef\n')
  mkdirSync(join(root, 'usr/bin'), { recursive: true })
  for (const program of ['ffmpeg', 'espeak-ng', 'perl']) writeFileSync(join(root, 'usr/bin', program), '')
})
afterEach(() => bench[Symbol.dispose]())

type Answer = { readonly ok: boolean; readonly checks: readonly Finding[] }

const says = ({ status, ...more }: AgentChange = {}) => {
  // The command compares releases and the age of the file with this very checkout.
  const facts = agentSays({ ...more, status: { agent: packageVersion(), uptimeSeconds: -1e9, ...status } })
  return fakeAgent({ doctor: { answer: () => facts.agent as AgentFacts } }).handlers
}
const json = async (): Promise<{ code: number } & Answer> => {
  const { code, out } = await bench.call(['doctor', '--json'], { root })
  return { code, ...(JSON.parse(out) as Answer) }
}
const wrong = ({ checks }: Answer): readonly string[] =>
  checks.filter(({ level }) => level !== 'ok').map(({ level, check, code }) => `${level} ${check} ${code}`)

describe('loa doctor', () => {
  test('exits 0 when all is well, with one line for each check', async () => {
    await using _server = await bench.serve(says())
    const { code, out, err } = await bench.call(['doctor'], { root })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(linesOf(out).filter((line) => !/^ok {4}|^ {6}/.test(line))).toEqual([])
  })

  test('shows the groups that are asked for, and looks no further than they need', async () => {
    await using _server = await bench.serve(says({ status: { muted: true } }))
    const asked = async (...only: readonly string[]) => {
      const { out } = await bench.call(['doctor', '--json', ...only], {
        root,
        outside: { brokers: [{ url: 'mqtts://b', state: 'refused' }] },
      })
      return JSON.parse(out) as Answer & {
        readonly device: string
        readonly counts: { readonly warn: number }
      }
    }
    const few = await asked('--only', 'sound,outbox', '--only', 'sign')
    expect([...new Set(few.checks.map(({ group }) => group))]).toEqual(['sound', 'sign', 'outbox'])
    expect(few).toMatchObject({ ok: true, device: 'd-7k2m4q9x', counts: { warn: 1 } })
    expect(wrong(await asked('--only=broker'))).toEqual(['warn reach BROKER'])
    const none = await bench.call(['doctor', '--only', 'sound,nonsense'], { root })
    expect(none.code).toBe(2)
    expect(none.err).toMatch(/no group of checks nonsense; there are: identity, .*outbox/)
  })

  test('tells of what it sees around the device and on its disk (faked probes)', async () => {
    mkdirSync(join(bench.folder, 'state'))
    mkdirSync(join(root, 'proc/net'), { recursive: true })
    const route = 'eth0\t00000000\t01020304\t0003\t0\t0\t100\t00000000'
    writeFileSync(join(root, 'proc/net/route'), `Iface\n${route}\n`)
    const text = readFileSync(bench.config, 'utf8')
    writeFileSync(bench.config, text.replace('paths: {', `paths: { state: "${bench.folder}/state",`))
    const looked: string[] = []
    const { code, out } = await bench.call(['doctor', '--json'], {
      root,
      now: Date.now(),
      outside: {
        names: [{ host: 'b.example', answer: 'unknown' }],
        brokers: [{ url: 'mqtts://b.example', state: 'name' }],
        times: [{ source: 'ntp.example', aheadMs: -3_600_000 }],
      },
      service: { time: { NTP: 'no' } },
      database: (path, inUse) => {
        looked.push(`${path.slice(bench.folder.length)} ${inUse}`)
        return path.endsWith('state.db') ? 'malformed' : 'ok'
      },
    })
    expect(code).toBe(3)
    expect(looked).toEqual(['/state/state.db false', '/state/media.db false'])
    expect(wrong(JSON.parse(out))).toEqual([
      'FAIL agent undefined',
      'FAIL databases DATABASE',
      'FAIL compared NO_CLOCK',
      'FAIL broker-names DNS',
      'FAIL signatures SIGNATURES_OFF',
    ])
  })

  test('exits 1 when a check failed, 0 with warnings alone', async () => {
    {
      await using _server = await bench.serve(says({ status: { muted: true } }))
      expect(await json()).toMatchObject({ code: 0, ok: true })
    }
    await using _server = await bench.serve(
      says({ status: { problems: [{ code: 'AUDIO_DEVICE', detail: 'no such device' }] } }),
    )
    const answer = await json()
    expect(answer).toMatchObject({ code: 1, ok: false })
    expect(wrong(answer)).toEqual(['FAIL device AUDIO_DEVICE'])
  })

  test.each(['en', 'vi'])(
    'in %s every line fits 80 columns and every fault is followed by what to do',
    async (language) => {
      await using _server = await bench.serve(
        says({
          uid: 0,
          trust: [],
          refused: [{ document: '75/schedule', code: 'UNKNOWN_KEY', message: 'no accepted trust document' }],
          status: {
            broker: { connected: false },
            muted: true,
            amps: { main: 'stuck' },
            jail: { state: 'partial', missing: ['files'] },
            problems: [
              { code: 'BROKER', detail: 'mqtts://broker-a:8883: connect ECONNREFUSED 127.0.0.1:8883' },
            ],
          },
        }),
      )
      const { code, out } = await bench.call(['doctor', '--lang', language], { root })
      expect(code).toBe(1)
      const lines = linesOf(out)
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80)
      const begun = lines.filter((line) => /^(?:warn|FAIL) {2}/.test(line))
      expect(begun.length).toBeGreaterThan(4)
      expect(lines.filter((line) => line.startsWith('      -> '))).toHaveLength(begun.length)
    },
  )

  test('without an agent tells what can be seen without it, says so once and exits 3', async () => {
    const { code, out, err } = await bench.call(['doctor', '--lang', 'vi'], { root })
    expect({ code, err }).toEqual({ code: 3, err: '' })
    expect(out).toMatch(/^FAIL {2}chương trình chưa chạy/m)
    const answer = await json()
    expect(answer.code).toBe(3)
    expect(wrong(answer)).toEqual(['FAIL agent undefined', 'FAIL signatures SIGNATURES_OFF'])
    expect(answer.checks.filter(({ check }) => check === 'agent')[0]?.next).toContain(
      'systemctl start loa-agent',
    )
  })

  test('tells of an agent that cannot answer, and goes on', async () => {
    const { handlers } = fakeAgent({
      doctor: {
        answer: () => {
          throw new LoaError('DATABASE', 'the disk is gone')
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const answer = await json()
    expect(answer.code).toBe(1)
    expect(answer.checks[0]?.what).toContain('the disk is gone')
  })

  test('names every fault of a configuration or board that is not valid, and exits 2', async () => {
    writeFileSync(
      join(bench.folder, 'board.yaml'),
      'name: x\naudio: { driver: alsa, device: d }\nmodels: 3\n',
    )
    const text = `device: { id: d-1, province: "75", commune: "26068" }\nmqtt: { urls: ["mqtt://127.0.0.1"] }\nsecurity: { signatures: off }\npaths: { runtime: "${bench.folder}/run" }\n`
    writeFileSync(bench.config, `${text}board: "${bench.folder}/board.yaml"\n`)
    await using _server = await bench.serve(says())
    const board = await json()
    expect(board.code).toBe(2)
    expect(wrong(board)).toEqual(['FAIL board undefined'])
    expect(board.checks.find(({ check }) => check === 'board')?.what).toContain('models')
    writeFileSync(bench.config, `${text}boards: virtual\n`)
    const config = await json()
    expect(config.code).toBe(2)
    expect(
      config.checks
        .filter(({ check }) => check === 'configuration')
        .map(({ what }) => what)
        .join(),
    ).toContain('boards')
  })

  test('asks the agent where it usually listens when the usual configuration cannot be read', async () => {
    const { code, out } = await bench.call(['doctor', '--json'], { root, env: { LOA_CONFIG: '' } })
    const { checks }: Answer = JSON.parse(out)
    expect(code === 1 || code === 3).toBe(true)
    expect(checks.find(({ check }) => check === 'configuration')).toMatchObject({
      level: 'FAIL',
      what: expect.stringContaining('is not set up'),
    })
    const named = await bench.call(['doctor', '--config', '/nowhere/agent.yaml', '--json'], { root })
    expect(named.code).toBe(2)
    expect((await bench.call(['doctor', 'all'], { root })).code).toBe(2)
  })

  test('fails for a board made for another machine (faked device tree)', async () => {
    mkdirSync(join(root, 'proc/device-tree'), { recursive: true })
    writeFileSync(join(root, 'proc/device-tree/model'), 'Raspberry Pi 5 Model B Rev 1.0\0')
    writeFileSync(
      bench.config,
      `device: { id: d-1, province: "75", commune: "26068" }\nboard: rpi-4b-relay-hat\nmqtt: { urls: ["mqtt://127.0.0.1"] }\nsecurity: { signatures: off }\npaths: { runtime: "${bench.folder}/run" }\n`,
    )
    await using _server = await bench.serve(says())
    const answer = await json()
    expect(answer.code).toBe(1)
    expect(answer.checks.find(({ level, group }) => group === 'board' && level === 'FAIL')).toMatchObject({
      what: expect.stringContaining('this machine is Raspberry Pi 5 Model B Rev 1.0'),
      next: 'choose another: loa board detect',
    })
  })
})
