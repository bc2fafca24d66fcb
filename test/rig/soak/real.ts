import { setTimeout as wait } from 'node:timers/promises'
import { Bench, inMs, itemAt, toneMp3 } from '../bench.ts'
import { eventually } from '../eventually.ts'
import { chainFaults } from '../observer.ts'
import { databasesIn, handlesOf, memoryOf } from './gauges.ts'

const HOUR_MS = 3_600_000
const ROUND_MS = 60_000
const PLAYED_SECONDS = 15
const LEAD_MS = 8000
/** Rounds before anything counts. */
const WARM = 5
const GOAL_MB = 5

type Sizes = { readonly memory: number; readonly handles: number }

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`

const grown = (samples: readonly Sizes[], field: keyof Sizes): number => {
  const warm = samples.slice(WARM)
  const third = Math.max(1, Math.floor(warm.length / 3))
  const mean = (part: readonly Sizes[]): number =>
    part.reduce((sum, sample) => sum + sample[field], 0) / part.length
  return mean(warm.slice(-third)) - mean(warm.slice(0, third))
}

/** The agent and its playout as processes, in the time that passes: a schedule and a broadcast each minute. */
export const soakForReal = async (hours: number): Promise<readonly (readonly [string, boolean])[]> => {
  await using bench = await Bench.running({ config: { outbox: { ack: 'broker' } } })
  const { agent, observer } = bench
  const playout = await agent.playout()
  const part = bench.serve(toneMp3(PLAYED_SECONDS), PLAYED_SECONDS)
  const sizes: Record<'agent' | 'playout', Sizes[]> = { agent: [], playout: [] }
  const end = Date.now() + hours * HOUR_MS
  let rounds = 0
  let incomplete = 0
  while (Date.now() < end) {
    const begun = Date.now()
    rounds += 1
    const id = `tin-${rounds}`
    await observer.schedule(rounds, [itemAt(id, inMs(LEAD_MS), { parts: [part] })])
    const { result } = await observer.record(id, ROUND_MS)
    if (result !== 'completed') incomplete += 1
    await wait(Math.max(0, begun + ROUND_MS - Date.now()))
    for (const [name, pid] of [
      ['agent', agent.pid],
      ['playout', playout],
    ] as const)
      sizes[name].push({ memory: memoryOf(pid), handles: handlesOf(pid) })
    const { stateDb } = databasesIn(agent.paths.state)
    console.log(
      `${rounds} rounds   agent ${mb(sizes.agent.at(-1)?.memory ?? 0)}   playout ${mb(sizes.playout.at(-1)?.memory ?? 0)}   state.db ${mb(stateDb)}`,
    )
  }
  await eventually('nothing waits', async () => (await agent.status()).outbox === 0 || undefined)
  return [
    [
      `${rounds} broadcasts, all completed, one record each`,
      incomplete === 0 && chainFaults(observer.records).length === 0,
    ],
    ...(['agent', 'playout'] as const).flatMap((name) => [
      [
        `${name} grows by ${mb(grown(sizes[name], 'memory'))}, less than ${GOAL_MB} MB`,
        grown(sizes[name], 'memory') < GOAL_MB * 1e6,
      ] as const,
      [`${name} has no handle more`, grown(sizes[name], 'handles') < 1] as const,
    ]),
  ]
}
