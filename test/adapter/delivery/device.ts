import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import { gapOf } from '../../../agent/core/record/gap.ts'
import type { PlaybackBody } from '../../../agent/core/records.ts'
import { isoUtc } from '../../../agent/core/time.ts'
import type { OutboxEntry, StateStore } from '../../../agent/ports/state-store.ts'
import { OutboxPump } from '../../../agent/services/outbox-pump.ts'
import { parseAcked } from '../../../agent/wire/documents.ts'
import { type ManualClock, settled } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

/** What the device needs of its connection. */
export type Uplink = {
  readonly connected: () => boolean
  readonly publish: (topic: OutboxEntry['topic'], payload: string) => Promise<void>
}
type Running = {
  readonly store: StateStore
  readonly pump: OutboxPump
  readonly stop: AbortController
  readonly ended: Promise<void>
}

const EVERYTHING = 1_000_000
export const DEVICE = 'd-1'

/** Numbers of one epoch, both ends included. */
export type Span = { readonly epoch: string; readonly from: number; readonly to: number }

/** Which of the written records it is; the agent's own events have none. */
export const markOf = (record: object): string | undefined => {
  const { item, data } = record as { item?: string; data?: { mark?: string } }
  return item ?? data?.mark
}

/** The agent's store and pump, in a folder that outlives them; a SIGKILL leaves in it what was on the disk at that moment. */
export class Device {
  readonly #root: string
  readonly #clock: ManualClock
  readonly #uplink: Uplink
  readonly #limit: number
  #running: Running
  #life = 0
  /** Every number that a mark was ever given. */
  readonly places = new Map<string, readonly Span[]>()
  /** What was ever dropped and told by a GAP. */
  readonly gaps: Span[] = []
  #copied = false
  readonly #dead: Running[] = []

  constructor(root: string, clock: ManualClock, uplink: Uplink, limit: number) {
    this.#root = root
    this.#clock = clock
    this.#uplink = uplink
    this.#limit = limit
    this.#running = this.#start()
  }

  get outbox(): StateStore['outbox'] {
    return this.#running.store.outbox
  }

  /** Marks that wait for their acknowledgement; what they are numbered now is noted. */
  get waiting(): ReadonlySet<string> {
    const { outbox } = this
    const found = new Set<string>()
    for (const { record } of outbox.pending(0, EVERYTHING)) {
      const mark = markOf(record)
      if (mark === undefined) continue
      found.add(mark)
      this.#note(mark, record.n)
    }
    for (const { record } of outbox.gaps(0)) {
      const gap = gapOf(record)
      if (gap !== undefined) this.gaps.push({ epoch: outbox.epoch, from: gap.from, to: gap.to })
    }
    return found
  }

  isDropped(mark: string): boolean {
    return isWithin(this.places.get(mark), this.gaps)
  }

  /** Records of both topics, mixed. */
  write(count: number): void {
    const { store, pump } = this.#running
    for (let index = 0; index < count; index += 1) {
      const mark = `m-${this.places.size}`
      const planned = this.#clock.wall()
      const at = isoUtc(planned)
      const record =
        this.places.size % 3 === 0
          ? store.outbox.event({ at, code: 'TAMPER', severity: 'info', data: { mark } })
          : store.ledger.close({ document: '75/schedule', item: mark, planned }, playback(mark, at))
      this.#note(mark, record.n)
    }
    pump.notify()
  }

  acked(payload: string): void {
    this.#running.pump.acked(parseAcked(Buffer.from(payload)))
  }

  reconnected(): void {
    this.#running.pump.reconnected()
  }

  sync(from?: { readonly epoch: string; readonly n: number }): void {
    this.#running.pump.sync(from)
  }

  /** Each minute: the mirror outside state.db follows. */
  saveMirror(): void {
    this.#running.store.facts.set('time', String(this.#clock.wall()))
  }

  prune(): void {
    this.#running.store.prune(this.#clock.wall(), 20)
  }

  /** A copy of state.db, as a technician would take it; of the mirror there is none. */
  copy(): void {
    this.#move('copy', ['state.db', 'state.db-wal'])
    this.#copied = true
  }

  /** SIGKILL, and a new start. */
  crash(): void {
    this.#restart([])
  }

  loseDatabase(): void {
    this.#restart(['state.db', 'state.db-wal', 'state.db-shm'])
  }

  loseEverything(): void {
    this.#restart(['state.db', 'state.db-wal', 'state.db-shm', 'facts.json', 'progress'])
  }

  /** False while there is no copy. */
  restoreCopy(): boolean {
    if (!this.#copied) return false
    this.#restart(['state.db', 'state.db-wal', 'state.db-shm'], 'copy')
    return true
  }

  async close(): Promise<void> {
    this.#kill()
    for (const { stop, ended, store } of this.#dead) {
      stop.abort()
      await ended
      await store[Symbol.asyncDispose]()
    }
  }

  #note(mark: string, n: number): void {
    const { epoch } = this.outbox
    const places = this.places.get(mark) ?? []
    if (places.some((place) => place.epoch === epoch && place.from === n)) return
    this.places.set(mark, [...places, { epoch, from: n, to: n }])
  }

  #folder(life = this.#life): string {
    return join(this.#root, `life-${life}`)
  }

  #move(target: string, files: readonly string[]): void {
    for (const file of files)
      cpSync(join(this.#folder(), file), join(this.#root, target, file), { force: true })
  }

  #restart(lost: readonly string[], from?: string): void {
    const before = this.#folder()
    this.#kill()
    this.#life += 1
    cpSync(before, this.#folder(), { recursive: true })
    for (const file of lost) rmSync(join(this.#folder(), file), { force: true })
    if (from !== undefined) cpSync(join(this.#root, from), this.#folder(), { recursive: true })
    this.#running = this.#start()
  }

  /** Its files are left to it until the end: what it still does there, nobody sees. */
  #kill(): void {
    this.#running.stop.abort()
    this.#dead.push(this.#running)
  }

  #start(): Running {
    const store = openStateDb({
      directory: this.#folder(),
      machineId: 'm-1',
      wall: () => this.#clock.wall(),
      log: silentLogger,
      mirroredFacts: ['time'],
      outboxLimit: this.#limit,
    })
    const pump = new OutboxPump({
      outbox: store.outbox,
      clock: this.#clock,
      random: () => 0,
      logger: silentLogger,
      device: DEVICE,
      ack: 'server',
      publish: (topic, payload) => this.#uplink.publish(topic, payload),
      connected: () => this.#uplink.connected(),
      onRefused: () => undefined,
      onTurn: () => undefined,
    })
    const stop = new AbortController()
    return { store, pump, stop, ended: settled().then(() => pump.run(stop.signal)) }
  }
}

/** Whether one of the places lies in one of the spans. */
export const isWithin = (places: readonly Span[] = [], spans: readonly Span[]): boolean =>
  places.some(({ epoch, from }) =>
    spans.some((span) => span.epoch === epoch && span.from <= from && span.to >= from),
  )

const playback = (item: string, planned: string): PlaybackBody => ({
  item,
  document: '75/schedule',
  rev: 1,
  class: 'normal',
  tier: 'province',
  planned,
  playedSeconds: 10,
  clock: 'synced',
  result: 'completed',
  volume: 70,
  underruns: 0,
  frames: 480_000,
})
