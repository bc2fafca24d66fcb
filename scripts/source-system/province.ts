import { join } from 'node:path'
import { type Broker, openBroker } from './broker.ts'
import type { BrokerOptions } from './connection.ts'
import { type ContentServer, type ContentServerOptions, openContentServer } from './content-server.ts'
import { given } from './given.ts'
import { type KeyFolder, openKeyFolder } from './key-folder.ts'
import { type Monitor, type MonitorOptions, openMonitor } from './monitor.ts'
import { openPublisher, type Publisher } from './publisher.ts'
import { openRecordLedger } from './record-ledger.ts'
import { openRecordServer, type RecordServer, type RecordServerOptions } from './record-server.ts'
import { documentTopic } from './topics.ts'

export type ProvinceOptions = {
  /** Gets `keys/`, `content/` and `records.db`; what is there is kept. */
  readonly directory: string
  /** `75` by default. */
  readonly area?: string
  readonly communes?: readonly string[]
  /** A broker that runs already; without it one is embedded, which speaks MQTT 3.1.1 only. */
  readonly brokerUrl?: string
  /** For `brokerUrl`: 5 by default. */
  readonly protocol?: 4 | 5
  /** For `brokerUrl`: files of authority, certificate and key. */
  readonly account?: Pick<BrokerOptions, 'ca' | 'cert' | 'key'>
  /** Of the embedded broker; a free one when absent. */
  readonly brokerPort?: number
  readonly contentPort?: number
  readonly host?: string
  readonly topicRoot?: string
  /** `false`: no trust document is published at the start. */
  readonly publishTrust?: boolean
  readonly onBatch?: NonNullable<RecordServerOptions['onBatch']>
  readonly onRefused?: NonNullable<RecordServerOptions['onRefused']>
  readonly onRequest?: NonNullable<ContentServerOptions['onRequest']>
  readonly misbehave?: NonNullable<ContentServerOptions['misbehave']>
  readonly onChange?: NonNullable<MonitorOptions['onChange']>
}

/** A whole small source system in this process. */
export type Province = AsyncDisposable & {
  readonly brokerUrl: string
  /** What devices must set as `mqtt.protocol`. */
  readonly protocol: 4 | 5
  readonly contentDirectory: string
  readonly content: ContentServer
  readonly keys: KeyFolder
  readonly publisher: Publisher
  readonly records: RecordServer
  readonly monitor: Monitor
}

/** Starts broker (unless one is given), content server, record server and monitor, and publishes the trust document. */
export const openProvince = async (options: ProvinceOptions): Promise<Province> => {
  const { directory, host } = options
  const stack = new AsyncDisposableStack()
  try {
    const keys = await openKeyFolder({
      directory: join(directory, 'keys'),
      area: options.area ?? '75',
      communes: options.communes ?? [],
      now: new Date(),
    })
    const embedded: Broker | undefined =
      options.brokerUrl === undefined
        ? stack.use(await openBroker(given({ port: options.brokerPort, host })))
        : undefined
    const url = options.brokerUrl ?? embedded?.url ?? ''
    const protocol = embedded === undefined ? (options.protocol ?? 5) : 4
    const broker = { url, protocol, ...options.account, ...given({ topicRoot: options.topicRoot }) }
    const contentDirectory = join(directory, 'content')
    const { onRequest, misbehave, onBatch, onRefused, onChange } = options
    const content = stack.use(
      await openContentServer({
        directory: contentDirectory,
        ...given({ host, port: options.contentPort, onRequest, misbehave }),
      }),
    )
    const ledger = stack.use(openRecordLedger(join(directory, 'records.db')))
    const records = stack.use(await openRecordServer({ ...broker, ledger, ...given({ onBatch, onRefused }) }))
    const monitor = stack.use(await openMonitor({ ...broker, ...given({ onChange }) }))
    const publisher = stack.use(await openPublisher({ ...broker, persistent: true }))
    if (options.publishTrust !== false) {
      await publisher.publishRaw(documentTopic(publisher.topicRoot, keys.trust), keys.trustMessage)
    }
    const owned = stack.move()
    return {
      brokerUrl: url,
      protocol,
      contentDirectory,
      content,
      keys,
      publisher,
      records,
      monitor,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
