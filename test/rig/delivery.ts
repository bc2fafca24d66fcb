import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent } from './agent.ts'
import { type Comparison, compareLedgers } from './delivery-comparison.ts'
import { eventually } from './eventually.ts'
import { type Mosquitto, startMosquitto } from './mosquitto.ts'
import { Observer, scheduleDocument } from './observer.ts'
import { ProvinceRecords } from './province-process.ts'

export type DeliveryOptions = {
  /** Planned occurrences; each becomes one playback record. */
  readonly records: number
  /** Occurrences due in one second. */
  readonly perSecond: number
  /** Longest life of an agent, a broker and a record server, in milliseconds. */
  readonly longestLifeMs: { readonly agent: number; readonly broker: number; readonly server: number }
  /** From 0 up to 1. */
  readonly random: () => number
  readonly onProgress: (line: string) => void
}

export type DeliveryReport = Comparison & {
  readonly killed: { readonly agent: number; readonly broker: number; readonly server: number }
  /** Copies of records that the agent handed to its connection. */
  readonly sent: number
  readonly received: ProvinceRecords['received']
  readonly seconds: number
}

/** Of the contract. */
const MOST_ITEMS = 2000
const LEAD_MS = 3000
const SHORTEST_LIFE_MS = 300
/** Every third life is longer than what counts as a start that died: safe mode would leave the schedule off. */
const SURVIVING_MS = 5500
const BROKER_AWAY_MS = 800
const ACCEPTED_WITHIN_MS = 120_000
const BACK_WITHIN_MS = 120_000
const DRAINED_WITHIN_MS = 300_000
/** Share of the records that may still wait when the kills end. */
const LEFT_FOR_THE_END = 0.1
const AREA = '75/26068'
/** Its first try after a loss is at 1.2 s. */
const DEVICE = 'd-rig-28'

type Planned = { readonly id: string; readonly at: number }

/** Half of them with sound, half for a sign; all name outputs that the board lacks: recorded at their second, at no cost. */
const itemOf = ({ id, at }: Planned, index: number): Readonly<Record<string, unknown>> => ({
  id,
  when: { at: new Date(at).toISOString() },
  ...(index % 2 === 0
    ? { parts: [{ sound: 'chime' }], amplifiers: ['nowhere'], late: { policy: 'skip', withinSeconds: 3600 } }
    : { sign: { signs: ['nowhere'], pages: [{ text: id, seconds: 3600 }] } }),
})

/**
 * The whole agent, a mosquitto without persistence and `province records`, all killed at random while records are made
 * and sent; at the end the province's table is compared with what was planned and with what the device wrote.
 */
export class DeliveryRig implements AsyncDisposable {
  readonly #options: DeliveryOptions
  readonly #broker: Mosquitto
  readonly #agent: Agent
  readonly #records: ProvinceRecords
  readonly #observer: Observer
  readonly #db: string
  readonly #stack: AsyncDisposableStack
  readonly #killed = { agent: 0, broker: 0, server: 0 }
  #schedule: string | undefined

  private constructor(
    options: DeliveryOptions,
    parts: { broker: Mosquitto; agent: Agent; records: ProvinceRecords; observer: Observer; db: string },
    stack: AsyncDisposableStack,
  ) {
    this.#options = options
    this.#broker = parts.broker
    this.#agent = parts.agent
    this.#records = parts.records
    this.#observer = parts.observer
    this.#db = parts.db
    this.#stack = stack
  }

  static async open(options: DeliveryOptions): Promise<DeliveryRig> {
    await using stack = new AsyncDisposableStack()
    const folder = mkdtempSync(join(tmpdir(), 'loa-delivery-'))
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const db = join(folder, 'records.db')
    const broker = stack.use(await startMosquitto({ config: 'persistence false' }))
    const records = stack.use(await ProvinceRecords.start(broker.url, db))
    const observer = stack.use(await Observer.connect(broker.url, 5, DEVICE))
    const config = { device: { id: DEVICE }, mqtt: { urls: [broker.url] }, log: { level: 'debug' } }
    const agent = stack.use(new Agent({ config }))
    await agent.start()
    return new DeliveryRig(options, { broker, agent, records, observer, db }, stack.move())
  }

  async run(): Promise<DeliveryReport> {
    const begun = performance.now()
    const over = new AbortController()
    const killers = [
      this.#killAgent(over.signal),
      this.#killBroker(over.signal),
      this.#killServer(over.signal),
    ]
    const failed = Promise.all(killers).then(() => new Promise<never>(() => undefined))
    const work = this.#plan().then(async (planned) => {
      await this.#mostDelivered()
      return planned
    })
    const planned = await Promise.race([work, failed]).finally(() => over.abort())
    await Promise.all(killers)
    // Who has lost the last acknowledgement would wait for 30 s: after a reconnection all is sent again at once.
    this.#killed.broker += 1
    await this.#restartBroker()
    this.#options.onProgress(`no more kills: ${(await this.#agent.status()).outbox} records wait`)
    await eventually(
      'all records are acknowledged',
      async () => (await this.#agent.status()).outbox === 0 || undefined,
      DRAINED_WITHIN_MS,
    )
    await this.#agent.stop()
    await this.#records.kill()
    const seconds = (performance.now() - begun) / 1000
    const comparison = compareLedgers({
      stateDb: join(this.#agent.paths.state, 'state.db'),
      recordsDb: this.#db,
      document: `${AREA}/schedule`,
      planned,
      checked: this.#records.check(),
    })
    return {
      ...comparison,
      killed: this.#killed,
      sent: this.#sent(),
      received: this.#records.received,
      seconds,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  /** Revision after revision, each when the one before is held and over. */
  async #plan(): Promise<readonly Planned[]> {
    const { records, perSecond, onProgress } = this.#options
    const all: Planned[] = []
    for (let rev = 1; all.length < records; rev += 1) {
      const count = Math.min(MOST_ITEMS, records - all.length)
      const first = Math.ceil((Date.now() + LEAD_MS) / 1000) * 1000
      const planned = Array.from({ length: count }, (_, index) => ({
        id: `r${rev}-${index}`,
        at: first + Math.floor(index / perSecond) * 1000,
      }))
      this.#schedule = JSON.stringify(scheduleDocument(rev, planned.map(itemOf)))
      await this.#publish()
      await this.#observer.until(
        'reported',
        `revision ${rev} is held`,
        ({ revs }) => Number(Object(revs)[`${AREA}/schedule`]) === rev,
        ACCEPTED_WITHIN_MS,
      )
      all.push(...planned)
      const last = planned.at(-1)?.at ?? 0
      await wait(Math.max(0, last + 1000 - Date.now()))
      onProgress(`${all.length} of ${records} came due`)
    }
    return all
  }

  /** The kills go on meanwhile, so the agent may not answer. */
  async #mostDelivered(): Promise<void> {
    const { records } = this.#options
    await eventually(
      'most is delivered',
      async () => {
        const status = await this.#agent.status().catch(() => undefined)
        return (status !== undefined && status.outbox < records * LEFT_FOR_THE_END) || undefined
      },
      DRAINED_WITHIN_MS,
    )
  }

  /** The source system: after a broker that keeps nothing has come back, once more. */
  async #publish(): Promise<void> {
    if (this.#schedule !== undefined) await this.#observer.document(AREA, 'schedule', this.#schedule)
  }

  async #killAgent(signal: AbortSignal): Promise<void> {
    for (;;) {
      const least = this.#killed.agent % 3 === 2 ? SURVIVING_MS : SHORTEST_LIFE_MS
      if (!(await this.#live('agent', signal, least))) return
      await this.#agent.crash()
      this.#agent.launch()
      await eventually('the agent is back', () => this.#agent.status().catch(() => undefined), BACK_WITHIN_MS)
    }
  }

  async #killBroker(signal: AbortSignal): Promise<void> {
    while (await this.#live('broker', signal)) await this.#restartBroker()
  }

  async #restartBroker(): Promise<void> {
    await this.#broker.kill()
    await wait(this.#options.random() * BROKER_AWAY_MS)
    await this.#broker.restart()
    await this.#publish()
  }

  async #killServer(signal: AbortSignal): Promise<void> {
    while (await this.#live('server', signal)) await this.#records.restart()
  }

  /** Waits out a life of random length, and counts its end; false when all is over before. */
  async #live(
    who: keyof DeliveryReport['killed'],
    signal: AbortSignal,
    leastMs = SHORTEST_LIFE_MS,
  ): Promise<boolean> {
    const { longestLifeMs, random } = this.#options
    const lifeMs = leastMs + random() * Math.max(0, longestLifeMs[who] - leastMs)
    await wait(lifeMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return false
    this.#killed[who] += 1
    return true
  }

  #sent(): number {
    return this.#agent.output
      .split('\n')
      .filter((line) => line.endsWith('}') && line.includes('"records go out"'))
      .reduce((sum, line) => sum + Number(JSON.parse(line).records), 0)
  }
}
