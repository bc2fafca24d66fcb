import { readFile } from 'node:fs/promises'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { LoaError, messageOf } from '../../agent/core/error.ts'

export type BrokerOptions = {
  /** `mqtt://host:1883` or `mqtts://host:8883`. */
  readonly url: string
  /** 5 by default; 4 is MQTT 3.1.1. */
  readonly protocol?: 4 | 5
  readonly username?: string
  readonly passwordFile?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Connects again by itself, with its subscriptions; for what runs on. */
  readonly persistent?: boolean
}

const CONNECT_LIMIT_MS = 10_000

const files = async (options: BrokerOptions): Promise<IClientOptions> => ({
  ...(options.username === undefined ? {} : { username: options.username }),
  ...(options.passwordFile === undefined
    ? {}
    : { password: (await readFile(options.passwordFile, 'utf8')).trimEnd() }),
  ...(options.ca === undefined ? {} : { ca: await readFile(options.ca) }),
  ...(options.cert === undefined ? {} : { cert: await readFile(options.cert) }),
  ...(options.key === undefined ? {} : { key: await readFile(options.key) }),
})

/** Node gives no message for a host with several addresses that all refuse, only a code. */
const cause = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  return messageOf(thrown) || code || 'no answer'
}

/** @throws LoaError BROKER when the first connection fails, persistent or not. */
export const connectToBroker = async (options: BrokerOptions): Promise<MqttClient> => {
  const protocol = options.protocol ?? 5
  try {
    const client = await connectAsync(
      options.url,
      {
        ...(await files(options)),
        protocolVersion: protocol,
        clean: true,
        connectTimeout: CONNECT_LIMIT_MS,
        reconnectPeriod: options.persistent === true ? 1000 : 0,
      },
      false,
    )
    // Without a listener a broken connection would end the process; a persistent one comes back by itself.
    client.on('error', (error) => process.stderr.write(`broker: ${cause(error)}\n`))
    return client
  } catch (thrown) {
    const other = protocol === 5 ? ', or give --protocol 4 if the broker speaks only MQTT 3.1.1' : ''
    throw new LoaError(
      'BROKER',
      `cannot connect to ${withoutPassword(options.url)} (${cause(thrown)}); is the broker running there? check --url${other}`,
      { cause: thrown },
    )
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//')
