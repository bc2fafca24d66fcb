import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { eventually } from '../../../test/rig/eventually.ts'
import { freePort, type Mosquitto, startMosquitto } from '../../../test/rig/mosquitto.ts'
import { openBrokerFolder } from '../../source-system/mosquitto/broker-folder.ts'
import { openRecordLedger } from '../../source-system/record-ledger.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAM = join(ROOT, 'scripts/province')
const READY_MS = 60_000
const END_MS = 15_000

type Ports = { readonly enrol: number; readonly source: number }

/** The shipped mosquitto with certificates and codes, `scripts/province serve` and `enrol serve` beside it, and what they say. */
export class Province implements AsyncDisposable {
  readonly #folder: string
  readonly #broker: Mosquitto
  readonly #ports: Ports
  readonly #children: readonly ChildProcess[]
  readonly #endWithUs = (): void => {
    for (const child of this.#children) child.kill('SIGKILL')
  }
  #said = ''

  private constructor(folder: string, broker: Mosquitto, ports: Ports) {
    this.#folder = folder
    this.#broker = broker
    this.#ports = ports
    const at = (name: string): string => join(folder, name)
    // biome-ignore format: one option and its value a group
    const account = ['--ca', this.ca, '--cert', at('clients/source.pem'), '--tls-key', at('clients/source.key')]
    const url = `mqtts://localhost:${ports.source}`
    // biome-ignore format: one option and its value a group
    const serve = ['serve', '--dir', at('data'), '--commune', '75/26068', '--broker', url, '--http-port', '0', '--watch']
    const desk = ['enrol', 'serve', '--dir', folder, '--url', url]
    this.#children = [serve, desk].map((words) => {
      const child = spawn(PROGRAM, [...words, ...account], { stdio: ['ignore', 'pipe', 'pipe'] })
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          this.#said += chunk.toString('utf8')
        })
      return child
    })
    process.once('exit', this.#endWithUs)
  }

  static async open(): Promise<Province> {
    const directory = mkdtempSync(join(tmpdir(), 'loa-province-'))
    mkdirSync(join(directory, 'data'))
    const ports = { enrol: await freePort(), source: await freePort() }
    const broker = await startMosquitto({
      configFile: async (port) => (await brokerFolder(directory, port, ports, [])).configFile,
    })
    const province = new Province(directory, broker, ports)
    const isReady = (): true | undefined =>
      (/^ready$/m.test(province.said) && /^answering requests/m.test(province.said)) || undefined
    try {
      await eventually('the province is ready', isReady, READY_MS)
      return province
    } catch (error) {
      await province[Symbol.asyncDispose]()
      throw new Error(`${String(error)}: ${province.said}`)
    }
  }

  get said(): string {
    return this.#said
  }

  /** Certificate of the authority, a file. */
  get ca(): string {
    return join(this.#folder, 'ca.pem')
  }

  get enrolUrl(): string {
    return `mqtts://localhost:${this.#ports.enrol}`
  }

  /** Examples of the guide, each with what stands in its place here. */
  get facts(): readonly (readonly [string, string])[] {
    const found = (pattern: RegExp): string => pattern.exec(this.#said)?.[1] ?? ''
    return [
      ['mqtts://broker.example:8883', `mqtts://localhost:${this.#broker.port}`],
      ['https://content.example/', found(/allow: \["([^"]+)"/)],
      ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', found(/x: "([^"]+)"/)],
    ]
  }

  /** Lets receivers of the commune have their topics as soon as they have a certificate. */
  async expect(...devices: readonly string[]): Promise<void> {
    const placed = devices.map((id) => `75/26068/${id}`)
    await brokerFolder(this.#folder, this.#broker.port, this.#ports, placed)
    await this.#broker.kill('SIGHUP')
  }

  codeFor(device: string): string {
    const words = ['enrol', 'code', '--dir', this.#folder, '--device', device, '--json']
    const { code }: { code: string } = JSON.parse(execFileSync(PROGRAM, words, { encoding: 'utf8' }))
    return code
  }

  /** Takes over the codes that `scripts/provision` has given out. */
  takeCodes(folder: string): void {
    mkdirSync(join(this.#folder, 'enrol'), { recursive: true })
    for (const file of globSync(join(folder, '*.json')))
      copyFileSync(file, join(this.#folder, 'enrol', basename(file)))
  }

  /** What has come of a receiver: outcomes of what was played there by hand, and codes of events. */
  cameFrom(device: string): { readonly played: readonly string[]; readonly events: readonly string[] } {
    using ledger = openRecordLedger(join(this.#folder, 'data/records.db'))
    const byHand = ledger.playback(device).filter(({ document }) => document === 'local')
    return {
      played: byHand.map(({ result }) => result),
      events: ledger.events(device).map(({ code }) => code),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGTERM')
    const gone = (): true | undefined =>
      this.#children.every((child) => child.exitCode !== null || child.signalCode !== null) || undefined
    await eventually('the province ended', gone, END_MS)
    process.removeListener('exit', this.#endWithUs)
    await this.#broker.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const brokerFolder = (directory: string, port: number, ports: Ports, enrols: readonly string[]) =>
  openBrokerFolder({
    directory,
    port,
    host: '127.0.0.1',
    names: ['localhost'],
    devices: [],
    enrols,
    enrolPort: ports.enrol,
    sourcePort: ports.source,
  })
