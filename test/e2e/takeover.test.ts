import type { MqttClient } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { eventually } from '../rig/eventually.ts'
import { SecureBroker } from '../rig/secure-broker.ts'

const LONG = 180_000
const UP = `loa/v1/device/75/${DEVICE}/up`
/** The contract: reconnection is never put off by more than 60 s. */
const BACK_WITHIN_MS = 65_000

const agentAt = async (broker: SecureBroker, protocol: 4 | 5): Promise<Agent> =>
  new Agent({ config: { mqtt: { urls: [broker.url], protocol, ...(await broker.account(DEVICE)) } } })

const isConnected = async (agent: Agent): Promise<true | undefined> =>
  (await agent.status()).broker.connected || undefined

/** Another client comes with the certificate of the device as soon as that is connected. */
const takeOver = async (broker: SecureBroker, agent: Agent, protocolVersion: 4 | 5): Promise<void> => {
  await eventually('the device is connected', () => isConnected(agent), BACK_WITHIN_MS)
  await broker.connect(DEVICE, { clientId: 'rival', protocolVersion })
  await eventually('the device was thrown out', async () => !(await isConnected(agent)) || undefined)
}

type Told = { readonly code: string; readonly severity: string; readonly data: { readonly message?: string } }

const eventsAt = async (source: MqttClient): Promise<readonly Told[]> => {
  const told: Told[] = []
  source.on('message', (topic, payload) => {
    if (topic === `${UP}/event`) told.push(...JSON.parse(payload.toString('utf8')).records)
  })
  await source.subscribeAsync(`${UP}/event`, { qos: 1 })
  return told
}

describe.concurrent('T06 a second session with the certificate of the device', () => {
  test.each([5, 4] as const)(
    'is told to the province and in status over protocol %d, and the device comes back more slowly',
    async (protocol) => {
      await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
      await using agent = await agentAt(broker, protocol)
      await agent.start()
      const told = await eventsAt(await broker.source())
      const problems = async () => (await agent.status()).problems.map(({ code }) => code)
      // By the reason code at once, where the broker gives one; else by the third time.
      for (let times = 0; times < 3 && !(await problems()).includes('SESSION_TAKEN'); times += 1)
        await takeOver(broker, agent, protocol)
      expect(await problems()).toContain('SESSION_TAKEN')
      const out = performance.now()
      await eventually('it is back', () => isConnected(agent), BACK_WITHIN_MS)
      // 12 s is the shortest of the slower waits; the contract bounds the longest.
      expect(performance.now() - out).toBeGreaterThan(11_000)
      const event = await eventually('the province is told', () =>
        told.find(({ code }) => code === 'SESSION_TAKEN'),
      )
      expect(event).toMatchObject({ severity: 'alarm', data: { message: expect.stringMatching(/broker/) } })
    },
    LONG,
  )
})
