import { rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent } from '../rig/agent.ts'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { startMosquitto } from '../rig/mosquitto.ts'
import { ProvinceRecords } from '../rig/province-process.ts'
import { Station } from '../service/dispatch/station.ts'
import { fillState, openStore, writeRecord } from './parts/filled-state.ts'
import { OwnCheckout } from './parts/own-checkout.ts'
import { scheduledMsOf } from './parts/processes.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

const WAITING = [1000, 10_000, 100_000]
const ITEMS = [20, 200, 2000]
const BROKER = 'persistence false\nmax_queued_messages 0\nmax_inflight_messages 0'
const LOOKS_AT_ONCE = 100
const SETTLED_MS = 6000
const DRAINED_WITHIN_MS = 900_000

type Cells = readonly string[]
type Spread = { readonly median: number; readonly p99: number }

const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  p99: quantile(values, 0.99),
})
const timed = (work: () => void): number => {
  const begun = performance.now()
  work()
  return performance.now() - begun
}
/** A row of values that should stay equal, and how the last compares with the first. */
const row = (what: string, values: readonly number[], shown: (value: number) => string): Cells => [
  ...cells(what, values.map(shown)),
  values.length > 1 ? `x ${((values.at(-1) ?? 0) / (values[0] ?? 1)).toFixed(2)}` : '',
]
/** A quick run has fewer columns to fill. */
const cells = (what: string, values: readonly string[]): Cells => [
  what,
  ...WAITING.map((_, index) => values[index] ?? ''),
]
const ms = (value: number): string => `${value.toFixed(2)} ms`
const us = (value: number): string => `${(value * 1000).toFixed(1)} us`

/** Closing the row of a broadcast and writing its record, durable when it returns, on the disk of the agent's folder. */
const commits = async (directory: string, from: number, trials: number): Promise<Spread> => {
  const store = openStore(directory)
  const took = Array.from({ length: trials }, (_, trial) => timed(() => writeRecord(store, from + trial)))
  await store[Symbol.asyncDispose]()
  return spreadOf(took)
}

/** A store with so many records that wait: what one more costs, and how fast an agent that starts with them is rid of them. */
const delivered = async (program: string, waiting: number, trials: number) => {
  await using broker = await startMosquitto({ config: BROKER })
  await using agent = new Agent({ program, config: { mqtt: { urls: [broker.url] } } })
  await fillState(agent.paths.state, waiting - trials)
  const commit = await commits(agent.paths.state, waiting - trials, trials)
  const db = join(agent.paths.folder, 'records.db')
  await using records = await ProvinceRecords.start(broker.url, db)
  agent.launch()
  await eventually('the first batch', () => records.received.batches > 0 || undefined, 60_000)
  const [begun, before] = [performance.now(), records.received.records]
  await agent.waitReady()
  await eventually(
    'all is acknowledged',
    async () => (await agent.status()).outbox === 0 || undefined,
    DRAINED_WITHIN_MS,
  )
  const perSecond = (1000 * (records.received.records - before)) / (performance.now() - begun)
  await agent.stop()
  const { duplicates } = records.received
  rmSync(db, { force: true })
  return { commit, perSecond, duplicates }
}

const item = (index: number) => ({
  id: `tin-${index}`,
  when: { times: [timeOf(index), timeOf(index + 700)] },
  sign: { pages: [{ text: `Họp thôn ${index}`, mode: 'still' as const, seconds: 10 }] },
})

/** From eight in the morning on, so that nothing is due while it is measured. */
const timeOf = (index: number): string => {
  const minute = 480 + ((index * 7) % 900)
  return [Math.floor(minute / 60), minute % 60, index % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** One pass of the dispatch over a plan of so many items, and making that plan. */
const dispatched = async (items: number, trials: number) => {
  const station = new Station()
  station.on()
  const schedule = Array.from({ length: items }, (_, index) => item(index))
  const planning = Array.from({ length: 10 }, () => timed(() => station.publish(schedule)))
  const { dispatcher } = station.agent
  const looks = Array.from(
    { length: trials },
    () =>
      timed(() => {
        for (let look = 0; look < LOOKS_AT_ONCE; look += 1) dispatcher.tick()
      }) / LOOKS_AT_ONCE,
  )
  await station.crash()
  return { planning: spreadOf(planning), look: spreadOf(looks) }
}

/** CPU of the whole agent with so many items in force and none due, in percent of a core. */
const idling = async (program: string, items: number, forMs: number): Promise<number> => {
  await using bench = await Bench.open({ program })
  const from = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  const schedule = Array.from({ length: items }, (_, index) => ({
    ...item(index),
    when: { ...item(index).when, from },
  }))
  await bench.observer.schedule(1, schedule)
  await bench.agent.start()
  await bench.observer.until('reported', 'the schedule is in force', ({ revs }) =>
    Object.values(Object(revs)).includes(1),
  )
  await wait(SETTLED_MS)
  const [before, begun] = [scheduledMsOf(bench.agent.pid), performance.now()]
  await wait(forMs)
  const share = (100 * (scheduledMsOf(bench.agent.pid) - before)) / (performance.now() - begun)
  await bench.agent.stop()
  return share
}

/** What records cost while many wait, and what a long schedule costs while nothing is due. */
const measure = async (quick: boolean): Promise<Section> => {
  const sizes = quick ? WAITING.slice(0, 1) : WAITING
  const [trials, looks, idleMs] = quick ? [50, 5, 2000] : [500, 100, 30_000]
  using own = new OwnCheckout()
  const stores = []
  for (const waiting of sizes) stores.push(await delivered(own.loa, waiting, trials))
  const plans = []
  for (const items of ITEMS) plans.push(await dispatched(items, looks))
  const idle: number[] = []
  for (const items of ITEMS) idle.push(await idling(own.loa, items, idleMs))
  const number = (value: number): string => value.toLocaleString('en-US')
  return {
    head: [...cells('records waiting', sizes.map(number)), 'last / first'],
    rows: [
      row(
        'commit of a record, median',
        stores.map(({ commit }) => commit.median),
        ms,
      ),
      row(
        'commit of a record, p99',
        stores.map(({ commit }) => commit.p99),
        ms,
      ),
      row(
        'delivered a second',
        stores.map(({ perSecond }) => perSecond),
        (value) => value.toFixed(0),
      ),
      [
        ...cells(
          'of them twice',
          stores.map(({ duplicates }) => number(duplicates)),
        ),
        '',
      ],
      ['', '', '', '', ''],
      ['items in the schedule', ...ITEMS.map(number), ''],
      row(
        'one look of the dispatch, median',
        plans.map(({ look }) => look.median),
        us,
      ),
      row(
        'one look of the dispatch, p99',
        plans.map(({ look }) => look.p99),
        us,
      ),
      row(
        'planning 26 h, once an hour, median',
        plans.map(({ planning }) => planning.median),
        ms,
      ),
      row('the idle agent, of a core', idle, (value) => `${value.toFixed(2)} %`),
    ],
    method:
      `Commit: closing the ledger row of a broadcast and writing its record, ${trials} times, synced to the disk when it returns. Delivered: the whole agent started with so many records in its state.db, mosquitto and \`province records\` (a process of its own, which stores and then acknowledges) on the same machine, from the first batch to the last acknowledgement. ` +
      `Look and planning: dispatch, arbiter and plan in the process of the bench, with the compilers that the agent goes without; two occurrences an item and day, none due, ${looks * LOOKS_AT_ONCE} looks. Idle: CPU time of all threads of the agent's main process (/proc/PID/task/*/schedstat) over ${idleMs / 1000} s. Load average of the last 15 minutes: ${loadavg()[2]?.toFixed(1)}.`,
  }
}

export const outbox: NamedBench = { title: 'Records and long schedules', run: measure }
