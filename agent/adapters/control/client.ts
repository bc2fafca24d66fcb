import { connect, type Socket } from 'node:net'
import {
  CONTROL_ACCESS,
  type ControlAccess,
  type ControlArgs,
  type ControlVerb,
  type ControlVerbs,
} from '../../core/control.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { answersOf } from './answers.ts'
import { send } from './send.ts'
import { socketFor } from './sockets.ts'

export type AskOptions = {
  /** How long the agent may take for its first sign of life. */
  readonly withinMs?: number
  /** Bytes to send after the request line. */
  readonly body?: AsyncIterable<Uint8Array>
  /** Ends the conversation; what was asked to follow just ends. */
  readonly signal?: AbortSignal
}

/** A stopped agent must be told from a slow one within three seconds, start of the command included. */
const ANSWER_WITHIN_MS = { sinceStart: 2500, atLeast: 1800 } as const
/** After a first sign of life: the agent sends one each second, a busy board may be late. */
const SILENT_STREAM_MS = 10_000

const CLOSED_TO_YOU = {
  look: ['NO_ACCESS', 'the control socket may not be used'],
  act: ['NOT_ADMIN', 'the socket of the administrators may not be used'],
} as const

const reasonsFor = (
  access: ControlAccess,
): Readonly<Record<string, readonly ['NOT_RUNNING' | 'NO_ACCESS' | 'NOT_ADMIN', string]>> => ({
  ENOENT: ['NOT_RUNNING', 'the agent is not running'],
  ECONNREFUSED: ['NOT_RUNNING', 'the agent is not running'],
  EACCES: CLOSED_TO_YOU[access],
  EPERM: CLOSED_TO_YOU[access],
})

const connectFault = (path: string, access: ControlAccess, cause: Error): LoaError => {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const [fault, message] = reasonsFor(access)[code] ?? ['IO', cause.message]
  return new LoaError(fault, `${message} (${path})`, { cause, path })
}

/** `performance.now` counts from the start of the process: on the smallest boards that takes a second of the three. */
const answerWithinMs = (): number =>
  Math.max(ANSWER_WITHIN_MS.atLeast, ANSWER_WITHIN_MS.sinceStart - performance.now())

const opened = (path: string, access: ControlAccess): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(path)
    const onError = (cause: Error): void => reject(connectFault(path, access, cause))
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      resolve(socket)
    })
  })

/** Ends the conversation with a fault when the other side stays silent. */
const silenceGuard = (socket: Socket, path: string, ms: number) => {
  const onSilence = (): void => {
    const message = `the agent has not answered for ${Math.round(ms)} ms (${path}): it is stopped or overloaded`
    socket.destroy(new LoaError('NOT_ANSWERING', message, { path }))
  }
  let timer = setTimeout(onSilence, ms)
  return {
    again: (nextMs = ms): void => {
      clearTimeout(timer)
      timer = setTimeout(onSilence, nextMs)
    },
    done: (): void => clearTimeout(timer),
  }
}

const upload = async (socket: Socket, body: AsyncIterable<Uint8Array>, again: () => void): Promise<void> => {
  for await (const chunk of body) {
    try {
      await send(socket, chunk, 2 ** 31 - 1)
    } catch {
      // The agent has hung up: why is in its answer, which is still to be read.
      return
    }
    again()
  }
}

const brokenOff = (path: string, error: unknown): LoaError =>
  error instanceof LoaError
    ? error
    : new LoaError('NOT_ANSWERING', `the agent broke off (${path}): ${messageOf(error)}`, {
        cause: error,
        path,
      })

async function* converse(
  controlSocket: string,
  request: { readonly verb: ControlVerb; readonly args: object; readonly follow?: boolean },
  options: AskOptions,
): AsyncGenerator<unknown> {
  const access = CONTROL_ACCESS[request.verb]
  const path = socketFor(access, controlSocket)
  const socket = await opened(path, access)
  if (options.signal?.aborted === true) socket.destroy()
  const withinMs = options.withinMs ?? answerWithinMs()
  const guard = silenceGuard(socket, path, withinMs)
  const onAbort = (): unknown => socket.destroy()
  options.signal?.addEventListener('abort', onAbort)
  let uploading: Promise<void> | undefined
  try {
    await send(socket, `${JSON.stringify(request)}\n`, withinMs)
    if (options.body !== undefined)
      uploading = upload(socket, options.body, () => guard.again()).catch((error: unknown) => {
        socket.destroy(new LoaError('IO', messageOf(error), { cause: error }))
      })
    for await (const answer of answersOf(socket, () => guard.again(SILENT_STREAM_MS))) {
      if (!answer.ok) throw answer.fault
      yield answer.value
    }
  } catch (error) {
    if (options.signal?.aborted !== true) throw brokenOff(path, error)
  } finally {
    guard.done()
    options.signal?.removeEventListener('abort', onAbort)
    socket.destroy()
    await uploading
  }
}

/**
 * Asks the running agent once, over the socket that is for this verb.
 * @param path of `control.sock`
 * @throws NOT_RUNNING when nobody listens; NO_ACCESS, NOT_ADMIN; NOT_ANSWERING when it stays silent; else what the agent answered
 */
export const askAgent = async <V extends ControlVerb>(
  path: string,
  verb: V,
  args: ControlArgs<V>,
  options: AskOptions = {},
): Promise<ControlVerbs[V]['value']> => {
  for await (const value of converse(path, { verb, args }, options)) return value as ControlVerbs[V]['value']
  throw new LoaError('NOT_ANSWERING', `the agent hung up without an answer (${path})`, { path })
}

/**
 * Asks the running agent and goes on listening until it ends the conversation or `signal` is aborted.
 * @throws as `askAgent`; an agent that stops ends the stream without a fault
 */
export const followAgent = <V extends ControlVerb>(
  path: string,
  verb: V,
  args: ControlArgs<V>,
  options: AskOptions = {},
): AsyncGenerator<ControlVerbs[V]['stream']> =>
  converse(path, { verb, args, follow: true }, options) as AsyncGenerator<ControlVerbs[V]['stream']>
