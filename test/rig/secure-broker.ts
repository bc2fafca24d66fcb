import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import type { Authority, Certificate } from '../../scripts/source-system/mosquitto/authority.ts'
import { openBrokerFolder, SOURCE } from '../../scripts/source-system/mosquitto/broker-folder.ts'
import { type Mosquitto, startMosquitto } from './mosquitto.ts'

/** mosquitto with the shipped example, made by `province broker --mosquitto`, and clients with its certificates. */
export class SecureBroker implements AsyncDisposable {
  readonly mosquitto: Mosquitto
  readonly authority: Authority
  readonly folder: string
  readonly url: string
  readonly #clients: MqttClient[] = []

  private constructor(folder: string, mosquitto: Mosquitto, authority: Authority) {
    this.folder = folder
    this.mosquitto = mosquitto
    this.authority = authority
    this.url = `mqtts://localhost:${mosquitto.port}`
  }

  /** `devices`: `75/26068/d-1`. */
  static async start(...devices: readonly string[]): Promise<SecureBroker> {
    const directory = mkdtempSync(join(tmpdir(), 'loa-secure-'))
    let authority: Authority | undefined
    const mosquitto = await startMosquitto({
      configFile: async (port) => {
        const names = ['localhost']
        const folder = await openBrokerFolder({ directory, port, host: '127.0.0.1', names, devices })
        authority = folder.authority
        return folder.configFile
      },
    })
    if (authority === undefined) throw new Error('no authority')
    return new SecureBroker(directory, mosquitto, authority)
  }

  /** What goes under `mqtt` of a device that is not a client of ours. */
  async account(name: string): Promise<Certificate & { readonly ca: string }> {
    return { ca: this.authority.ca, ...(await this.authority.client(name)) }
  }

  /** A client that has nothing of the project's own code; it does not come back by itself. */
  async connect(name: string, options: IClientOptions = {}): Promise<MqttClient> {
    const { ca, cert, key } = await this.account(name)
    const client = await connectAsync(
      this.url,
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
