import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type IClientOptions, MqttClient } from 'mqtt'
import { GuardedStream } from './guarded-stream.ts'

/** Files and names for one broker account; the files are read anew for every connection, so that renewed certificates count. */
export type BrokerAccount = {
  readonly clientId: string
  readonly protocol: 4 | 5
  readonly username?: string
  readonly passwordFile?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export type ConnectionOptions = {
  readonly url: string
  readonly account: BrokerAccount
  /** Protocol 5: throw away what the broker kept of an earlier session. Protocol 4 always does. */
  readonly cleanStart: boolean
  readonly will: { readonly topic: string; readonly payload: string; readonly delaySeconds: number }
  readonly onOversize: (topic: string, bytes: number) => void
}

/** One MiB: the largest packet that is let into memory. A payload may have 1,000,000 bytes. */
const MAX_PACKET_BYTES = 1_048_576
const SESSION_EXPIRY_SECONDS = 3600
const KEEP_ALIVE_SECONDS = 30
const CONNECT_TIMEOUT_MS = 20_000

function openStream(options: ConnectionOptions): GuardedStream {
  const { hostname, port, protocol } = new URL(options.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const { ca, cert, key } = options.account
  const socket =
    protocol === 'mqtts:'
      ? connectTls({
          host,
          port: Number(port || 8883),
          ...(isIP(host) ? {} : { servername: host }),
          ...(ca ? { ca: readFileSync(ca) } : {}),
          ...(cert ? { cert: readFileSync(cert) } : {}),
          ...(key ? { key: readFileSync(key) } : {}),
        })
      : connectTcp({ host, port: Number(port || 1883) })
  socket.setNoDelay(true)
  return new GuardedStream(socket, MAX_PACKET_BYTES, options.onOversize)
}

/**
 * A client for exactly one connection: it neither reconnects nor queues, so nothing of a dead session lives on in it.
 * Attach handlers, then call `connect()`.
 */
export function createConnection(options: ConnectionOptions): MqttClient {
  const { account, will } = options
  const v5 = account.protocol === 5
  const clientOptions: IClientOptions = {
    clientId: account.clientId,
    protocolVersion: account.protocol,
    clean: !v5 || options.cleanStart,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    manualConnect: true,
    will: {
      topic: will.topic,
      payload: Buffer.from(will.payload),
      qos: 1,
      retain: true,
      ...(v5 ? { properties: { willDelayInterval: will.delaySeconds } } : {}),
    },
    // No maximumPacketSize: a broker then drops a large document without a word, while the guard can say TOO_LARGE.
    ...(v5 ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS, receiveMaximum: 20 } } : {}),
    ...(account.username === undefined ? {} : { username: account.username }),
    ...(account.passwordFile === undefined
      ? {}
      : { password: readFileSync(account.passwordFile, 'utf8').trimEnd() }),
  }
  return new MqttClient(() => openStream(options), clientOptions)
}
