import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BatchTopic } from '../../scripts/source-system/batch.ts'
import { openRecordLedger, type RecordLedger } from '../../scripts/source-system/record-ledger.ts'
import { openRecordServer } from '../../scripts/source-system/record-server.ts'
import { type Mosquitto, startMosquitto } from '../rig/mosquitto.ts'
import { chain, DEVICE, EPOCH } from '../rig/record-chain.ts'

describe('the record server', () => {
  let broker: Mosquitto
  let ledger: RecordLedger
  let device: MqttClient
  const acks: unknown[] = []
  const up = (topic: BatchTopic, records: readonly unknown[], name = DEVICE) =>
    device.publishAsync(
      `loa/v1/device/75/${DEVICE}/up/${topic}`,
      JSON.stringify({ v: 1, device: name, epoch: EPOCH, records }),
      { qos: 1 },
    )
  beforeEach(async () => {
    acks.length = 0
    ledger = openRecordLedger(':memory:')
    broker = await startMosquitto()
    device = await connectAsync(broker.url, { reconnectPeriod: 50 })
    device.on('message', (_topic, payload) => acks.push(JSON.parse(String(payload))))
    await device.subscribeAsync(`loa/v1/device/75/${DEVICE}/down/acked`)
  })
  afterEach(async () => {
    await device.endAsync(true)
    await broker.dispose()
    ledger[Symbol.dispose]()
  })
  const acked = (upTo: number) =>
    expect.poll(() => acks.at(-1), { timeout: 5000 }).toMatchObject({ epoch: EPOCH, upTo })

  test.each([4, 5] as const)(
    'acknowledges each batch, duplicates too, over protocol %d',
    async (protocol) => {
      await using server = await openRecordServer({ url: broker.url, protocol, ledger })
      const records = chain(3)
      await up('playback', records.slice(0, 2))
      await acked(2)
      await up('event', records.slice(2))
      await acked(3)
      await up('playback', records.slice(0, 2))
      await expect.poll(() => acks.length, { timeout: 5000 }).toBe(3)
      expect(acks[2]).toEqual({ epoch: EPOCH, upTo: 3, hash: records[2]?.hash })
      expect(await server.until((held) => held.events()[0], 1000)).toEqual(records[2])
    },
  )

  test('keeps its hands still when told to, and acknowledges all with the next batch', async () => {
    await using server = await openRecordServer({ url: broker.url, ledger })
    server.setAcknowledging(false)
    await up('playback', chain(2))
    await server.until((held) => held.playback()[1], 5000)
    server.setAcknowledging(true)
    await up('playback', chain(3).slice(2))
    await acked(3)
    expect(acks).toHaveLength(1)
  })

  test('refuses what is no batch and goes on', async () => {
    const refused: string[] = []
    await using _server = await openRecordServer({
      url: broker.url,
      ledger,
      onRefused: (_topic, error) => refused.push(`${error.code} ${error.path ?? ''}`),
    })
    await device.publishAsync(`loa/v1/device/75/${DEVICE}/up/playback`, '<html>', { qos: 1 })
    await up('playback', chain(1), 'd-2')
    await up('playback', [{ ...chain(1)[0], n: 0 }])
    await up('playback', chain(65))
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    await device.publishAsync(`loa/v1/device/75/${DEVICE}/up/event`, `{"records":${deep}}`, { qos: 1 })
    await up('playback', chain(1))
    await acked(1)
    expect(refused).toEqual([
      'INVALID ',
      'WRONG_DEVICE ',
      'INVALID records.0.n',
      'INVALID records',
      'INVALID ',
    ])
  })

  test('serves on after the broker was killed', async () => {
    await using _server = await openRecordServer({ url: broker.url, ledger })
    await up('playback', chain(1))
    await acked(1)
    await broker.restart()
    const send = setInterval(() => {
      if (device.connected) up('playback', chain(2)).catch(() => undefined)
    }, 100)
    try {
      await acked(2)
    } finally {
      clearInterval(send)
    }
  })
})
