import { execFile, execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../agent/core/doctor/check.ts'
import { FakePort, noPty } from '../fakes/pty.ts'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { canMount } from '../rig/can-mount.ts'
import { eventually } from '../rig/eventually.ts'
import { FakedClock } from '../rig/faked-clock.ts'
import { SecureBroker } from '../rig/secure-broker.ts'
import { ContentServer } from './library/content-server.ts'

const DAY_MS = 86_400_000
/** What a stopped agent may take, with much to spare for a busy machine: the promise is 3 s. */
const SOON_MS = 6000

let stack: AsyncDisposableStack
let broker: SecureBroker
let content: ContentServer
let port: FakePort
let agent: Agent
let card = ''
let relays = ''
let settings: ConstructorParameters<typeof Agent>[0]

const openCard = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-doctor-card-'))
  if (canMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder])
  stack.defer(() => {
    if (canMount) execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

const rootKey = (): string => {
  const { publicKey } = generateKeyPairSync('ed25519')
  return publicKey.export({ format: 'jwk' }).x ?? ''
}

beforeAll(async () => {
  stack = new AsyncDisposableStack()
  broker = stack.use(await SecureBroker.start(`75/26068/${DEVICE}`))
  content = stack.use(new ContentServer())
  const contentUrl = await content.start()
  port = stack.use(await FakePort.create(() => undefined))
  if (!noPty) await port.plug()
  card = openCard()
  relays = mkdtempSync(join(tmpdir(), 'loa-doctor-relays-'))
  settings = {
    config: {
      mqtt: { urls: [broker.url], ...(await broker.account(DEVICE)) },
      content: { allow: [`${contentUrl}/`] },
      security: { signatures: 'required', rootKeys: [{ kid: 'root-a', x: rootKey() }], threshold: 1 },
      paths: { state: card },
    },
    board: {
      signs: noPty ? [] : [{ id: 'gate', driver: 'adalight', port: port.path, width: 8, height: 8 }],
      amplifiers: [
        {
          id: 'main',
          driver: 'virtual',
          trace: join(relays, 'relay.jsonl'),
          settleMs: 100,
          holdMs: 0,
          minOffMs: 0,
        },
      ],
    },
  }
  agent = stack.use(new Agent(settings))
  await agent.start()
  await eventually('connected', async () => (await agent.status()).broker.connected || undefined)
})
afterAll(async () => {
  await stack.disposeAsync()
  rmSync(relays, { recursive: true, force: true })
})

const ask = async (...args: readonly string[]) => askIn({}, ...args)

const askIn = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const { code, stdout } = await agent.loaIn(env, 'doctor', '--json', ...args)
  const { checks }: { readonly checks: readonly Finding[] } = JSON.parse(stdout)
  const failed = checks.filter(({ level }) => level === 'FAIL')
  const told = (name: string): Finding | undefined => failed.find(({ check }) => check === name)
  return { code, checks, failed: failed.map(({ check }) => check), told }
}

/** The FAIL of a check as soon as it is there, with an exit of 1. */
const failing = (name: string) =>
  eventually(`${name} fails`, async () => {
    const { code, told } = await ask()
    const finding = told(name)
    if (finding !== undefined) expect(code).toBe(1)
    return finding
  })

/** They follow one another on one device, which is never whole again: as on a pole. */
describe('loa doctor names what was broken, with what to do', () => {
  test('trust missing (real: nobody published it); more than 40 checks are shown', async () => {
    const { code, checks, failed, told } = await ask()
    expect({ code, failed }).toEqual({ code: 1, failed: ['keys'] })
    expect(told('keys')?.next).toContain('have the province publish it')
    expect(new Set(checks.map(({ check }) => check)).size).toBeGreaterThanOrEqual(40)
  })

  test('a clock off by a day (libfaketime for the command; the other clock is that of a real server)', async () => {
    using clock = new FakedClock(DAY_MS)
    const ahead = await askIn(clock.env, '--only', 'clock')
    expect(ahead).toMatchObject({ code: 1, failed: ['compared'] })
    expect(ahead.told('compared')).toMatchObject({
      code: 'NO_CLOCK',
      what: expect.stringMatching(/^the clock is 1\.0 days ahead of 127\.0\.0\.1/),
      next: expect.stringContaining('set-ntp true'),
    })
    clock.step(-2 * DAY_MS)
    const behind = await askIn(clock.env, '--only', 'clock')
    expect(behind.told('compared')?.what).toContain('the clock is behind')
  })

  test('a content server out of reach (real: it stopped)', async () => {
    await content[Symbol.asyncDispose]()
    expect(await failing('hosts')).toMatchObject({
      code: 'NO_MEDIA',
      what: expect.stringContaining('nobody listens on that port'),
      next: expect.stringContaining('curl -sI'),
    })
  })

  test.skipIf(noPty)('a sign unplugged (real: its pty is gone)', async () => {
    await port.unplug()
    expect(await failing('ports')).toMatchObject({
      code: 'SIGN',
      next: expect.stringContaining('/dev/serial/by-id'),
    })
    // The agent misses it too, which is not told again.
    await eventually('missed', async () => (await agent.status()).signs['gate'] === 'fault' || undefined)
    expect((await ask('--only', 'sign')).failed).toEqual(['ports'])
  })

  test('a relay stuck closed (virtual GPIO: what it is written to is gone while it is on)', async () => {
    const playing = agent.loa('play', '--tone', '440', '--seconds', '1')
    await eventually('it is on', async () => (await agent.status()).amps['main'] === 'on' || undefined)
    rmSync(relays, { recursive: true })
    await playing
    expect(await failing('amplifiers')).toMatchObject({
      code: expect.stringMatching(/^AMPLIFIER/),
      next: expect.stringContaining('loa amp on main'),
    })
    mkdirSync(relays)
  })

  test('the sound card gone (real: no such card in /proc/asound)', async () => {
    agent.configure({ ...settings, board: { ...settings?.board, audio: { device: 'plughw:CARD=Gone' } } })
    expect(await failing('card')).toMatchObject({ code: 'AUDIO_DEVICE', next: expect.any(String) })
    agent.configure(settings ?? {})
  })

  test.skipIf(process.arch.startsWith('arm'))(
    'a board file for another machine (real: this one is no Raspberry Pi)',
    async () => {
      agent.configure({ ...settings, board: { ...settings?.board, models: ['Raspberry Pi 4 Model B'] } })
      expect(await failing('model')).toMatchObject({
        what: expect.stringContaining('Raspberry Pi 4 Model B'),
        next: 'choose another: loa board detect',
      })
      agent.configure(settings ?? {})
    },
  )

  test.skipIf(!canMount)('a full disk (real: a small file system)', async () => {
    const { bavail, bsize } = statfsSync(card)
    const filler = join(card, 'somebody-else')
    writeFileSync(filler, Buffer.alloc(bavail * bsize))
    expect(await failing('disk')).toMatchObject({
      code: 'DISK_FULL',
      next: expect.stringContaining('journalctl --vacuum-size'),
    })
    rmSync(filler)
  })

  test('the certificate of the broker expired (real: mosquitto with TLS)', async () => {
    const { cert, key } = await broker.authority.server('ended', ['localhost'], { ended: true })
    copyFileSync(cert, join(broker.folder, 'broker.pem'))
    copyFileSync(key, join(broker.folder, 'broker.key'))
    await broker.mosquitto.restart()
    await eventually('lost', async () => !(await agent.status()).broker.connected || undefined)
    const { code, failed, told } = await ask('--only', 'dns,broker,outbox')
    expect({ code, failed }).toEqual({ code: 1, failed: ['certificate'] })
    expect(told('certificate')).toMatchObject({
      what: expect.stringContaining('expired on 2024-01-02 00:00 UTC'),
      next: expect.stringContaining('renewed'),
    })
  })

  test('an agent that is stopped (real SIGSTOP), without hanging', async () => {
    agent.kill('SIGSTOP')
    const begun = performance.now()
    const { code, told } = await ask()
    const tookMs = performance.now() - begun
    agent.kill('SIGCONT')
    expect(code).toBe(3)
    expect(told('agent')?.what).toContain('does not answer')
    expect(tookMs).toBeLessThan(SOON_MS)
  })

  test('a damaged database while no agent runs, and afterwards that it was made anew (real)', async () => {
    await agent.stop()
    writeFileSync(join(card, 'state.db'), 'noise '.repeat(5000))
    const dead = await ask()
    expect(dead.code).toBe(3)
    expect(dead.failed).toEqual(expect.arrayContaining(['agent', 'databases', 'certificate', 'hosts']))
    await agent.start()
    expect(await failing('database')).toMatchObject({
      code: 'DATABASE',
      next: expect.stringContaining('replace the memory card'),
    })
  })
})

const NAMESPACE = 'unshare'
/** A name server that never answers, in a mount namespace of its own. */
const WITHOUT_NAMES = `
set -e
echo nameserver 127.9.9.9 >"$1/resolv.conf"
mount --bind "$1/resolv.conf" /etc/resolv.conf
shift
exec "$@"
`

describe.skipIf(!canMount)(
  'loa doctor where no name server answers (real: resolv.conf of a namespace)',
  () => {
    test('tells that once, and is over in ten seconds', async () => {
      using stack = new DisposableStack()
      const folder = mkdtempSync(join(tmpdir(), 'loa-doctor-names-'))
      stack.defer(() => rmSync(folder, { recursive: true }))
      const deaf = (await import('node:dgram')).createSocket('udp4')
      stack.defer(() => deaf.close())
      await new Promise<void>((resolve) => deaf.bind(53, '127.9.9.9', resolve))
      const config = join(folder, 'agent.yaml')
      writeFileSync(
        config,
        `device: { id: d-1, province: "75", commune: "26068" }
board: virtual
mqtt: { urls: ["mqtts://a.broker.example", "mqtts://b.broker.example"] }
content: { allow: ["https://a.content.example/", "https://b.content.example/"] }
security: { signatures: required, rootKeys: [{ kid: root-a, x: "${rootKey()}" }] }
paths: { state: ${folder}/state, runtime: ${folder}/run }
`,
      )
      const loa = join(import.meta.dirname, '../../scripts/loa')
      const begun = performance.now()
      const stdout = await new Promise<string>((resolve) =>
        execFile(
          NAMESPACE,
          ['-m', 'sh', '-c', WITHOUT_NAMES, 'sh', folder, loa, 'doctor', '--json', '--config', config],
          (_error, text) => resolve(text),
        ),
      )
      expect(performance.now() - begun).toBeLessThan(10_000)
      const { checks }: { readonly checks: readonly Finding[] } = JSON.parse(stdout)
      const failed = checks.filter(({ level }) => level === 'FAIL').map(({ check }) => check)
      // A machine that has no way out at all is told that instead.
      expect([
        ['agent', 'name-servers'],
        ['agent', 'link'],
      ]).toContainEqual(failed)
    })
  },
)
