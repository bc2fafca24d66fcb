import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type BrokerFolder, openBrokerFolder } from '../../scripts/source-system/mosquitto/broker-folder.ts'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'
import { freePort, type Mosquitto, startMosquitto } from '../rig/mosquitto.ts'

const LONG = 60_000
const LOA = resolve('scripts/loa')
const PROVINCE = resolve('scripts/province')
const X = 'MCowBQYDK2VwAyEAxxxxxxxxxxxxxxxxxxxxxxxxxxA'
const DEVICES = ['d-7k2m4q9x', 'd-8n3p5r2w'] as const

const root = mkdtempSync(join(tmpdir(), 'loa-first-boot-'))
const provinceFolder = join(root, 'province')
let mosquitto: Mosquitto
let folder: BrokerFolder
let enrolPort = 0
let desk: ChildProcess

beforeAll(async () => {
  mkdirSync(provinceFolder)
  enrolPort = await freePort()
  mosquitto = await startMosquitto({
    configFile: async (port) => {
      folder = await openBrokerFolder({
        directory: provinceFolder,
        port,
        host: '127.0.0.1',
        names: ['localhost'],
        devices: [],
        enrols: DEVICES.map((id) => `75/26068/${id}`),
        enrolPort,
      })
      return folder.configFile
    },
  })
  const at = (name: string): string => join(provinceFolder, name)
  const source = [
    '--ca',
    at('ca.pem'),
    '--cert',
    at('clients/source.pem'),
    '--tls-key',
    at('clients/source.key'),
  ]
  desk = spawn(
    PROVINCE,
    ['enrol', 'serve', '--dir', provinceFolder, '--url', `mqtts://localhost:${mosquitto.port}`, ...source],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  await new Promise((ready) => desk.stderr?.once('data', ready))
})
afterAll(async () => {
  desk.kill()
  await mosquitto.dispose()
  rmSync(root, { recursive: true })
})

const codeFor = (device: string): string => {
  const out = execFileSync(
    PROVINCE,
    ['enrol', 'code', '--dir', provinceFolder, '--device', device, '--json'],
    { encoding: 'utf8' },
  )
  const { code }: { code: string } = JSON.parse(out)
  return code
}

/** A card: a boot partition with `loa.yaml`, and where the configuration is to be. */
const cardOf = (name: string, boot: object) => {
  const card = join(root, name)
  mkdirSync(join(card, 'boot'), { recursive: true })
  writeFileSync(join(card, 'boot/loa.yaml'), stringify(boot))
  copyFileSync(folder.authority.ca, join(card, 'boot/ca.pem'))
  return {
    folder: card,
    boot: join(card, 'boot'),
    file: join(card, 'boot/loa.yaml'),
    config: join(card, 'etc/agent.yaml'),
  }
}

const bootOf = (id: string, code: string, protocol: 4 | 5) => ({
  id,
  place: { province: '75', commune: '26068' },
  board: 'virtual',
  brokers: [`mqtts://localhost:${mosquitto.port}`],
  protocol,
  ca: 'ca.pem',
  code,
  enrol: { urls: [`mqtts://localhost:${enrolPort}`] },
  rootKeys: [{ kid: 'root-a', x: X }],
})

type Run = { readonly code: number | null; readonly said: string }
const start = (args: readonly string[]): ChildProcess =>
  spawn(LOA, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
const ended = (child: ChildProcess): Promise<Run> =>
  new Promise((done) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)))
    child.once('close', (code) => done({ code, said }))
  })
const loa = (...args: readonly string[]): Promise<Run> => ended(start(args))

/** Ends a run the hard way as soon as there is such a file. */
const killedWhenThereIs = async (file: string, order: readonly string[]): Promise<void> => {
  const child = start(order)
  const over = ended(child)
  await eventually(`${file} of ${order.join(' ')}`, () => existsSync(file) || child.exitCode !== null, 20_000)
  child.kill('SIGKILL')
  await over
}

const everyByteOf = (at: string): string =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n')

describe.concurrent('a card that is switched on for the first time', () => {
  const agentOf = (config: string): Agent => {
    const agent = new Agent()
    const { mqtt, device } = parse(readFileSync(config, 'utf8'))
    agent.configure({ config: { mqtt, device } })
    return agent
  }
  const connects = (agent: Agent): Promise<unknown> =>
    eventually('the agent is connected', async () => (await agent.status()).broker.connected, 50_000)

  test(
    'becomes a receiver whose agent connects when its certificate comes, and no secret is left',
    async () => {
      const [id] = DEVICES
      const code = codeFor(id)
      const card = cardOf('card', bootOf(id, code, 5))
      const onDisk = openSync(card.file, 'r')
      expect(await loa('setup', '--from', card.file, '--config', card.config)).toMatchObject({ code: 0 })
      // The very blocks that held it, whatever name they have now.
      const bytes = Buffer.alloc(4096)
      expect(bytes.subarray(0, readSync(onDisk, bytes, 0, 4096, 0)).toString('latin1')).toMatch(/^\0+$/)
      closeSync(onDisk)
      expect(everyByteOf(card.boot)).not.toContain(code)
      expect(readdirSync(card.boot).toSorted()).toEqual(['ca.pem', `${id}.csr`, 'loa.done.yaml'])

      await using agent = agentOf(card.config)
      await agent.start()
      expect((await agent.status()).broker.connected).toBe(false)
      expect(await loa('setup', '--enrol', '--config', card.config)).toMatchObject({ code: 0 })
      await connects(agent)

      const before = everyByteOf(card.folder)
      expect(before).not.toContain(code)
      expect(await loa('setup', '--from', card.file, '--config', card.config)).toMatchObject({ code: 0 })
      expect(everyByteOf(card.folder)).toBe(before)
    },
    LONG,
  )

  test(
    'comes to the same end over MQTT 3.1.1 though it is killed again and again, and its code is good for its key alone',
    async () => {
      const [, id] = DEVICES
      const code = codeFor(id)
      const card = cardOf('killed', bootOf(id, code, 4))
      const setUp = ['setup', '--from', card.file, '--config', card.config]
      const enrol = ['setup', '--enrol', '--config', card.config]
      const key = join(card.folder, 'etc/tls/device.key')
      await killedWhenThereIs(key, setUp)
      await killedWhenThereIs(card.config, setUp)
      expect(await loa(...setUp)).toMatchObject({ code: 0 })
      const made = readFileSync(key, 'utf8')
      // The province has signed; whether the answer came nobody knows.
      await killedWhenThereIs(join(provinceFolder, `clients/${id}.pem`), enrol)
      expect(await loa(...enrol)).toMatchObject({ code: 0 })
      expect(readFileSync(key, 'utf8')).toBe(made)
      expect(everyByteOf(card.folder)).not.toContain(code)
      await using agent = agentOf(card.config)
      await agent.start()
      await connects(agent)

      const thief = cardOf('thief', bootOf(id, code, 5))
      expect(await loa('setup', '--from', thief.file, '--config', thief.config)).toMatchObject({ code: 0 })
      const refused = await loa('setup', '--enrol', '--config', thief.config)
      expect(refused).toMatchObject({ code: 1 })
      expect(refused.said).toContain('this code was used before')
    },
    LONG,
  )
})

describe.concurrent('the dialogue', () => {
  const answers = (ca: string): readonly string[] => [
    ...['75', '26068', 'd-2x3y4z5w', '', '', 'virtual', 'mqtts://localhost:8883', '', ca, ''],
    ...[`root-a ${X}`, '', '', '', ''],
  ]
  const at = (name: string): string => join(root, name, 'agent.yaml')
  const order = (name: string, language: string): readonly string[] => [
    'setup',
    '--lang',
    language,
    '--config',
    at(name),
  ]
  const talk = (program: string, args: readonly string[], lines: readonly string[]): Promise<Run> => {
    const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    const over = ended(child)
    child.stdin.end(`${lines.join('\n')}\n`)
    return over
  }

  test(
    'sets up a receiver in Vietnamese at a terminal',
    async () => {
      const command = [LOA, ...order('pty', 'vi')].join(' ')
      const { said } = await talk('script', ['-qec', command, '/dev/null'], answers(folder.authority.ca))
      expect(said).toContain('Thiết bị này là d-2x3y4z5w')
      expect(readFileSync(at('pty'), 'utf8')).toContain('Tên suốt đời máy')
    },
    LONG,
  )

  test(
    'sets up a receiver in English over a pipe, the certificate pasted, and writes nothing when it is left',
    async () => {
      const ca = readFileSync(folder.authority.ca, 'utf8').trimEnd()
      const { code, said } = await talk(LOA, order('pipe', 'en'), answers(ca))
      expect({ code, said }).toMatchObject({
        code: 0,
        said: expect.stringContaining('This receiver is d-2x3y4z5w'),
      })
      expect(await talk(LOA, order('left', 'en'), answers(ca).slice(0, 5))).toMatchObject({ code: 1 })
      expect(existsSync(at('left'))).toBe(false)
    },
    LONG,
  )
})
