import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

const GOAL_MS = 1500
/** Lines of the agent's log that mark how far its start has come. */
const MARKS = ['ready', 'subscribed'] as const

type Line = { readonly time: string; readonly msg: string }

const lineWith = (output: string, message: string): Line | undefined => {
  const text = output.split('\n').find((line) => line.endsWith('}') && line.includes(`"msg":"${message}"`))
  return text === undefined ? undefined : JSON.parse(text)
}

/** From the start of the process to the grant of its last subscription, from a warm page cache and held state. */
const measure = async (quick: boolean): Promise<Section> => {
  using own = new OwnCheckout()
  await using bench = await Bench.open({ program: own.loa })
  const { agent } = bench
  const took: Record<(typeof MARKS)[number], number[]> = { ready: [], subscribed: [] }
  for (let run = 0; run < (quick ? 3 : 10); run += 1) {
    const printed = agent.output.length
    const begun = Date.now()
    agent.launch()
    for (const mark of MARKS) {
      const line = await eventually(`the agent is ${mark}`, () => lineWith(agent.output.slice(printed), mark))
      took[mark].push(Date.parse(line.time) - begun)
    }
    await agent.stop()
  }
  const row = (name: string, mark: (typeof MARKS)[number], goal: string): readonly string[] => [
    name,
    `${median(took[mark])} ms`,
    `${quantile(took[mark], 1)} ms`,
    goal,
  ]
  return {
    head: ['from the start of the process to', 'median', 'largest', 'goal'],
    rows: [
      row('ready to play from the cache', 'ready', ''),
      row(
        'subscribed to all topics',
        'subscribed',
        `${GOAL_MS} ms: ${median(took.subscribed) <= GOAL_MS ? 'met' : 'NOT met'}`,
      ),
    ],
    method: `${took.ready.length} starts through scripts/loa, warm page cache, broker on the same machine, by the times in the agent's log.`,
  }
}

export const startUp: NamedBench = { title: 'Start', run: measure }
