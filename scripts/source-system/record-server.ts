import { LoaError, messageOf } from '../../agent/core/error.ts'
import { parseBatch } from './batch.ts'
import { type BrokerOptions, connectToBroker } from './connection.ts'
import { DEFAULT_TOPIC_ROOT } from './publisher.ts'
import type { Receipt, RecordLedger } from './record-ledger.ts'
import { type DeviceAddress, deviceTopic, parseUpTopic } from './topics.ts'
import { createWaiters } from './waiters.ts'

export type RecordServerOptions = BrokerOptions & {
  readonly topicRoot?: string
  readonly ledger: RecordLedger
  /** Only these, on exact topics, for brokers that serve no wildcards; every device when absent. */
  readonly devices?: readonly DeviceAddress[]
  readonly onBatch?: (receipt: Receipt) => void
  /** A batch that could not be read at all. */
  readonly onRefused?: (device: string, error: LoaError) => void
}

export type RecordServer = AsyncDisposable & {
  readonly ledger: RecordLedger
  /** With `false` batches are stored and not acknowledged; the next one after `true` acknowledges all. */
  readonly setAcknowledging: (on: boolean) => void
  /** Resolves with the first value that `look` finds, asked now and after each batch; rejects after the deadline. */
  readonly until: <T>(look: (ledger: RecordLedger) => T | undefined, timeoutMs: number) => Promise<T>
}

const TOPICS = ['playback', 'event'] as const

export type ReceiverOptions = Pick<RecordServerOptions, 'topicRoot' | 'ledger' | 'onBatch' | 'onRefused'> & {
  /** Sends what is to be said on `down/acked`. */
  readonly answer: (topic: string, payload: string) => void
}

/** The server without its connection: to be called with each message; what cannot be stored is told and not answered. */
export const createReceiver = (options: ReceiverOptions): ((topic: string, payload: Uint8Array) => void) => {
  const { ledger, answer, topicRoot: root = DEFAULT_TOPIC_ROOT } = options
  const receive = (topic: string, payload: Uint8Array): void => {
    const from = parseUpTopic(root, topic)
    const kind = TOPICS.find((each) => each === from?.leaf)
    if (from === undefined || kind === undefined) return
    const receipt = ledger.receive(parseBatch(kind, from.device, payload))
    if (receipt.ack !== undefined) answer(deviceTopic(root, from, 'down/acked'), JSON.stringify(receipt.ack))
    options.onBatch?.(receipt)
  }
  return (topic, payload) => {
    try {
      receive(topic, payload)
    } catch (error) {
      const fault =
        error instanceof LoaError ? error : new LoaError('DATABASE', messageOf(error), { cause: error })
      options.onRefused?.(topic, fault)
    }
  }
}

/** Stores the batches of devices and acknowledges after each one, duplicates too. */
export const openRecordServer = async (options: RecordServerOptions): Promise<RecordServer> => {
  const { ledger } = options
  const root = options.topicRoot ?? DEFAULT_TOPIC_ROOT
  const waiters = createWaiters(ledger)
  let acknowledging = true
  const client = await connectToBroker({ ...options, persistent: true })
  const receive = createReceiver({
    ...options,
    answer: (topic, payload) => {
      // QoS 0, and lost without harm while the broker is away: the device sends again, and is answered again.
      if (acknowledging) client.publish(topic, payload, { qos: 0 })
    },
  })
  client.on('message', (topic, payload) => {
    receive(topic, payload)
    waiters.check()
  })
  const devices = options.devices ?? [{ province: '+', device: '+' }]
  await client.subscribeAsync(
    devices.flatMap((device) => TOPICS.map((kind) => deviceTopic(root, device, `up/${kind}`))),
    { qos: 1 },
  )
  return {
    ledger,
    setAcknowledging: (on) => {
      acknowledging = on
    },
    until: waiters.until,
    [Symbol.asyncDispose]: async () => {
      waiters.end()
      await client.endAsync()
    },
  }
}
