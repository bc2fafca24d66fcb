import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { startMosquitto } from '../rig/mosquitto.ts'

test('the broker of the rig carries a retained message on MQTT 5 and 3.1.1', async () => {
  await using broker = await startMosquitto()
  for (const protocolVersion of [5, 4] as const) {
    const client = await connectAsync(broker.url, { protocolVersion, reconnectPeriod: 0 })
    const got = new Promise((resolve) =>
      client.once('message', (_topic, payload) => resolve(String(payload))),
    )
    await client.publishAsync('t', `v${protocolVersion}`, { qos: 1, retain: true })
    await client.subscribeAsync('t', { qos: 1 })
    expect(await got).toBe(`v${protocolVersion}`)
    await client.endAsync()
  }
})

test('the broker of the rig is gone after kill and back on its port after restart', async () => {
  await using broker = await startMosquitto({ config: 'persistence false' })
  await broker.kill()
  await expect(connectAsync(broker.url, { reconnectPeriod: 0 }, false)).rejects.toThrow()
  await broker.restart()
  const client = await connectAsync(broker.url, { reconnectPeriod: 0 }, false)
  expect(client.connected).toBe(true)
  await client.endAsync()
})

test('a broker whose port is taken says so', async () => {
  await using first = await startMosquitto()
  await expect(startMosquitto({ port: first.port })).rejects.toThrow(/in use/)
})
