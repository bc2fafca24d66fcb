import { describe, expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'
import { canMakeNetworks, TwoWays } from '../rig/two-ways.ts'

type Fields = Readonly<Record<string, unknown>>

const switches = async (agent: Agent): Promise<readonly Fields[]> => {
  const { stdout } = await agent.loa('log', '--json')
  const entries: readonly { readonly record: { readonly code?: string; readonly data: Fields } }[] =
    JSON.parse(stdout)
  return entries.flatMap(({ record }) => (record.code === 'BEARER' ? [record.data] : []))
}

describe.skipIf(!canMakeNetworks)('an agent with a cable and a modem', () => {
  test('goes on over the modem when the cable is pulled, and tells each switch once', async () => {
    await using ways = await TwoWays.open()
    await using agent = new Agent({
      program: ways.program,
      config: { mqtt: { urls: [ways.url] }, network: { data: { monthlyMb: 3000 } } },
    })
    await agent.start()
    const connectedOver = async (bearer: string, address: string): Promise<string> =>
      eventually(
        `connected over ${bearer}`,
        async () => {
          const { net, broker } = await agent.status()
          const isThere = net.bearer === bearer && net.addresses.includes(address) && broker.connected
          return isThere ? broker.since : undefined
        },
        30_000,
      )
    const first = await connectedOver('ethernet', '10.251.1.2')
    await eventually('the first way has settled', async () => {
      const { uptimeSeconds } = await agent.status()
      return uptimeSeconds > 7 || undefined
    })
    const pulledAt = performance.now()
    ways.pullOut()
    await eventually(
      'another connection',
      async () => (await connectedOver('cellular', '10.251.2.2')) !== first || undefined,
      30_000,
    )
    // Its keep-alive alone would have taken 45 s to notice.
    expect(performance.now() - pulledAt).toBeLessThan(30_000)
    await eventually('the switch is told', async () => (await switches(agent)).length === 1 || undefined)
    ways.loseModem()
    await eventually('there is no way', async () => (await agent.status()).net.bearer === 'none' || undefined)
    await eventually('that is told', async () => (await switches(agent)).length === 2 || undefined)
    expect(await switches(agent)).toEqual([
      { from: 'ethernet', to: 'cellular', device: 'wwan0' },
      { from: 'cellular', to: 'none' },
    ])
    const { net } = await agent.status()
    expect(net.data).toEqual({ since: expect.any(String), usedMb: 0, monthlyMb: 3000 })
  }, 90_000)
})
