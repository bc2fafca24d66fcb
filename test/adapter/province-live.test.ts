import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBroker } from '../../scripts/source-system/broker.ts'
import { sendCommand } from '../../scripts/source-system/command.ts'
import { makeKey } from '../../scripts/source-system/keys.ts'
import { openMonitor } from '../../scripts/source-system/monitor.ts'
import { openProvince, type ProvinceOptions } from '../../scripts/source-system/province.ts'
import { openPublisher } from '../../scripts/source-system/publisher.ts'
import { describeAudio } from '../../scripts/source-system/schedule.ts'
import { payloadOf } from '../../scripts/source-system/sign.ts'
import { type Mosquitto, startMosquitto } from '../rig/mosquitto.ts'
import { chain, EPOCH } from '../rig/record-chain.ts'

const BASE = 'loa/v1/device/75/d-1'
const birth = (boot: string) =>
  JSON.stringify({ v: 1, state: 'online', boot, at: '2026-11-22T00:00:00.000Z', agent: '0.1.0' })

let folder = ''
let mosquitto: Mosquitto
let device: MqttClient
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loa-province-'))
  mosquitto = await startMosquitto()
  device = await connectAsync(mosquitto.url, { reconnectPeriod: 0 })
})
afterEach(async () => {
  await device.endAsync(true)
  await mosquitto.dispose()
  rmSync(folder, { recursive: true })
})

/** A device that answers each command with these statuses. */
const answering = async (...statuses: readonly string[]): Promise<unknown[]> => {
  const commands: unknown[] = []
  device.on('message', (topic, payload) => {
    if (topic !== `${BASE}/down/command`) return
    const command = JSON.parse(String(payloadOf(payload) ?? payload))
    commands.push(command)
    for (const status of statuses) {
      device.publish(
        `${BASE}/up/reply`,
        JSON.stringify({ v: 1, id: command.id, status, at: '2026-11-22T00:00:00.000Z' }),
      )
    }
  })
  await device.subscribeAsync(`${BASE}/down/command`, { qos: 1 })
  return commands
}

describe('a command', () => {
  test('is made for the boot in the retained state and gives all replies', async () => {
    await device.publishAsync(`${BASE}/up/state`, birth('nonce'), { qos: 1, retain: true })
    const commands = await answering('accepted', 'started', 'done')
    await using publisher = await openPublisher({ url: mosquitto.url })
    const replies = await sendCommand({
      ...publisher,
      province: '75',
      device: 'd-1',
      signingKey: makeKey('p-75'),
      op: 'mute',
      args: { seconds: 60 },
      timeoutMs: 5000,
    })
    expect(replies.map(({ status }) => status)).toEqual(['accepted', 'started', 'done'])
    expect(commands).toMatchObject([{ boot: 'nonce', op: 'mute', args: { seconds: 60 }, device: 'd-1' }])
  })

  test('to a device that never connected says so', async () => {
    await using publisher = await openPublisher({ url: mosquitto.url })
    const sent = sendCommand({ ...publisher, province: '75', device: 'd-1', op: 'stop', timeoutMs: 100 })
    await expect(sent).rejects.toThrow(/no state of d-1/)
  })

  test('that nobody answers says so', async () => {
    await device.publishAsync(`${BASE}/up/state`, birth('nonce'), { qos: 1, retain: true })
    await using publisher = await openPublisher({ url: mosquitto.url })
    const sent = sendCommand({ ...publisher, province: '75', device: 'd-1', op: 'stop', timeoutMs: 200 })
    await expect(sent).rejects.toThrow(/no final reply/)
  })
})

test('a monitor on exact topics sees its device and no other', async () => {
  await using monitor = await openMonitor({
    url: mosquitto.url,
    devices: [{ province: '75', device: 'd-1' }],
  })
  await device.publishAsync('loa/v1/device/75/d-2/up/state', birth('x'), { qos: 1 })
  await device.publishAsync(`${BASE}/up/reported`, '{"revs":{"75/schedule":4}}', { qos: 1 })
  await device.publishAsync(`${BASE}/up/state`, birth('nonce'), { qos: 1 })
  const row = await monitor.until((seen) => seen.rows().find(({ state }) => state === 'online'), 5000)
  expect(row).toMatchObject({ device: 'd-1', agent: '0.1.0' })
  expect(monitor.rows()).toHaveLength(1)
  expect(monitor.bodies('d-1')?.['reported']).toEqual({ revs: { '75/schedule': 4 } })
})

test('waiting for what does not come ends at the deadline', async () => {
  await using monitor = await openMonitor({ url: mosquitto.url })
  await expect(monitor.until((seen) => seen.rows()[0], 50)).rejects.toThrow('50 ms')
})

test('a broker that refuses is named, without the password of its URL', async () => {
  // An empty file of its own: newer brokers take no device for one.
  const passwords = join(folder, 'no-passwords')
  writeFileSync(passwords, '', { mode: 0o644 })
  await using closed = await startMosquitto({ config: `password_file ${passwords}\nallow_anonymous false` })
  const url = `mqtt://user:geheim@127.0.0.1:${closed.port}`
  const failure = await openPublisher({ url }).catch(String)
  expect(failure).toMatch(/cannot connect to mqtt:\/\/127.0.0.1:\d+ .*--url/)
  expect(failure).not.toContain('geheim')
})

describe('the embedded broker', () => {
  test('keeps retained documents and refuses MQTT 5 with the way out', async () => {
    await using broker = await openBroker()
    await expect(openPublisher({ url: broker.url, protocol: 5 })).rejects.toThrow(/--protocol 4/)
    await using publisher = await openPublisher({ url: broker.url, protocol: 4 })
    await publisher.publish({ kind: 'schedule', area: '75', rev: 1, items: [] })
    const late = await connectAsync(broker.url, { protocolVersion: 4 })
    const got = new Promise((resolve) => late.once('message', (...message) => resolve(message)))
    await late.subscribeAsync('loa/v1/area/75/schedule')
    expect(await got).toMatchObject(['loa/v1/area/75/schedule', expect.anything(), { retain: true }])
    await late.endAsync()
  })

  test('says which port is taken', async () => {
    await expect(openBroker({ port: mosquitto.port })).rejects.toThrow(`:${mosquitto.port}`)
  })
})

describe('a whole province', () => {
  const options = (embedded: boolean): ProvinceOptions => ({
    directory: folder,
    communes: ['75/26068'],
    ...(embedded ? {} : { brokerUrl: mosquitto.url }),
  })

  test.each([
    ['with its own broker', true],
    ['on mosquitto', false],
  ])('%s serves trust, content and acknowledgements', async (_, embedded) => {
    await using province = await openProvince(options(embedded))
    const client = await connectAsync(province.brokerUrl, { protocolVersion: province.protocol })
    const messages = new Map<string, unknown>()
    client.on('message', (topic, payload) => messages.set(topic, JSON.parse(String(payload))))
    await client.subscribeAsync(['loa/v1/area/75/trust', `${BASE}/down/acked`], { qos: 1 })
    const records = chain(2)
    await client.publishAsync(
      `${BASE}/up/playback`,
      JSON.stringify({ v: 1, device: 'd-1', epoch: EPOCH, records }),
      { qos: 1 },
    )
    await expect
      .poll(() => messages.get(`${BASE}/down/acked`), { timeout: 5000 })
      .toEqual({ epoch: EPOCH, upTo: 2, hash: records[1]?.hash })
    expect(messages.get('loa/v1/area/75/trust')).toEqual(JSON.parse(province.keys.trustMessage))
    writeFileSync(join(province.contentDirectory, 'a.txt'), 'a')
    expect(await (await fetch(`${province.content.origin}/a.txt`)).text()).toBe('a')
    await client.endAsync()
  })

  test('opened again publishes the very same trust message and still holds its records', async () => {
    const first = await openProvince(options(true))
    const trust = first.keys.trustMessage
    first.records.ledger.receive({ topic: 'playback', device: 'd-1', epoch: EPOCH, records: chain(1) })
    await first[Symbol.asyncDispose]()
    await using again = await openProvince({ directory: folder })
    expect(again.keys.trustMessage).toBe(trust)
    expect(again.records.ledger.playback()).toHaveLength(1)
  })
})

describe('describing a sound file', () => {
  test('gives hash, length and seconds, and puts the file where the content server finds it', async () => {
    const wav = join(folder, 'a.wav')
    writeFileSync(wav, silence(1.5))
    const audio = await describeAudio(wav, {
      origins: ['http://a', 'http://b'],
      contentDirectory: join(folder, 'content'),
    })
    expect(audio).toMatchObject({ format: 'wav', seconds: 1.5, bytes: 44 + 24_000 })
    expect(audio.urls).toEqual([`http://a/c/${audio.sha256}`, `http://b/c/${audio.sha256}`])
    const copy = readFileSync(join(folder, 'content', `${audio.sha256}.wav`))
    expect(copy.equals(readFileSync(wav))).toBe(true)
  })

  test('refuses what is no sound with the next step', async () => {
    const file = join(folder, 'page.mp3')
    writeFileSync(file, '<html>')
    await expect(describeAudio(file, { origins: [] })).rejects.toThrow(/is it a sound file/)
    await expect(describeAudio(join(folder, 'x.txt'), { origins: [] })).rejects.toThrow(/convert it/)
  })
})

/** A WAV file of 8 kHz, 16 bit, mono. */
const silence = (seconds: number): Buffer => {
  const data = Buffer.alloc(seconds * 16_000)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(16_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}
