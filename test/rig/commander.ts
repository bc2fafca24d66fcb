import { connectAsync } from 'mqtt'
import { type Op, type Reply, sendCommand } from '../../scripts/source-system/command.ts'
import type { SigningKey } from '../../scripts/source-system/keys.ts'
import { DEVICE } from './agent-files.ts'
import type { Bench } from './bench.ts'
import { eventually } from './eventually.ts'
import type { Observer } from './observer.ts'

const ROOT = 'loa/v1'
const COMMAND = `${ROOT}/device/75/${DEVICE}/down/command`

/** Sends a command for the current boot as the province does; resolves with its last reply. */
export const order = async (
  observer: Observer,
  op: Op,
  args: object = {},
  signingKey?: SigningKey,
): Promise<Reply> => {
  const { client } = observer
  // A client asks a broker once for a topic: the retained state comes to a new one only.
  const province = await connectAsync(`mqtt://127.0.0.1:${client.options.port}`, { protocolVersion: 5 })
  const replies = await sendCommand({
    client: province,
    topicRoot: ROOT,
    province: '75',
    device: DEVICE,
    op,
    args,
    ...(signingKey === undefined ? {} : { signingKey }),
  }).finally(() => province.endAsync(true))
  const last = replies.at(-1)
  if (last === undefined) throw new Error(`no reply to ${op}`)
  return last
}

/** Publishes a command as it is, perhaps with a response topic of MQTT 5. */
export const sendRaw = async (observer: Observer, message: string, responseTopic?: string): Promise<void> => {
  const properties = responseTopic === undefined ? {} : { properties: { responseTopic } }
  await observer.client.publishAsync(COMMAND, message, { qos: 1, ...properties })
}

/** Words of all replies to a command so far, in order: `rejected WRONG_BOOT`. */
export const repliesTo = (observer: Observer, id: string): readonly string[] =>
  observer
    .of('reply')
    .filter(({ body }) => body['id'] === id)
    .map(({ body }) => [body['status'], body['code']].filter((word) => word !== undefined).join(' '))

export const answered = (observer: Observer, id: string, words: string): Promise<true> =>
  eventually(`${id} is answered ${words}`, () => repliesTo(observer, id).includes(words) || undefined, 10_000)

/** The nonce for which commands are made now. */
export const bootOf = async (observer: Observer): Promise<string> =>
  String((await observer.until('state', 'online', ({ state }) => state === 'online'))['boot'])

/** Starts an agent that has ended, and resolves when it is there for orders. */
export const startAgain = async ({ agent, observer }: Bench): Promise<void> => {
  const { boot: before } = observer.latest('state') ?? {}
  await agent.start()
  await observer.until('state', 'a new boot', ({ state, boot }) => state === 'online' && boot !== before)
}
