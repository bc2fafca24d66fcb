import { join } from 'node:path'
import { Agent, type AgentOptions } from '../../rig/agent.ts'
import { Bench, inMs, itemAt } from '../../rig/bench.ts'
import { eventually } from '../../rig/eventually.ts'
import { type SealedDocument, SignedProvince } from './signed-province.ts'

const HOUR_MS = 3_600_000

/** One receiver of a signed province, in a commune of its own. */
class AlarmReceiver {
  readonly agent: Agent
  readonly #area: string
  readonly #province: SignedProvince
  #rev = 0

  constructor(agent: Agent, area: string, province: SignedProvince) {
    this.agent = agent
    this.#area = area
    this.#province = province
  }

  get log(): string {
    return this.agent.paths.dacLog
  }

  /** Its sound device is closed. */
  get isCold(): boolean {
    const last = this.agent.dac().at(-1)
    return last === undefined || last.ev === 'close'
  }

  /** The next revision, with one alert in force: a siren alone. */
  alarm(id: string, onSeconds: number): SealedDocument {
    return this.#revision([
      {
        id,
        event: 'flood',
        severity: 'extreme',
        headline: { vi: 'LŨ KHẨN CẤP' },
        siren: { onSeconds, offSeconds: 1, cycles: 1 },
        until: new Date(Date.now() + HOUR_MS).toISOString(),
      },
    ])
  }

  /** The next revision, with none. */
  allClear(): SealedDocument {
    return this.#revision([])
  }

  #revision(alerts: readonly unknown[]): SealedDocument {
    this.#rev += 1
    return this.#province.sealed('alert', this.#area, this.#rev, { alerts })
  }
}

type Options = {
  readonly program: string
  readonly folder: string
  readonly count: number
  readonly settleMs: number
}

/** Built agents with signatures required that hold the trust of their province. */
export class AlarmReceivers implements AsyncDisposable {
  readonly bench: Bench
  readonly #province: SignedProvince
  readonly #receivers: AlarmReceiver[] = []
  readonly #stack = new AsyncDisposableStack()

  private constructor(bench: Bench, province: SignedProvince) {
    this.bench = this.#stack.use(bench)
    this.#province = province
  }

  static async start(options: Options): Promise<AlarmReceivers> {
    const province = new SignedProvince()
    const { program, folder, settleMs } = options
    const trace = join(folder, 'relays.jsonl')
    const board = {
      amplifiers: [{ id: 'main', driver: 'virtual', trace, settleMs, holdMs: 200, minOffMs: 0 }],
    }
    const settings = { program, board, config: { security: province.security } }
    const all = new AlarmReceivers(await Bench.open(settings), province)
    try {
      await province.publishTrust(all.bench.observer.client)
      for (let place = 0; place < options.count; place += 1) await all.#add(place, settings)
      return all
    } catch (error) {
      await all[Symbol.asyncDispose]()
      throw error
    }
  }

  async #add(place: number, settings: AgentOptions): Promise<void> {
    const commune = String(26068 + place)
    const device = { id: `d-bench-${place}`, commune }
    const mqtt = { urls: [this.bench.broker.url] }
    const agent =
      place === 0
        ? this.bench.agent
        : this.#stack.use(new Agent({ ...settings, config: { ...settings.config, device, mqtt } }))
    await agent.start()
    await eventually(
      'the trust of the province is in force',
      () => agent.output.includes('"document":"75/trust"') && agent.output.includes('"msg":"subscribed"'),
    )
    this.#receivers.push(new AlarmReceiver(agent, `75/${commune}`, this.#province))
  }

  /** They take turns. */
  at(trial: number): AlarmReceiver {
    const receiver = this.#receivers[trial % this.#receivers.length]
    if (receiver === undefined) throw new Error('there is no receiver')
    return receiver
  }

  /** Resolves when the first receiver plays the file. */
  async play(bytes: Uint8Array, seconds: number): Promise<void> {
    const parts = [this.bench.serve(bytes, seconds)]
    await this.#schedule(1, [itemAt('programme', inMs(3000), { parts })])
    await this.bench.agent.heard('on')
  }

  /** Ends the programme; how often it was cut before, by its record. */
  async cutsOfProgramme(): Promise<number> {
    await this.#schedule(2, [])
    const record = await this.bench.observer.record('programme')
    return Number(record['cuts'] ?? 0)
  }

  #schedule(rev: number, items: readonly unknown[]): Promise<unknown> {
    return this.#province.sealed('schedule', '75/26068', rev, { items }).publish(this.bench.observer.client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
