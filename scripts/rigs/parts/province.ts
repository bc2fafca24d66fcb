import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../../test/rig/eventually.ts'
import { type Mosquitto, startMosquitto } from '../../../test/rig/mosquitto.ts'
import { openRecordLedger } from '../../source-system/record-ledger.ts'

const ROOT = join(import.meta.dirname, '../../..')
const READY_MS = 60_000
const END_MS = 15_000

/** `scripts/province serve` on free ports beside a mosquitto, and what it says. */
export class Province implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-province-'))
  readonly #broker: Mosquitto
  readonly #child: ChildProcess
  readonly #endWithUs = (): unknown => this.#child.kill('SIGKILL')
  #said = ''

  private constructor(broker: Mosquitto) {
    this.#broker = broker
    // biome-ignore format: one option and its value a group
    const words = [
      '--dir', this.#folder, '--commune', '75/26068', '--broker', broker.url, '--protocol', '5',
      '--http-port', '0', '--watch',
    ]
    this.#child = spawn(join(ROOT, 'scripts/province'), ['serve', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString('utf8')
      })
    process.once('exit', this.#endWithUs)
  }

  static async open(): Promise<Province> {
    const province = new Province(await startMosquitto())
    try {
      await eventually('the province is ready', () => /^ready$/m.test(province.said) || undefined, READY_MS)
      return province
    } catch (error) {
      await province[Symbol.asyncDispose]()
      throw new Error(`${String(error)}: ${province.said}`)
    }
  }

  get said(): string {
    return this.#said
  }

  /** Examples of the guide, each with what stands in its place here. */
  get facts(): readonly (readonly [string, string])[] {
    const found = (pattern: RegExp): string => pattern.exec(this.#said)?.[1] ?? ''
    return [
      ['mqtts://broker.example:8883', this.#broker.url],
      ['https://content.example/', found(/allow: \["([^"]+)"/)],
      ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', found(/x: "([^"]+)"/)],
    ]
  }

  /** What has come of a receiver: outcomes of what was played there by hand, and codes of events. */
  cameFrom(device: string): { readonly played: readonly string[]; readonly events: readonly string[] } {
    using ledger = openRecordLedger(join(this.#folder, 'records.db'))
    const byHand = ledger.playback(device).filter(({ document }) => document === 'local')
    return {
      played: byHand.map(({ result }) => result),
      events: ledger.events(device).map(({ code }) => code),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    const gone = (): true | undefined =>
      this.#child.exitCode !== null || this.#child.signalCode !== null || undefined
    await eventually('the province ended', gone, END_MS)
    process.removeListener('exit', this.#endWithUs)
    await this.#broker.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
