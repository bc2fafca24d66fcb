import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'
import { readDacLog } from '../rig/virtual-dac.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { TRIALS_HEAD, trialsRow } from './parts/statistics.ts'
import { sleepUntil, untilInstant, wallNow } from './parts/wall.ts'

const DEBOUNCE_MS = 20
const PERIOD_MS = 2600
const HELD_MS = 300
/** A siren counts as that of a trial when it begins so soon after its contact. */
const WINDOW_MS = 1000
const START_MS = 2000
const GOAL = { p99: 100 }

/** In turn: one that is closed as often as that would count as trembling. */
const CONTACTS = Array.from({ length: 8 }, (_, index) => `alarm-${index}`)

const guarded = (program: string): Agent =>
  new Agent({
    program,
    config: {
      mqtt: { urls: ['mqtt://127.0.0.1:1'] },
      contacts: CONTACTS.map((input) => ({
        input,
        siren: { onSeconds: 0.5, offSeconds: 0, cycles: 1 },
        forSeconds: 0.5,
      })),
    },
    board: {
      amplifiers: [{ id: 'main', driver: 'virtual', settleMs: 0, holdMs: 0, minOffMs: 0 }],
      inputs: CONTACTS.map((id) => ({
        id,
        role: 'emergency',
        driver: 'virtual',
        level: `${id}.level`,
        debounceMs: DEBOUNCE_MS,
      })),
    },
  })

/** From a contact that is closed to the first frame of its siren, through the whole agent, without any network. */
const measure = async (trials: number): Promise<Section> => {
  using own = new OwnCheckout()
  await using agent = guarded(own.loa)
  await agent.start()
  const put = (trial: number, active: boolean): void => {
    const id = CONTACTS[trial % CONTACTS.length] ?? ''
    writeFileSync(join(agent.paths.state, `${id}.level`), active ? '1\n' : '0\n')
  }
  await eventually('they are read', async () => {
    const { inputs } = await agent.status()
    return Object.keys(inputs).length === CONTACTS.length || undefined
  })
  const first = Date.now() + START_MS
  const closed: number[] = []
  for (let trial = 0; trial < trials; trial += 1) {
    await untilInstant(first + trial * PERIOD_MS + ((trial * 7) % 20))
    closed.push(wallNow())
    put(trial, true)
    await sleepUntil(first + trial * PERIOD_MS + HELD_MS)
    put(trial, false)
  }
  await sleepUntil(first + trials * PERIOD_MS)
  const sirens = readDacLog(agent.paths.dacLog, 'on').map(({ t }) => t * 1000)
  const delays = closed.flatMap((at) => {
    const heard = sirens.find((t) => t > at && t < at + WINDOW_MS)
    return heard === undefined ? [] : [heard - at - DEBOUNCE_MS]
  })
  return {
    head: TRIALS_HEAD,
    rows: [trialsRow('loa-agent', 'virtual contact, no network, settleMs 0', delays, trials, GOAL)],
    method: `From just before a 1 is written into the file of a virtual contact to the first frame of its siren that leaves the virtual sound card, less the debounce time of ${DEBOUNCE_MS} ms, every ${PERIOD_MS / 1000} s, ${CONTACTS.length} contacts in turn. The first alarm finds the sound device closed, the others find it open.`,
  }
}

export const contact: NamedBench = {
  title: 'Emergency contact',
  run: (quick) => measure(quick ? 5 : 60),
}
