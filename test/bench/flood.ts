import { FloodBench, type MemorySpan } from '../rig/flood.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import { cpuMsOf } from './parts/processes.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median } from './parts/statistics.ts'

const MIB = 1024 * 1024
const HANDLED_WITHIN_MS = 900_000
const FORGERIES_A_SECOND = 200

const memoryRow = (what: string, { before, most, after }: MemorySpan, seconds: number): readonly string[] => [
  what,
  ...[before, most, after].map((value) => `${value.toFixed(1)} MB`),
  `${seconds.toFixed(1)} s`,
]

const latencyCells = (latencies: readonly number[]): readonly string[] => [
  `${median(latencies).toFixed(0)} ms`,
  `${Math.max(...latencies).toFixed(0)} ms`,
]

/** What a thief with a broker account can do to memory and to the time an alert takes. */
const measure = async (quick: boolean): Promise<Section> => {
  const [messages, deep, giantMib, trials] = quick ? [2000, 5, 20, 2] : [100_000, 200, 200, 20]
  using own = new OwnCheckout()
  await using bench = await FloodBench.open(own.loa)
  const rows: (readonly string[])[] = []
  const phase = async (what: string, work: () => Promise<void>): Promise<void> => {
    const begun = performance.now()
    const span = await bench.memory(async () => {
      await work()
      await bench.handled(HANDLED_WITHIN_MS)
    })
    rows.push(memoryRow(what, span, (performance.now() - begun) / 1000))
  }
  await phase(`${messages} messages that are no documents`, () => bench.rubbish(messages))
  await phase(`${deep} messages of 990,000 brackets`, () => bench.deep(deep))
  await phase(`one message of ${giantMib} MB`, () => bench.giant(giantMib * MIB))

  const quiet = await bench.alerts(trials)
  const over = new AbortController()
  const { pid } = bench.bench.agent
  const [cpuBefore, begun] = [cpuMsOf(pid), performance.now()]
  const forging = bench.forgeries(FORGERIES_A_SECOND, over.signal)
  let flooded: readonly number[] = []
  const span = await bench.memory(async () => {
    flooded = await bench.alerts(trials).finally(() => over.abort())
  })
  const seconds = (performance.now() - begun) / 1000
  const cpu = ((cpuMsOf(pid) - cpuBefore) / (seconds * 10)).toFixed(0)
  rows.push(memoryRow(`${await forging} forged alerts, ${FORGERIES_A_SECOND} a second`, span, seconds))
  const ratio = (median(flooded) / median(quiet)).toFixed(2)
  rows.push(
    ['', '', '', '', ''],
    ['alert to sound, of it relay 300 ms', 'median', 'largest', '', ''],
    ['without a flood', ...latencyCells(quiet), '', ''],
    ['with the forged alerts', ...latencyCells(flooded), `ratio ${ratio}`, ''],
  )
  return {
    head: ['flood', 'before', 'most', 'after', 'handled in'],
    rows,
    method:
      `Proportional set size of all processes of the agent, looked at every 100 ms; signatures required, mosquitto without limits on the same machine. Handled: until a document sent after the flood is in force; for the giant message that includes coming back from the dropped connection. ` +
      `Alerts: ${trials} each, from PUBLISH to the first sound on a virtual sound card, relay settle time 300 ms of the bench; the forged ones have the kid of a trusted key and a wrong signature. The agent took ${cpu} % of a core meanwhile.`,
  }
}

export const flood: NamedBench = { title: 'Floods', run: measure }
