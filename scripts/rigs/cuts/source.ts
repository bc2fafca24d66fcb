import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { AudioRef } from '../../../agent/core/documents.ts'
import type { EventRecord } from '../../../agent/core/records.ts'
import { type Mosquitto, startMosquitto } from '../../../test/rig/mosquitto.ts'
import { openProvince, type Province } from '../../source-system/province.ts'
import { describeAudio } from '../../source-system/schedule.ts'
import type { Known, Played } from './judge.ts'

export const AREA = '75/26068'
export const DEVICE = 'd-7k2m4q9x'
/** This machine, as the board sees it. */
const HOST = '10.0.2.2'
const HOUR_MS = 3_600_000
const SOUND_SECONDS = 2

type Fields = Readonly<Record<string, unknown>>

/** Broker, content server, keys and record server of a province with one receiver. */
export class Source implements AsyncDisposable {
  readonly province: Province
  readonly #broker: Mosquitto
  readonly #folder: string
  readonly #alerts: Fields[] = []
  readonly #revs = { schedule: 0, alert: 0 }
  #sounds = 0

  private constructor(broker: Mosquitto, province: Province, folder: string) {
    this.#broker = broker
    this.province = province
    this.#folder = folder
  }

  static async open(folder: string): Promise<Source> {
    const broker = await startMosquitto()
    try {
      const directory = join(folder, 'province')
      return new Source(broker, await openProvince({ directory, brokerUrl: broker.url }), folder)
    } catch (error) {
      await broker.dispose()
      throw error
    }
  }

  /** The configuration of the receiver. */
  get config(): Fields {
    const rootKeys = this.province.keys.roots.map(({ kid, x }) => ({ kid, x }))
    return {
      device: { id: DEVICE, province: '75', commune: '26068', languages: ['vi'] },
      mqtt: { urls: [`mqtt://${HOST}:${this.#broker.port}`] },
      content: { allow: [`http://${HOST}:${this.province.content.port}/`] },
      security: { rootKeys },
      policy: { quietHours: [] },
      heartbeat: { intervalSeconds: 1 },
    }
  }

  /** A tone that nobody has yet. */
  async sound(): Promise<AudioRef> {
    this.#sounds += 1
    const file = join(this.#folder, 'tone.wav')
    const tone = `sine=frequency=${300 + this.#sounds}:sample_rate=48000:duration=${SOUND_SECONDS}`
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', tone, file])
    return await describeAudio(file, {
      origins: [`http://${HOST}:${this.province.content.port}`],
      contentDirectory: this.province.contentDirectory,
    })
  }

  /** Resolves with the revision. @param iat when it was made, for a board that is behind this machine */
  async schedule(items: readonly unknown[], iat = new Date()): Promise<number> {
    return await this.#publish('schedule', { items, iat: iat.toISOString() })
  }

  /** One alert more, in force for hours; it sounds once. */
  async alert(): Promise<string> {
    const id = `lu-${this.#alerts.length + 1}`
    this.#alerts.push({
      id,
      event: 'flood',
      severity: 'severe',
      headline: { vi: 'Nước lên' },
      siren: { onSeconds: 3, offSeconds: 1, cycles: 1 },
      until: new Date(Date.now() + 12 * HOUR_MS).toISOString(),
    })
    await this.#publish('alert', { alerts: this.#alerts })
    return id
  }

  /** Playback records received, of all epochs. */
  get played(): readonly Played[] {
    return this.province.records.ledger.playback(DEVICE)
  }

  /** Events received, of all epochs, oldest first. */
  get events(): readonly EventRecord[] {
    return this.province.records.ledger.events(DEVICE)
  }

  /** Resolves with so many playback records, or when none more come in that time. */
  async records(count: number, timeoutMs: number): Promise<void> {
    const look = (): true | undefined => (this.played.length >= count ? true : undefined)
    await this.province.records.until(look, timeoutMs).catch(() => undefined)
  }

  get known(): Known {
    const { ledger } = this.province.records
    const chain = ledger.chains().at(-1)
    const revs = this.body('reported')?.['revs']
    return {
      epoch: chain?.epoch ?? '',
      records: new Map(
        chain === undefined ? [] : ledger.stored(chain).map(({ record }) => [record.n, record.hash]),
      ),
      revs: { ...(revs as Record<string, number> | undefined) },
    }
  }

  /** The last that the device said on this topic. */
  body(leaf: string): Fields | undefined {
    return this.province.monitor.bodies(DEVICE)?.[leaf]
  }

  until<T>(look: () => T | undefined, timeoutMs: number): Promise<T> {
    return this.province.monitor.until(look, timeoutMs)
  }

  async #publish(kind: 'schedule' | 'alert', body: Fields): Promise<number> {
    this.#revs[kind] += 1
    const document = { kind, v: 1, area: AREA, rev: this.#revs[kind], iat: new Date().toISOString(), ...body }
    await this.province.publisher.publish(document, { keys: [this.province.keys.province] })
    return this.#revs[kind]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.province[Symbol.asyncDispose]()
    await this.#broker.dispose()
  }
}
