import { setTimeout as wait } from 'node:timers/promises'
import { Bench, itemAt } from './bench.ts'
import { BrokenLine } from './broken-line.ts'
import { flood } from './documents.ts'
import { eventually } from './eventually.ts'
import type { LineFault } from './line-fault.ts'
import { chainFaults } from './observer.ts'

export type Trouble = {
  readonly name: string
  readonly fault: LineFault
  /** How long it lasts; a cut mends itself, and the connection is ended beside it so that it has something to cut. */
  readonly seconds: number
}

export type TroubleReport = {
  readonly trouble: string
  /** From the mending to the birth of the next connection, seconds; undefined where the connection held. */
  readonly backAfter: number | undefined
  readonly tries: number
  /** From the mending to the documents in force, seconds. */
  readonly documentsAfter: number
  /** Deliveries beyond the first of each record. */
  readonly again: number
  /** Occurrences that have another number of records than one, and faults of the chain. */
  readonly faults: readonly string[]
}

const PACKETS = { connect: 1, connack: 2, publish: 3, puback: 4, subscribe: 8, suback: 9 } as const
const cut = (packet: keyof typeof PACKETS, way: 'up' | 'down'): LineFault => ({
  kind: 'cut',
  packet: PACKETS[packet],
  way,
})

export const TROUBLES = {
  'CONNECT cut in two': cut('connect', 'up'),
  'CONNACK cut in two': cut('connack', 'down'),
  'SUBSCRIBE cut in two': cut('subscribe', 'up'),
  'SUBACK cut in two': cut('suback', 'down'),
  'a document cut in two': cut('publish', 'down'),
  'a record cut in two': cut('publish', 'up'),
  'PUBACK cut in two': cut('puback', 'down'),
  'nobody there': { kind: 'refuse' },
  'half-open': { kind: 'silent' },
  '2 kB a second': { kind: 'slow', bytesPerSecond: 2000 },
  '2 s late': { kind: 'late', ms: 2000 },
} as const satisfies Readonly<Record<string, LineFault>>

/** Two windows of the reconnection, the keep-alive and a half, and what is slow comes on top. */
const PATIENCE_MS = 200_000
const LEAD_MS = 2000

/** A receiver whose way to its broker goes over a line that breaks. */
export class BrokenNet implements AsyncDisposable {
  readonly bench: Bench
  readonly line: BrokenLine
  readonly #stack: AsyncDisposableStack
  #round = 0

  private constructor(bench: Bench, line: BrokenLine, stack: AsyncDisposableStack) {
    this.bench = bench
    this.line = line
    this.#stack = stack
  }

  static async open(): Promise<BrokenNet> {
    await using stack = new AsyncDisposableStack()
    const bench = stack.use(await Bench.open())
    const line = stack.use(await BrokenLine.open(bench.broker.port))
    const { agent, observer, contentUrl } = bench
    agent.configure({ config: { mqtt: { urls: [line.url] }, content: { allow: [`${contentUrl}/`] } } })
    await agent.start()
    await observer.until('reported', 'there', () => true)
    return new BrokenNet(bench, line, stack.move())
  }

  /** Breaks the line, publishes a schedule and an alert meanwhile, mends it, and waits until everything has come about. */
  async suffer({ name, fault, seconds }: Trouble): Promise<TroubleReport> {
    const { line, bench } = this
    const { observer } = bench
    this.#round += 1
    const rev = 2 * this.#round
    const made = line.made
    const births = observer.of('state').length
    const delivered = observer.deliveries.length - observer.records.length
    line.break(fault)
    if (fault.kind === 'cut') line.cut()
    const item = `tin-${this.#round}`
    const alert = `lu-${this.#round}`
    const at = Date.now() + seconds * 1000 + LEAD_MS
    const late = { policy: 'play', withinSeconds: 300 }
    await observer.schedule(rev, [itemAt(item, at, { parts: [{ sound: 'chime' }], late })])
    await observer.document('75', 'alert', alertNamed(alert, rev))
    await wait(seconds * 1000)
    if (fault.kind !== 'cut') line.mend()
    const mended = Date.now()
    await observer.until(
      'reported',
      `the documents of ${name}`,
      ({ revs }) => hasBoth(revs, rev),
      PATIENCE_MS,
    )
    const documentsAfter = (Date.now() - mended) / 1000
    await observer.record(alert, PATIENCE_MS)
    await observer.document('75', 'alert', { ...alertNamed(alert, rev + 1), alerts: [] })
    await observer.record(item, PATIENCE_MS)
    await this.#acknowledged()
    // With a resumed session documents may come before the birth.
    const birth = observer
      .of('state')
      .slice(births)
      .find(({ body }) => body['state'] === 'online')
    return {
      trouble: name,
      backAfter: birth === undefined ? undefined : (birth.at - mended) / 1000,
      tries: line.made - made,
      documentsAfter,
      again: observer.deliveries.length - observer.records.length - delivered,
      faults: this.#faults([item, alert]),
    }
  }

  async #acknowledged(): Promise<void> {
    const { observer, agent } = this.bench
    await eventually(
      'everything is acknowledged',
      async () => {
        const last = observer.records.at(-1)
        if (last !== undefined) await observer.acknowledge(last)
        return (await agent.status()).outbox === 0 || undefined
      },
      PATIENCE_MS,
    )
  }

  #faults(items: readonly string[]): readonly string[] {
    const { observer } = this.bench
    const counted = items.map((item) => ({ item, count: observer.playbackOf(item).length }))
    return [
      ...counted.filter(({ count }) => count !== 1).map(({ item, count }) => `${count} records of ${item}`),
      ...chainFaults(observer.records),
    ]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

const hasBoth = (revs: unknown, rev: number): boolean =>
  Object(revs)['75/26068/schedule'] === rev && Object(revs)['75/alert'] === rev

const alertNamed = (id: string, rev: number) => {
  const document = flood(rev)
  return { ...document, alerts: document.alerts.map((alert) => ({ ...alert, id })) }
}
