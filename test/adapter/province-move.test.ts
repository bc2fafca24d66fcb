import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { makeKey } from '../../scripts/source-system/keys.ts'
import { moveDocuments } from '../../scripts/source-system/move.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import { startMosquitto } from '../rig/mosquitto.ts'

const NOW = new Date('2026-11-26T08:00:00+07:00')
const UNIX = NOW.getTime() / 1000
const PLACE = { province: '77', commune: '26680', overlapDays: 10 }

test('an order to move keeps what else the device was asked for, and signs nothing again that another key signed', async () => {
  await using broker = await startMosquitto()
  const client = await connectAsync(broker.url, { protocolVersion: 5 })
  const [ours, theirs] = [makeKey('central'), makeKey('thief')]
  const desired = (device: string, rev: number, config: object, key = ours) =>
    client.publishAsync(
      `loa/v1/device/75/${device}/down/desired`,
      seal('desired', Buffer.from(JSON.stringify({ kind: 'desired', v: 1, device, rev, config })), [key]),
      { qos: 1, retain: true },
    )
  await desired('d-1', UNIX + 5, { volume: 60 })
  await desired('d-2', 7, { volume: 100 }, theirs)
  const devices = ['d-1', 'd-2', 'd-3'].map((device) => ({ province: '75', device }))
  const made = await moveDocuments({ client, topicRoot: 'loa/v1' }, devices, PLACE, { key: ours, now: NOW })
  await client.endAsync()
  const common = { kind: 'desired', v: 1, iat: NOW.toISOString() }
  expect(made.map(({ document }) => document)).toEqual([
    { ...common, device: 'd-1', rev: UNIX + 6, config: { volume: 60, place: PLACE } },
    undefined,
    { ...common, device: 'd-3', rev: UNIX, config: { place: PLACE } },
  ])
  expect(made[1]?.fault).toContain('another key')
})
