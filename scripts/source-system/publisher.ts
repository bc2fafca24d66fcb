import type { MqttClient } from 'mqtt'
import { type BrokerOptions, connectToBroker } from './connection.ts'
import type { SigningKey } from './keys.ts'
import { seal } from './sign.ts'
import { addressOf, documentTopic } from './topics.ts'

export const DEFAULT_TOPIC_ROOT = 'loa/v1'

type Sent = { readonly topic: string; readonly message: string; readonly rev?: number }

export type PublishOptions = {
  /** None: bare JSON, for devices with `signatures: off`. */
  readonly keys?: readonly SigningKey[]
  /** Two digits; needed for documents of a device. */
  readonly province?: string
}

export type Publisher = AsyncDisposable & {
  readonly client: MqttClient
  readonly topicRoot: string
  /** Signs and publishes a document on its own topic, QoS 1, retained (a command is not). Resolves on PUBACK. */
  readonly publish: (document: object | Uint8Array, options?: PublishOptions) => Promise<Sent>
  /** Anything anywhere, as it is: a message signed elsewhere, or one that devices must refuse. */
  readonly publishRaw: (topic: string, message: string | Buffer, retain?: boolean) => Promise<void>
}

/** A document given as bytes is signed as it is, given as an object in its shortest JSON form. */
export const openPublisher = async (
  options: BrokerOptions & { readonly topicRoot?: string },
): Promise<Publisher> => {
  const client = await connectToBroker(options)
  const topicRoot = options.topicRoot ?? DEFAULT_TOPIC_ROOT
  return {
    client,
    topicRoot,
    publish: async (document, { keys = [], province } = {}) => {
      const payload = document instanceof Uint8Array ? document : Buffer.from(JSON.stringify(document))
      const address = addressOf(payload)
      const topic = documentTopic(topicRoot, address, province)
      const message = seal(address.kind, payload, keys)
      await client.publishAsync(topic, message, { qos: 1, retain: address.kind !== 'command' })
      return { topic, message, ...(address.rev === undefined ? {} : { rev: address.rev }) }
    },
    publishRaw: async (topic, message, retain = true) => {
      await client.publishAsync(topic, message, { qos: 1, retain })
    },
    [Symbol.asyncDispose]: () => client.endAsync(),
  }
}
