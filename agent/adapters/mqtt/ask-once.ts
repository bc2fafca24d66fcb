import { LoaError } from '../../core/error.ts'
import { openBrokerSocket } from './broker-socket.ts'
import { Connection } from './connection.ts'
import type { BrokerAccount } from './credentials.ts'

export type Question<T> = {
  readonly url: string
  readonly account: BrokerAccount
  readonly password?: string | undefined
  /** Where the answer comes; subscribed to before anything is asked. */
  readonly listenTo: string
  readonly topic: string
  readonly payload: string
  /** The meaning of what came there; undefined: not for us, go on waiting. */
  readonly understand: (payload: Uint8Array) => T | undefined
  /** Asked again until then; nothing is kept by the broker. */
  readonly againAfterMs: number
  readonly withinMs: number
  readonly signal: AbortSignal
}

const KEEP_ALIVE_SECONDS = 30
const GOODBYE_WITHIN_MS = 1000

/** One connection to one broker for one question. @throws BROKER when it cannot be had, or no answer comes in time */
export const askOnce = async <T>(question: Question<T>): Promise<T> => {
  const { url, account, password, topic, payload, listenTo, againAfterMs, withinMs } = question
  const late = AbortSignal.timeout(withinMs)
  const signal = AbortSignal.any([question.signal, late])
  const socket = await openBrokerSocket(url, account, signal)
  const { promise: answered, resolve, reject } = Promise.withResolvers<T>()
  // Rejected while nobody waits for it yet, it is told by what is waited for.
  answered.catch(() => undefined)
  const connection = new Connection({
    socket,
    account,
    password,
    cleanStart: true,
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
    onMessage: (message) => {
      if (message.topic !== listenTo) return
      const value = question.understand(message.payload)
      if (value !== undefined) resolve(value)
    },
    onOversize: () => undefined,
  })
  const giveUp = (): void =>
    reject(new LoaError('BROKER', late.aborted ? `no answer on ${listenTo}` : 'broken off'))
  signal.addEventListener('abort', giveUp, { once: true })
  void connection.ended.then(({ reason }) => reject(new LoaError('BROKER', reason)))
  let again: NodeJS.Timeout | undefined
  try {
    await connection.open(signal)
    if ((await connection.subscribe([listenTo], 'if-new')).length > 0)
      throw new LoaError('BROKER', `the broker does not let this device listen to ${listenTo}`)
    const ask = (): void =>
      void connection
        .publish(topic, payload, { qos: 1, retain: false })
        .catch((error: unknown) => reject(error))
    ask()
    again = setInterval(ask, againAfterMs)
    return await answered
  } finally {
    clearInterval(again)
    signal.removeEventListener('abort', giveUp)
    await connection.end(GOODBYE_WITHIN_MS)
  }
}
