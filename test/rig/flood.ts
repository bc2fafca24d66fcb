import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import type { DocumentKind } from '../../agent/core/documents.ts'
import { openKeyFolder } from '../../scripts/source-system/key-folder.ts'
import { makeKey, type SigningKey } from '../../scripts/source-system/keys.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import { familyOf, memoryOf } from '../bench/parts/processes.ts'
import { Bench } from './bench.ts'
import { eventually } from './eventually.ts'

const ROOT = 'loa/v1'
const IN_FLIGHT = 200
const LOOK_EVERY_MS = 100
const HOUR_MS = 3_600_000
/** Two revisions each: no more than the 60 a minute and key that are acted on at once. */
const TRIAL_MS = 2200

/** Proportional set size of the agent with all its processes, MiB. */
export type MemorySpan = { readonly before: number; readonly most: number; readonly after: number }

/** A receiver with signatures required, a province with keys, and a thief with an account at the broker. */
export class FloodBench implements AsyncDisposable {
  readonly bench: Bench
  readonly #thief: MqttClient
  readonly #province: SigningKey
  /** Of the same name as the province's, with another key. */
  readonly #forger: SigningKey
  #rev = 0

  private constructor(bench: Bench, thief: MqttClient, province: SigningKey) {
    this.bench = bench
    this.#thief = thief
    this.#province = province
    this.#forger = makeKey(province.kid)
  }

  /** The agent holds the trust of its province, and nothing else. `program` as in `AgentOptions`. */
  static async open(program?: string): Promise<FloodBench> {
    const directory = mkdtempSync(join(tmpdir(), 'loa-flood-'))
    const keys = await openKeyFolder({ directory, area: '75', now: new Date() })
    rmSync(directory, { recursive: true })
    const rootKeys = keys.roots.map(({ kid, x }) => ({ kid, x }))
    const bench = await Bench.running({
      config: { security: { signatures: 'required', rootKeys } },
      // Nothing of the flood is lost on its way.
      brokerConfig: 'max_queued_messages 0\nmax_queued_bytes 0',
      ...(program === undefined ? {} : { program }),
    })
    const thief = await connectAsync(bench.broker.url, { protocolVersion: 5 })
    await bench.observer.document('75', 'trust', keys.trustMessage)
    await bench.observer.until('reported', 'trust', ({ revs }) => '75/trust' in Object(revs))
    return new FloodBench(bench, thief, keys.province)
  }

  /** Puts a document of the province in force behind everything that was sent before, and waits for it. */
  async handled(deadlineMs: number): Promise<void> {
    const rev = await this.#publish('schedule', { items: [] })
    await this.bench.observer.until(
      'reported',
      'everything is handled',
      ({ revs }) => Number(Object(revs)['75/schedule']) === rev,
      deadlineMs,
    )
  }

  /** Milliseconds from an alert's PUBLISH to its first sound, once for each trial. */
  async alerts(trials: number): Promise<readonly number[]> {
    const { agent } = this.bench
    const latencies: number[] = []
    for (let trial = 0; trial < trials; trial += 1) {
      const next = wait(TRIAL_MS)
      const sent = Date.now()
      await this.#publish('alert', { alerts: [siren(trial, sent)] })
      const loud = await eventually('the siren is heard', () =>
        agent.dac('loud').find(({ t }) => t * 1000 > sent),
      )
      latencies.push(loud.t * 1000 - sent)
      await this.#publish('alert', { alerts: [] })
      await eventually('it is over', async () => (await agent.status()).state === 'idle' || undefined)
      await eventually('the relay is open', () => agent.relay().at(-1)?.on === false || undefined)
      await next
    }
    return latencies
  }

  /** Messages that are no documents, as fast as the broker takes them. */
  async rubbish(count: number): Promise<void> {
    await this.#send(count, (index) => [`${ROOT}/area/75/26068/alert`, `rubbish ${index}`])
  }

  /** One message of so many bytes. */
  async giant(bytes: number): Promise<void> {
    await this.#thief.publishAsync(`${ROOT}/area/75/26068/alert`, Buffer.alloc(bytes, '['), { qos: 1 })
  }

  /** JSON as deep and as large as may be sent, where JSON is read before any signature: on `trust`. */
  async deep(count: number): Promise<void> {
    const text = '['.repeat(990_000)
    await this.#send(count, () => [`${ROOT}/area/75/26068/trust`, text], 5)
  }

  /** Alerts with the name of a trusted key and the signature of another, until `stop`. Resolves with how many. */
  async forgeries(perSecond: number, stop: AbortSignal): Promise<number> {
    const begun = performance.now()
    let sent = 0
    while (!stop.aborted) {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond)
      for (; sent < due; sent += 1) {
        const message = this.#sealed('alert', { alerts: [siren(sent, Date.now())] }, sent + 1, this.#forger)
        this.#thief.publish(`${ROOT}/area/75/26068/alert`, message, { qos: 1 })
      }
      await wait(5)
    }
    return sent
  }

  /** What memory the agent takes while `work` goes on. */
  async memory(work: () => Promise<void>): Promise<MemorySpan> {
    const { pid } = this.bench.agent
    const now = (): number => familyOf(pid).reduce((sum, each) => sum + (memoryOf(each)?.pss ?? 0), 0)
    const before = now()
    let most = before
    const over = new AbortController()
    const watching = (async () => {
      while (!over.signal.aborted) {
        most = Math.max(most, now())
        await wait(LOOK_EVERY_MS)
      }
    })()
    try {
      await work()
    } finally {
      over.abort()
      await watching
    }
    return { before, most, after: now() }
  }

  async #send(
    count: number,
    message: (index: number) => readonly [string, string],
    inFlight = IN_FLIGHT,
  ): Promise<void> {
    for (let sent = 0; sent < count; sent += inFlight)
      await Promise.all(
        Array.from({ length: Math.min(inFlight, count - sent) }, (_, index) =>
          this.#thief.publishAsync(...message(sent + index), { qos: 1 }),
        ),
      )
  }

  async #publish(kind: 'alert' | 'schedule', body: object): Promise<number> {
    this.#rev += 1
    await this.bench.observer.document('75', kind, this.#sealed(kind, body, this.#rev, this.#province))
    return this.#rev
  }

  #sealed(kind: DocumentKind, body: object, rev: number, key: SigningKey): string {
    const area = key === this.#forger ? '75/26068' : '75'
    const document = { kind, v: 1, area, rev, iat: new Date().toISOString(), ...body }
    return seal(kind, Buffer.from(JSON.stringify(document)), [key])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thief.endAsync(true)
    await this.bench[Symbol.asyncDispose]()
  }
}

const siren = (index: number, now: number): Readonly<Record<string, unknown>> => ({
  id: `lu-${index}`,
  event: 'flood',
  severity: 'extreme',
  headline: { vi: 'LŨ KHẨN CẤP' },
  siren: { onSeconds: 2, offSeconds: 1, cycles: 1 },
  until: new Date(now + HOUR_MS).toISOString(),
})
