import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Mosquitto, startMosquitto } from '../rig/mosquitto.ts'
import { chain, EPOCH } from '../rig/record-chain.ts'

const PROGRAM = fileURLToPath(new URL('../../scripts/province', import.meta.url))
const BASE = 'loa/v1/device/75/d-1'
type Ran = { readonly code: number; readonly out: string; readonly err: string }

const province = (args: readonly string[], input?: string): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(PROGRAM, [...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
    child.stdin?.end(input ?? '')
  })

const children: ChildProcess[] = []

/** A verb that runs on: its lines so far, and its end. */
const running = (args: readonly string[]) => {
  const child: ChildProcess = spawn(PROGRAM, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk
    })
  }
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    says: (what: string | RegExp) => expect.poll(() => text, { timeout: 10_000 }).toMatch(what),
    text: () => text,
    stop: () => {
      child.kill('SIGTERM')
      return gone
    },
  }
}

let folder = ''
let broker: Mosquitto
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loa-province-cli-'))
  broker = await startMosquitto()
  expect((await province(['keys', '--dir', join(folder, 'keys')])).code).toBe(0)
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await broker.dispose()
  rmSync(folder, { recursive: true })
})
const key = () => join(folder, 'keys', 'p-75.jwk')
const url = () => ['--url', broker.url]

describe('the command line', () => {
  test('tells every verb, and each verb its options', async () => {
    const { code, out } = await province([])
    expect(code).toBe(0)
    const verbs = [...out.matchAll(/^ {2}(\w+) +\S/gm)].map(([, verb = '']) => verb)
    expect(verbs).toHaveLength(16)
    const helps = await Promise.all(verbs.map((verb) => province([verb, '--help'])))
    for (const [i, help] of helps.entries()) {
      expect([help.code, help.err]).toEqual([0, ''])
      expect(help.out).toContain(`province ${verbs[i]}`)
      expect(Math.max(...help.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    }
  })

  test.each([
    [['nonsense'], /province help/],
    [['keys'], /--dir is needed/],
    [['keys', '--dir', 'x', '--roots', 'many'], /--roots must be a number from 1 to 9/],
    [['publish', '--nonsense', 'x'], /nonsense/],
    [['publish', '--url', 'http://x', '-'], /mqtt:\/\//],
    [['publish'], /one document/],
    [['command', '--device', 'd-1', '--province', '75', '--op', 'dance', '--bare'], /--op must be one of/],
    [['command', '--device', 'd-1', '--province', '75', '--op', 'stop'], /--key F, or --bare/],
    [['records', '--db', 'x', '--device', 'd-1'], /PROVINCE\/DEVICE/],
    [['schedule', '--in', '8', '--no-chime'], /nothing to play/],
  ])('%j is wrong usage: exit 2, and the way out', async (args, message) => {
    const { code, out, err } = await province(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test.each([
    [['publish', '--bare', '--url', 'mqtt://127.0.0.1:1', '-'], /is the broker running/],
    [['check', '--db', '/nonexistent/records.db'], /province records/],
    [['sign', '--key', '/nonexistent.jwk', '-'], /province keys/],
  ])('%j fails: exit 1, and what to do next', async (args, message) => {
    const { code, err } = await province(args, '{"kind":"schedule","area":"75","rev":1}')
    expect(code).toBe(1)
    expect(err).toMatch(message)
  })

  test('keys prints the lines for agent.yaml, or with --json one value', async () => {
    const again = await province(['keys', '--dir', join(folder, 'keys'), '--json'])
    const { security, trust } = JSON.parse(again.out)
    expect(security).toEqual({
      rootKeys: [{ kid: 'root-a', x: expect.stringMatching(/^[\w-]{43}$/) }],
      threshold: 1,
    })
    expect(trust.keys).toHaveLength(1)
    const plain = await province(['keys', '--dir', join(folder, 'keys')])
    expect(plain.out).toContain(security.rootKeys[0].x)
  })
})

describe('publishing', () => {
  test.each(['5', '4'])(
    'a made schedule goes signed and retained to its topic, protocol %s',
    async (protocol) => {
      const made = await province([
        'schedule',
        '--in',
        '8',
        '--text',
        'Họp thôn',
        '--area',
        '75/26068',
        '--json',
      ])
      expect(JSON.parse(made.out).items[0].sign.pages[0].text).toBe('Họp thôn')
      const args = ['publish', ...url(), '--protocol', protocol, '--key', key(), '--json', '-']
      const published = await province(args, made.out)
      expect(published.err).toBe('')
      expect(JSON.parse(published.out)).toMatchObject({
        topic: 'loa/v1/area/75/26068/schedule',
        signed: true,
      })
      const client = await connectAsync(broker.url)
      const got = new Promise<readonly unknown[]>((resolve) =>
        client.once('message', (topic, payload, packet) => resolve([topic, String(payload), packet.retain])),
      )
      await client.subscribeAsync('loa/v1/area/75/26068/schedule')
      const [, message, retained] = await got
      expect(retained).toBe(true)
      const [, payload = ''] = String(message).split('.')
      expect(Buffer.from(payload, 'base64url').toString()).toBe(made.out)
      await client.endAsync()
    },
  )

  test('a document signed by `sign` is published as it is; one that is not needs --key or --bare', async () => {
    const file = join(folder, 'fresh.json')
    writeFileSync(file, '{"kind":"fresh","v":1,"area":"75","revs":{}}')
    const signed = await province(['sign', '--kind', 'fresh', '--stamp', '--key', key(), file])
    const published = await province(['publish', ...url(), '-'], signed.out)
    expect(published.out).toMatch(/^loa\/v1\/area\/75\/fresh rev \d{10}\n$/)
    expect((await province(['publish', ...url(), file])).code).toBe(2)
    expect((await province(['publish', ...url(), '--bare', '--stamp', file])).code).toBe(0)
    expect((await province(['sign', '--kind', 'alert', '--key', key(), file])).err).toMatch(/is a fresh/)
    const trust = join(folder, 'keys', 'trust.jws.json')
    expect((await province(['publish', ...url(), trust])).out).toMatch(/^loa\/v1\/area\/75\/trust rev/)
  })
})

describe('records and watch', () => {
  test('records acknowledges over its own restart, and check finds what was changed since', async () => {
    const db = join(folder, 'records.db')
    const device = await connectAsync(broker.url)
    const acked: number[] = []
    device.on('message', (_, payload) => acked.push(JSON.parse(String(payload)).upTo))
    await device.subscribeAsync(`${BASE}/down/acked`)
    const send = (from: number, to: number) =>
      device.publishAsync(
        `${BASE}/up/playback`,
        JSON.stringify({ v: 1, device: 'd-1', epoch: EPOCH, records: chain(to).slice(from - 1) }),
        { qos: 1 },
      )
    for (const [from, to] of [
      [1, 2],
      [2, 4],
    ] as const) {
      const server = running(['records', '--db', db, ...url()])
      await server.says('receiving from')
      await send(from, to)
      await server.says(`acknowledged to ${to}`)
      expect(await server.stop()).toBe(0)
    }
    await expect.poll(() => acked, { timeout: 5000 }).toEqual([2, 4])
    await device.endAsync()

    const whole = await province(['check', '--db', db])
    expect([whole.code, whole.out]).toEqual([0, `ok   d-1 epoch ${EPOCH.slice(0, 8)}: 4 records to 4\n`])
    const database = new DatabaseSync(db)
    database.exec('DELETE FROM record WHERE n = 2')
    database.exec(`UPDATE record SET body = replace(body, 'tin-4', 'tin-5') WHERE n = 4`)
    database.close()
    const broken = await province(['check', '--db', db, '--json'])
    expect(broken.code).toBe(1)
    const { ok, chains } = JSON.parse(broken.out)
    expect(ok).toBe(false)
    expect(
      chains[0].findings.map(({ fault, from }: { fault: string; from: number }) => [fault, from]),
    ).toEqual([
      ['MISSING', 2],
      ['BAD_HASH', 4],
    ])
  })

  test('watch prints a line a change without a terminal, and JSON Lines with --json', async () => {
    const plain = running(['watch', ...url()])
    await plain.says('device ')
    const json = running(['watch', '--json', ...url(), '--device', '75/d-9'])
    const device = await connectAsync(broker.url)
    const heartbeat = readFileSync(new URL('../fixtures/examples/heartbeat.json', import.meta.url))
    const beat = setInterval(() => device.publish('loa/v1/device/75/d-9/up/heartbeat', heartbeat), 100)
    try {
      await plain.says(/d-9 +playing ok +tin-tinh/)
      await json.says(/"device":"d-9"/)
    } finally {
      clearInterval(beat)
    }
    expect([await plain.stop(), await json.stop()]).toEqual([0, 0])
    expect(JSON.parse(json.text().split('\n')[0] ?? '')).toMatchObject({
      device: 'd-9',
      outbox: 0,
      clock: 'synced',
    })
    await device.endAsync()
  })
})

test('serve gives a device everything, and a command reaches it', async () => {
  const args = ['--dir', join(folder, 'all'), '--mqtt-port', '0', '--http-port', '0', '--watch', '--json']
  const server = running(['serve', ...args])
  await server.says('"ready":true')
  const { brokerUrl, protocol, origin } = JSON.parse(server.text().split('\n')[0] ?? '')
  expect([protocol, origin]).toEqual([4, expect.stringMatching(/^http:\/\/127.0.0.1:\d+$/)])
  const device = await connectAsync(brokerUrl, { protocolVersion: 4 })
  device.on('message', (_, payload) => {
    const { id } = JSON.parse(String(payload))
    device.publish(`${BASE}/up/reply`, JSON.stringify({ v: 1, id, status: 'rejected', code: 'WRONG_BOOT' }))
  })
  await device.subscribeAsync(`${BASE}/down/command`, { qos: 1 })
  await device.publishAsync(`${BASE}/up/state`, '{"state":"online","boot":"b"}', { qos: 1, retain: true })
  const sent = await province([
    ...['command', '--url', brokerUrl, '--protocol', '4', '--bare', '--json'],
    ...['--device', 'd-1', '--province', '75', '--op', 'mute', '--args', '{"seconds":60}'],
  ])
  expect(sent.code).toBe(1)
  expect(JSON.parse(sent.out)).toMatchObject([{ status: 'rejected', code: 'WRONG_BOOT' }])
  await server.says(/"kind":"device","device":"d-1"/)
  await device.endAsync()
  expect(await server.stop()).toBe(0)
})
