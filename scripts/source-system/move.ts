import { setTimeout as sleep } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { createCryptography } from '../../agent/adapters/crypto/node-cryptography.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { openEnvelope } from '../../agent/wire/envelope.ts'
import type { SigningKey } from './keys.ts'
import { deviceTopic } from './topics.ts'

/** Where a device stands in the topics now. */
export type Mover = { readonly province: string; readonly device: string }
export type Move = { readonly province: string; readonly commune: string; readonly overlapDays?: number }

type Desired = { readonly rev: number; readonly config: object }

/** After the last answer of the broker a topic that has not answered is taken for empty. */
const SILENCE_MS = 500
const ANSWER_WITHIN_MS = 10_000

/**
 * What stands on the topic. What this key did not sign is not signed again unread: whoever reaches the broker can put it there.
 * @throws LoaError BAD_SIGNATURE
 */
const readDesired = (message: Buffer, { device }: Mover, key: SigningKey | undefined): Desired => {
  const { signatures, payload } = openEnvelope('desired', message, { signatures: key ? 'required' : 'off' })
  const { verifyEd25519 } = createCryptography()
  const ours = (input: Uint8Array, signature: Uint8Array): boolean =>
    key === undefined || verifyEd25519(key.x, input, signature)
  if (!signatures.every(({ signingInput, signature }) => ours(signingInput, signature)))
    throw new LoaError(
      'BAD_SIGNATURE',
      `the desired of ${device} is signed by another key: publish one that has its config and place`,
    )
  const { rev, config }: Partial<Desired> = JSON.parse(Buffer.from(payload).toString('utf8'))
  return { rev: Number(rev ?? 0), config: { ...config } }
}

/** Retained messages of topics that have one; exact topics, as a broker without wildcards would serve. */
const retainedOf = async (
  client: MqttClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> => {
  const found = new Map<string, Buffer>()
  let heardAt = Date.now()
  const hear = (topic: string, payload: Buffer): void => {
    heardAt = Date.now()
    if (topics.includes(topic) && payload.length > 0) found.set(topic, payload)
  }
  client.on('message', hear)
  try {
    await client.subscribeAsync([...topics], { qos: 1 })
    const deadline = Date.now() + ANSWER_WITHIN_MS
    heardAt = Date.now()
    while (found.size < topics.length && Date.now() - heardAt < SILENCE_MS && Date.now() < deadline)
      await sleep(SILENCE_MS / 10)
    return found
  } finally {
    client.off('message', hear)
    await client.unsubscribeAsync([...topics])
  }
}

/** The `desired` that moves each device: what stands on its topic, with the place, under a higher revision. */
export const moveDocuments = async (
  { client, topicRoot }: { readonly client: MqttClient; readonly topicRoot: string },
  devices: readonly Mover[],
  place: Move,
  options: { readonly key?: SigningKey; readonly now: Date },
): Promise<readonly { readonly device: Mover; readonly document?: object; readonly fault?: string }[]> => {
  const { key, now } = options
  const topicOf = (device: Mover): string => deviceTopic(topicRoot, device, 'down/desired')
  const retained = await retainedOf(client, devices.map(topicOf))
  return devices.map((device) => {
    const message = retained.get(topicOf(device))
    try {
      const held = message && readDesired(message, device, key)
      const rev = Math.max(Math.floor(now.getTime() / 1000), (held?.rev ?? 0) + 1)
      const config = { ...held?.config, place }
      return {
        device,
        document: { kind: 'desired', v: 1, device: device.device, rev, iat: now.toISOString(), config },
      }
    } catch (error) {
      return { device, fault: messageOf(error) }
    }
  })
}
