import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scheduler } from 'fast-check'
import { ManualClock, settled } from '../../fakes/manual-clock.ts'
import { Device } from './device.ts'
import { Network } from './network.ts'
import { Server } from './server.ts'

/** A disk that syncs in no time, where there is one. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const SIZES = [1, 3, 20, 70, 300]
const PAUSES = [200, 31_000, 700_000]
const FAR_BEYOND = 999_999_999
const ROUNDS = 60
const ROUND_MS = 60_000

/** What can befall them; `size` says how much of it. */
export type Incident = { readonly what: keyof World['incidents']; readonly size: number }

/** A device, a broker, the server, and an operator who reads what `province check` says. */
export class World {
  readonly clock = new ManualClock()
  readonly server: Server
  readonly device: Device
  readonly network: Network
  readonly #root = mkdtempSync(join(FOLDER, 'loa-delivery-'))
  readonly #scheduler: Scheduler
  /** Marks that went with a database before the province had them. */
  readonly #gone = new Set<string>()

  constructor(scheduler: Scheduler, outboxLimit: number) {
    this.#scheduler = scheduler
    this.network = new Network(scheduler)
    this.server = new Server(this.#root, (topic, payload) => this.network.answer(topic, payload))
    const uplink = {
      connected: () => this.network.up,
      publish: (topic: string, payload: string) =>
        this.network.publish(`loa/v1/device/75/d-1/up/${topic}`, payload),
    }
    this.device = new Device(this.#root, this.clock, uplink, outboxLimit)
    this.network.toServer = (topic, payload) => this.server.receive(topic, payload)
    this.network.toDevice = (_topic, payload) => this.device.acked(payload)
  }

  readonly incidents = {
    write: (size: number) => this.device.write(SIZES[size % SIZES.length] ?? 1),
    pass: (size: number) => this.clock.advance(PAUSES[size % PAUSES.length] ?? 0),
    carry: (size: number) => this.#carry(size),
    twice: (size: number) => {
      this.network.copies = 1 + (size % 2)
    },
    cut: () => this.network.cut(),
    connect: () => this.#connect(),
    'broker crashes': () => this.network.brokerCrashes(),
    'server crashes': () => {
      this.network.serverCrashes()
      this.server.crash()
    },
    'agent crashes': () => this.#restart(() => this.device.crash()),
    'database lost': () => this.#restart(() => this.device.loseDatabase()),
    'everything lost': () => this.#restart(() => this.device.loseEverything()),
    'copy taken': () => this.device.copy(),
    'copy restored': () => this.#restart(() => this.device.restoreCopy()),
    'a minute': () => this.device.saveMirror(),
    'a night': () => this.device.prune(),
    sync: () => this.device.sync(),
    'sync from': (size: number) => {
      const { outbox } = this.device
      this.device.sync({ epoch: outbox.epoch, n: size % (outbox.lastNumber() + 2) })
    },
  }

  async befall({ what, size }: Incident): Promise<void> {
    await this.incidents[what](size)
    await this.clock.advance(0)
  }

  /** Marks that the device counts as delivered or told as dropped, and that are neither. */
  get lost(): readonly string[] {
    const waiting = this.device.waiting
    return [...this.device.places.keys()].filter(
      (mark) =>
        !waiting.has(mark) &&
        !this.server.arrived.has(mark) &&
        !this.#gone.has(mark) &&
        !this.device.isDropped(mark),
    )
  }

  isGone(mark: string): boolean {
    return this.#gone.has(mark)
  }

  /** Nothing befalls them any more, and the operator does what docs/province.md tells. Resolves when all is acknowledged. */
  async heal(): Promise<void> {
    this.network.copies = 1
    this.#connect()
    for (let round = 1; round <= ROUNDS; round += 1) {
      await this.#carry(Number.POSITIVE_INFINITY)
      await this.clock.advance(ROUND_MS)
      const { outbox } = this.device
      const report = this.server.report(outbox.epoch)
      const held = this.server.heldTo(outbox.epoch)
      if (report?.findings.some(({ fault }) => fault !== 'MISSING') === true)
        this.device.sync({ epoch: outbox.epoch, n: FAR_BEYOND })
      else if (held > outbox.lastNumber()) this.device.sync({ epoch: outbox.epoch, n: held + 1 })
      else if (outbox.unacknowledged() === 0) return
    }
    throw new Error(`${this.device.outbox.unacknowledged()} records are still unacknowledged`)
  }

  async close(): Promise<void> {
    this.network.cut()
    await this.device.close()
    this.server.close()
    rmSync(this.#root, { recursive: true })
  }

  #connect(): void {
    if (this.network.up) return
    this.network.up = true
    this.device.reconnected()
  }

  #restart(restart: () => unknown): void {
    this.network.cut()
    restart()
    const waiting = this.device.waiting
    for (const mark of this.device.places.keys())
      if (!waiting.has(mark) && !this.server.arrived.has(mark)) this.#gone.add(mark)
  }

  async #carry(hops: number): Promise<void> {
    for (let hop = 0; hop < hops && this.#scheduler.count() > 0; hop += 1) {
      await this.#scheduler.waitOne()
      await settled()
    }
  }
}
