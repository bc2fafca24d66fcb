import { randomUUID } from 'node:crypto'
import type { MqttClient } from 'mqtt'
import type { CommandOp } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { SigningKey } from './keys.ts'
import { seal } from './sign.ts'
import { type DeviceAddress, deviceTopic } from './topics.ts'

export type Op = CommandOp['op']

export const OPS: readonly Op[] = [
  'play',
  'stop',
  'mute',
  'unmute',
  'volume',
  'amplifier',
  'sign',
  'sign-clear',
  'self-test',
  'sync',
  'bundle',
  'restart',
  'reboot',
]

export type CommandDraft = {
  readonly device: string
  /** Nonce of the device's current `up/state`. */
  readonly boot: string
  readonly op: Op
  readonly args?: object
  readonly now: Date
  /** 60 by default, 300 at most. */
  readonly validSeconds?: number
  /** A new one by default. */
  readonly id?: string
}

/** A command as it is signed; good for one boot of one device, once, until `exp`. */
export const commandDocument = (draft: CommandDraft) => ({
  kind: 'command',
  v: 1,
  id: draft.id ?? randomUUID(),
  device: draft.device,
  boot: draft.boot,
  iat: draft.now.toISOString(),
  exp: new Date(draft.now.getTime() + (draft.validSeconds ?? 60) * 1000).toISOString(),
  op: draft.op,
  args: draft.args ?? {},
})

export type Reply = {
  readonly id: string
  readonly status: 'accepted' | 'started' | 'done' | 'failed' | 'rejected'
  readonly code?: string
  readonly data?: unknown
  readonly at: string
}

export type CommandOptions = DeviceAddress & {
  readonly client: MqttClient
  readonly topicRoot: string
  /** None: bare JSON, for devices with `signatures: off`. */
  readonly signingKey?: SigningKey
  readonly op: Op
  readonly args?: object
  readonly validSeconds?: number
  /** 30,000 by default: for the boot nonce and for the last reply, each. */
  readonly timeoutMs?: number
  readonly onReply?: (reply: Reply) => void
}

const FINAL: readonly Reply['status'][] = ['done', 'failed', 'rejected']

/** The first message on the topic for which `take` finds a value. */
export const firstOn = async <T>(
  client: MqttClient,
  topic: string,
  take: (payload: Buffer) => T | undefined,
  timeout: { readonly ms: number; readonly message: string },
): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const onMessage = (at: string, payload: Buffer): void => {
    if (at !== topic) return
    try {
      const value = take(payload)
      if (value !== undefined) resolve(value)
    } catch (cause) {
      reject(new LoaError('INVALID', `what stands on ${topic} cannot be read`, { cause }))
    }
  }
  const onClose = () => reject(new LoaError('BROKER', 'the connection to the broker was lost; try again'))
  const timer = setTimeout(() => reject(new LoaError('LATE', timeout.message)), timeout.ms)
  client.on('message', onMessage)
  client.once('close', onClose)
  try {
    await client.subscribeAsync(topic, { qos: 1 })
    return await promise
  } finally {
    clearTimeout(timer)
    client.off('message', onMessage)
    client.off('close', onClose)
  }
}

/** The nonce of the device's current boot, from its retained `up/state`. */
const readBoot = (options: Omit<CommandOptions, 'op'>): Promise<string> => {
  const topic = deviceTopic(options.topicRoot, options, 'up/state')
  const ms = options.timeoutMs ?? 30_000
  const message = `no state of ${options.device} in ${ms / 1000} s on ${topic}: check --device and --province, and that the device was ever connected to this broker`
  const take = (payload: Buffer): string | undefined => {
    if (payload.length === 0) return undefined
    const { boot }: Record<string, unknown> = JSON.parse(payload.toString('utf8'))
    return typeof boot === 'string' ? boot : undefined
  }
  return firstOn(options.client, topic, take, { ms, message })
}

/** Makes, signs and sends a command for the current boot; resolves with all replies, the final one last. */
export const sendCommand = async (options: CommandOptions): Promise<readonly Reply[]> => {
  const { client, topicRoot, device } = options
  const ms = options.timeoutMs ?? 30_000
  const boot = await readBoot(options)
  const command = commandDocument({ ...options, boot, now: new Date() })
  const message = seal(
    'command',
    Buffer.from(JSON.stringify(command)),
    options.signingKey === undefined ? [] : [options.signingKey],
  )
  const replies: Reply[] = []
  const take = (payload: Buffer): readonly Reply[] | undefined => {
    const reply: Reply = JSON.parse(payload.toString('utf8'))
    if (reply.id !== command.id) return undefined
    replies.push(reply)
    options.onReply?.(reply)
    return FINAL.includes(reply.status) ? replies : undefined
  }
  const replyTopic = deviceTopic(topicRoot, options, 'up/reply')
  // Subscribed before the command leaves: the broker keeps no replies.
  await client.subscribeAsync(replyTopic, { qos: 1 })
  const answered = firstOn(client, replyTopic, take, {
    ms,
    message: `no final reply of ${device} in ${ms / 1000} s; see \`province watch\` whether it is online`,
  })
  const sent = client.publishAsync(deviceTopic(topicRoot, options, 'down/command'), message, { qos: 1 })
  const [done] = await Promise.all([answered, sent])
  return done
}
