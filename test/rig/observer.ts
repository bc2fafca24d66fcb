import { connect, type IPublishPacket, type MqttClient } from 'mqtt'
import { type ChainedRecord, FIRST_PREV, recordHash } from '../../scripts/source-system/chain.ts'
import { DEVICE } from './agent-files.ts'
import { eventually } from './eventually.ts'

const ROOT = 'loa/v1'

type Fields = Readonly<Record<string, unknown>>

/** One message from the device; `at` is when it arrived. */
export type Arrived = {
  readonly at: number
  /** The last word of the topic. */
  readonly kind: string
  readonly retain: boolean
  readonly body: Fields
}
/** A numbered record as it arrived; the same record may arrive again. */
export type ArrivedRecord = ChainedRecord & { readonly epoch: string; readonly topic: 'playback' | 'event' }

/** A client with no part in the project's own code: it publishes downwards and keeps everything that comes up. */
export class Observer implements AsyncDisposable {
  readonly client: MqttClient
  readonly arrived: Arrived[] = []
  readonly #down: string

  private constructor(client: MqttClient, device: string, province: string) {
    this.client = client
    const up = `${ROOT}/device/${province}/${device}/up`
    this.#down = `${ROOT}/device/${province}/${device}/down`
    client.on('message', (topic: string, payload: Buffer, packet: IPublishPacket) => {
      const text = payload.toString('utf8')
      if (text === '') return
      const kind = topic.slice(up.length + 1)
      this.arrived.push({ at: Date.now(), kind, retain: packet.retain, body: JSON.parse(text) })
    })
    // Each new broker is a stranger to us.
    client.on('connect', () => client.subscribe(`${up}/#`, { qos: 1 }))
    client.on('error', () => undefined)
  }

  static async connect(url: string, protocol: 4 | 5, device = DEVICE, province = '75'): Promise<Observer> {
    const client = connect(url, { protocolVersion: protocol, reconnectPeriod: 200, manualConnect: true })
    const observer = new Observer(client, device, province)
    const subscribed = new Promise<void>((resolve) => {
      client.on('packetreceive', ({ cmd }) => {
        if (cmd === 'suback') resolve()
      })
    })
    client.connect()
    await subscribed
    return observer
  }

  /** Retained, as the source system publishes a document of an area. */
  async document(area: string, kind: string, body: Fields | string): Promise<void> {
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    await this.client.publishAsync(`${ROOT}/area/${area}/${kind}`, payload, { qos: 1, retain: true })
  }

  /** The commune's schedule, bare. */
  async schedule(rev: number, items: readonly Fields[]): Promise<void> {
    await this.document('75/26068', 'schedule', scheduleDocument(rev, items))
  }

  /** Retained, on the device's own topic. */
  async desired(message: string): Promise<void> {
    await this.client.publishAsync(`${this.#down}/desired`, message, { qos: 1, retain: true })
  }

  async acknowledge({ epoch, n, hash }: ArrivedRecord): Promise<void> {
    await this.client.publishAsync(`${this.#down}/acked`, JSON.stringify({ epoch, upTo: n, hash }))
  }

  of(kind: string): readonly Arrived[] {
    return this.arrived.filter((message) => message.kind === kind)
  }

  latest(kind: string): Fields | undefined {
    return this.of(kind).at(-1)?.body
  }

  /** Every delivery of every record, in the order of arrival. */
  get deliveries(): readonly ArrivedRecord[] {
    return this.arrived.flatMap(({ kind, body }) =>
      kind === 'playback' || kind === 'event'
        ? (body['records'] as ChainedRecord[]).map((record) => ({
            ...record,
            epoch: String(body['epoch']),
            topic: kind,
          }))
        : [],
    )
  }

  /** Records by number, each once. */
  get records(): readonly ArrivedRecord[] {
    const byNumber = new Map(this.deliveries.map((record) => [`${record.epoch} ${record.n}`, record]))
    return [...byNumber.values()].toSorted((a, b) => a.n - b.n)
  }

  playbackOf(item: string): readonly ArrivedRecord[] {
    return this.records.filter((record) => record.topic === 'playback' && record['item'] === item)
  }

  record(item: string, deadlineMs = 30_000): Promise<ArrivedRecord> {
    return eventually(`a playback record of ${item}`, () => this.playbackOf(item)[0], deadlineMs)
  }

  event(code: string, deadlineMs = 15_000): Promise<ArrivedRecord> {
    return eventually(
      `an event ${code}`,
      () => this.records.find((record) => record.topic === 'event' && record['code'] === code),
      deadlineMs,
    )
  }

  /** Waits until the newest message of a kind is as wanted. */
  until(kind: string, what: string, holds: (body: Fields) => boolean, deadlineMs = 15_000): Promise<Fields> {
    return eventually(
      `${kind}: ${what}; the last was ${JSON.stringify(this.latest(kind))}`,
      () => {
        const body = this.latest(kind)
        return body !== undefined && holds(body) ? body : undefined
      },
      deadlineMs,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true)
  }
}

/** Faults of a row of records that should be whole from the first on: holes, broken links, wrong hashes. */
export const chainFaults = (records: readonly ArrivedRecord[]): readonly string[] => {
  const faults: string[] = []
  let [n, prev] = [0, FIRST_PREV]
  for (const { epoch: _epoch, topic: _topic, ...record } of records) {
    if (record.n !== n + 1) faults.push(`${record.n} after ${n}`)
    if (record.prev !== prev) faults.push(`prev of ${record.n}`)
    if (record.hash !== recordHash(record)) faults.push(`hash of ${record.n}`)
    n = record.n
    prev = record.hash
  }
  return faults
}

export const scheduleDocument = (rev: number, items: readonly Fields[]): Fields => ({
  kind: 'schedule',
  v: 1,
  area: '75/26068',
  rev,
  iat: new Date(Date.now() - 1000).toISOString(),
  items,
})
