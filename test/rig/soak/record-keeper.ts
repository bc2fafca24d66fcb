import { connectAsync, type MqttClient } from 'mqtt'
import { type ChainedRecord, FIRST_PREV, recordHash } from '../../../scripts/source-system/chain.ts'
import { DEVICE } from '../agent-files.ts'

const ROOT = 'loa/v1'
const UP = `${ROOT}/device/75/${DEVICE}/up`
const DOWN = `${ROOT}/device/75/${DEVICE}/down`

type Fields = Readonly<Record<string, unknown>>

/**
 * The province of a soak: publishes, acknowledges, and counts without keeping. It holds no more after a year than after a
 * day, or its own growth would be taken for that of the agent.
 */
export class RecordKeeper implements AsyncDisposable {
  readonly client: MqttClient
  /** Newest body by the last word of its topic. */
  readonly latest = new Map<string, Fields>()
  readonly faults: string[] = []
  readonly results = new Map<string, number>()
  /** How many records came of each occurrence that is awaited: `item planned`. */
  readonly #awaited = new Map<string, number>()
  readonly #next = new Map<string, number>()
  #epoch = ''
  #n = 0
  #hash = FIRST_PREV
  records = 0
  resent = 0
  heartbeats = 0
  events = 0
  births = 0

  private constructor(client: MqttClient) {
    this.client = client
    client.on('message', (topic, payload) => this.#take(topic.slice(UP.length + 1), payload))
  }

  static async connect(url: string): Promise<RecordKeeper> {
    const keeper = new RecordKeeper(await connectAsync(url, { protocolVersion: 5, keepalive: 300 }))
    await keeper.client.subscribeAsync(`${UP}/#`, { qos: 1 })
    return keeper
  }

  async publish(area: string, kind: string, rev: number, iat: number, rest: Fields): Promise<void> {
    const body = { kind, v: 1, area, rev, iat: new Date(iat).toISOString(), ...rest }
    await this.client.publishAsync(`${ROOT}/area/${area}/${kind}`, JSON.stringify(body), {
      qos: 1,
      retain: true,
    })
  }

  await(item: string, planned: number): void {
    this.#awaited.set(keyOf(item, new Date(planned).toISOString()), 0)
  }

  has(item: string, planned: number): boolean {
    return (this.#awaited.get(keyOf(item, new Date(planned).toISOString())) ?? 0) > 0
  }

  /** An occurrence whose planned second the device decides: an alert. */
  awaitNext(item: string): void {
    this.#next.set(item, 0)
  }

  hasNext(item: string): boolean {
    return (this.#next.get(item) ?? 0) > 0
  }

  /** What should have exactly one record by now and has another number of them is a fault. */
  settleDay(): void {
    for (const kept of [this.#awaited, this.#next]) {
      for (const [key, count] of kept) if (count !== 1) this.faults.push(`${count} records of ${key}`)
      kept.clear()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true)
  }

  #take(kind: string, payload: Buffer): void {
    if (payload.length === 0) return
    const body: Fields = JSON.parse(payload.toString('utf8'))
    this.latest.set(kind, body)
    if (kind === 'heartbeat') this.heartbeats += 1
    if (kind === 'state' && body['state'] === 'online') this.births += 1
    if (kind === 'playback' || kind === 'event') this.#receive(kind, body)
  }

  #receive(kind: 'playback' | 'event', body: Fields): void {
    const epoch = String(body['epoch'])
    if (this.#epoch !== '' && epoch !== this.#epoch) this.faults.push(`a new epoch: ${epoch}`)
    this.#epoch = epoch
    for (const record of body['records'] as readonly ChainedRecord[]) this.#receiveOne(kind, record)
    const ack = { epoch, upTo: this.#n, hash: this.#hash }
    if (this.#n > 0) void this.client.publishAsync(`${DOWN}/acked`, JSON.stringify(ack))
  }

  /** Batches of one topic may skip numbers of the other: what comes too early is resent when the hole is known. */
  #receiveOne(kind: 'playback' | 'event', record: ChainedRecord): void {
    if (record.n <= this.#n) {
      this.resent += 1
      return
    }
    if (record.n > this.#n + 1) {
      this.#early.set(record.n, { kind, record })
      return
    }
    this.#append(kind, record)
    for (let next = this.#early.get(this.#n + 1); next !== undefined; next = this.#early.get(this.#n + 1)) {
      this.#early.delete(next.record.n)
      this.#append(next.kind, next.record)
    }
  }

  readonly #early = new Map<number, { readonly kind: 'playback' | 'event'; readonly record: ChainedRecord }>()

  #append(kind: 'playback' | 'event', record: ChainedRecord): void {
    if (record.prev !== this.#hash || recordHash(record) !== record.hash)
      this.faults.push(`the chain is broken at ${record.n}`)
    this.#n = record.n
    this.#hash = record.hash
    this.records += 1
    if (kind === 'event') {
      this.events += 1
      const code = String(record['code'])
      this.results.set(code, (this.results.get(code) ?? 0) + 1)
      return
    }
    const result = [record['result'], record['reason']].filter(Boolean).join(' ')
    this.results.set(result, (this.results.get(result) ?? 0) + 1)
    const item = String(record['item'])
    const key = this.#next.has(item) ? item : keyOf(item, String(record['planned']))
    const kept = this.#next.has(item) ? this.#next : this.#awaited
    const count = kept.get(key)
    if (count === undefined) this.faults.push(`a record of ${key}, which nobody planned`)
    else kept.set(key, count + 1)
  }
}

const keyOf = (item: string, planned: string): string => `${item} ${planned}`
