import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { sleepUntil, wallNow } from './parts/wall.ts'

const DEBOUNCE_MS = 20
const AFTER_MS = [0, 250, 500, 1000, 3000] as const
const HEARD_WITHIN_MS = 10_000
const GOAL = { p99: 100 }

const guarded = (program: string): Agent =>
  new Agent({
    program,
    config: {
      contacts: [{ input: 'alarm', siren: { onSeconds: 0.5, offSeconds: 0, cycles: 1 }, forSeconds: 0.5 }],
    },
    board: {
      amplifiers: [{ id: 'main', driver: 'virtual', settleMs: 0, holdMs: 0, minOffMs: 0 }],
      inputs: [
        { id: 'alarm', role: 'emergency', driver: 'virtual', level: 'alarm.level', debounceMs: DEBOUNCE_MS },
      ],
    },
  })

/** Starts the agent anew, closes its contact so long after it was read first, and says how long the siren took. */
const delayAfter = async (agent: Agent, afterMs: number): Promise<number> => {
  const level = join(agent.paths.state, 'alarm.level')
  await agent.start()
  await eventually('it is read', async () => (await agent.status()).inputs['alarm'])
  await sleepUntil(wallNow() + afterMs)
  const closed = wallNow()
  writeFileSync(level, '1\n')
  const on = await eventually(
    'the siren',
    () => agent.dac('on').find(({ t }) => t * 1000 > closed),
    HEARD_WITHIN_MS,
  )
  writeFileSync(level, '0\n')
  await eventually('it is over', async () => (await agent.status()).state === 'idle' || undefined)
  await agent.stop()
  return on.t * 1000 - closed - DEBOUNCE_MS
}

const measure = async (trials: number): Promise<Section> => {
  using own = new OwnCheckout()
  await using agent = guarded(own.loa)
  const rows: (readonly string[])[] = []
  for (const afterMs of AFTER_MS) {
    const delays: number[] = []
    for (let trial = 0; trial < trials; trial += 1) delays.push(await delayAfter(agent, afterMs))
    rows.push(trialsRow('loa-agent', `closed ${afterMs} ms after it was read first`, delays, trials, GOAL))
  }
  return {
    head: TRIALS_HEAD,
    rows,
    method: `A new agent for each trial. From just before a 1 is written into the file of a virtual contact to the first frame of its siren that leaves the virtual sound card, less the debounce time of ${DEBOUNCE_MS} ms. The sound device is closed each time.`,
  }
}

export const contactAtStart: NamedBench = {
  title: 'Emergency contact at the start',
  run: (quick) => measure(quick ? 1 : 20),
}
