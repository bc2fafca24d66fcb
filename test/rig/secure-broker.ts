import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import type { Authority, Certificate } from '../../scripts/source-system/mosquitto/authority.ts'
import { openBrokerFolder, SOURCE } from '../../scripts/source-system/mosquitto/broker-folder.ts'
import { freePort, type Mosquitto, startMosquitto } from './mosquitto.ts'

/** mosquitto with the shipped example, made by `province broker --mosquitto`, and clients with its certificates. */
export class SecureBroker implements AsyncDisposable {
  readonly mosquitto: Mosquitto
  readonly authority: Authority
  readonly folder: string
  readonly url: string
  /** Where one asks who has no certificate yet, and where the source system is several clients. */
  readonly enrolUrl: string
  readonly sourceUrl: string
  readonly #clients: MqttClient[] = []

  private constructor(
    folder: string,
    mosquitto: Mosquitto,
    authority: Authority,
    [enrolPort, sourcePort]: readonly [number, number],
  ) {
    this.folder = folder
    this.mosquitto = mosquitto
    this.authority = authority
    this.url = `mqtts://localhost:${mosquitto.port}`
    this.enrolUrl = `mqtts://localhost:${enrolPort}`
    this.sourceUrl = `mqtts://localhost:${sourcePort}`
  }

  /** `devices`: `75/26068/d-1`. */
  static async start(...devices: readonly string[]): Promise<SecureBroker> {
    const directory = mkdtempSync(join(tmpdir(), 'loa-secure-'))
    let authority: Authority | undefined
    const [enrolPort, sourcePort] = [await freePort(), await freePort()]
    const mosquitto = await startMosquitto({
      configFile: async (port) => {
        const names = ['localhost']
        const ports = { port, enrolPort, sourcePort }
        const folder = await openBrokerFolder({ directory, ...ports, host: '127.0.0.1', names, devices })
        authority = folder.authority
        return folder.configFile
      },
    })
    if (authority === undefined) throw new Error('no authority')
    return new SecureBroker(directory, mosquitto, authority, [enrolPort, sourcePort])
  }

  /** What goes under `mqtt` of a device that is not a client of ours. */
  async account(name: string): Promise<Certificate & { readonly ca: string }> {
    return { ca: this.authority.ca, ...(await this.authority.client(name)) }
  }

  /** A client that has nothing of the project's own code; it does not come back by itself. */
  async connect(name: string, options: IClientOptions = {}, url = this.url): Promise<MqttClient> {
    const { ca, cert, key } = await this.account(name)
    const client = await connectAsync(
      url,
      {
        ca: readFileSync(ca),
        cert: readFileSync(cert),
        key: readFileSync(key),
        protocolVersion: 5,
        reconnectPeriod: 0,
        ...options,
      },
      false,
    )
    return this.#hold(client)
  }

  /** Without a certificate, where that is let in. */
  async stranger(options: IClientOptions): Promise<MqttClient> {
    const ca = readFileSync(this.authority.ca)
    const common = { ca, protocolVersion: 5, reconnectPeriod: 0 } as const
    return this.#hold(await connectAsync(this.enrolUrl, { ...common, ...options }, false))
  }

  #hold(client: MqttClient): MqttClient {
    client.on('error', () => undefined)
    this.#clients.push(client)
    return client
  }

  source(): Promise<MqttClient> {
    return this.connect(SOURCE)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.endAsync(true)
    await this.mosquitto.dispose()
    await rm(this.folder, { recursive: true, force: true })
  }
}
