import type { Socket } from 'node:net'
import { CONTROL_ACCESS, type ControlAccess, type ControlArgs, type ControlVerb } from '../../core/control.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { ControlContext, ControlHandlers } from '../../ports/control.ts'
import type { Logger } from '../../ports/logger.ts'
import {
  type ControlAnswer,
  type ControlRequest,
  MAX_REQUEST_BYTES,
  parseControlRequest,
} from '../../wire/control-verbs.ts'
import { readBody } from './body.ts'
import { readLine } from './read-line.ts'
import { send } from './send.ts'

export type ConnectionOptions = {
  readonly handlers: ControlHandlers
  /** What may be asked on this connection; who may act may look. */
  readonly access: ControlAccess
  readonly logger: Logger
  readonly maxBodyBytes: number
  readonly slowClientMs: number
}

const REQUEST_WITHIN_MS = 5000
const KEEP_ALIVE_MS = 1000
const LINGER_MS = 10_000

type Call = { readonly socket: Socket; readonly context: ControlContext; readonly options: ConnectionOptions }

const write = (call: Call, answer: ControlAnswer): Promise<void> =>
  send(call.socket, `${JSON.stringify(answer)}\n`, call.options.slowClientMs)

const bodyBytes = (request: ControlRequest): number => {
  if (request.verb === 'verify' || request.verb === 'update') return request.args.bytes
  return request.verb === 'play' || request.verb === 'sign' ? (request.args.file?.bytes ?? 0) : 0
}

/** An empty line now and each second: the client can tell a stream with nothing to say from an agent that is stopped. */
const keepAlive = ({ socket }: Call): Disposable => {
  const beat = (): void => {
    if (!socket.destroyed && !socket.writableNeedDrain) socket.write('\n')
  }
  beat()
  const timer = setInterval(beat, KEEP_ALIVE_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

const pour = async (call: Call, values: AsyncIterable<unknown>): Promise<void> => {
  using _beat = keepAlive(call)
  for await (const value of values) {
    if (call.context.signal.aborted) return
    await write(call, { ok: true, value })
  }
}

const run = async <V extends ControlVerb>(call: Call, verb: V, args: ControlArgs<V>, follow: boolean) => {
  const handler = call.options.handlers[verb]
  if (follow && handler.stream !== undefined) {
    await pour(call, handler.stream(args, call.context))
    return
  }
  if (follow || handler.answer === undefined) {
    throw new LoaError('USAGE', follow ? `${verb} cannot be followed` : `${verb} must be followed`)
  }
  await write(call, { ok: true, value: await handler.answer(args, call.context) })
}

const refuse = (call: Call, error: unknown): Promise<void> => {
  const known = error instanceof LoaError
  if (!known) call.options.logger.error({ err: error }, 'a control request failed')
  return write(call, { ok: false, code: known ? error.code : 'IO', message: messageOf(error) })
}

/** Says goodbye; a client that will not let go is dropped. */
const hangUp = (socket: Socket): void => {
  socket.end()
  socket.resume()
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(linger))
}

const dispatch = async (call: Call, request: ControlRequest): Promise<void> => {
  if (CONTROL_ACCESS[request.verb] === 'act' && call.options.access !== 'act')
    throw new LoaError('NOT_ADMIN', `${request.verb} acts: it is asked over the socket of the administrators`)
  // A release is not held in memory, and has a limit of its own.
  if (request.verb !== 'update' && bodyBytes(request) > call.options.maxBodyBytes) {
    throw new LoaError('TOO_LARGE', `the file is over ${call.options.maxBodyBytes} bytes`)
  }
  await run(call, request.verb, request.args, request.follow)
}

/**
 * Answers the one request of a connection and ends it.
 * @throws IO when the client went away or reads too slowly
 */
export const serveConnection = async (socket: Socket, options: ConnectionOptions): Promise<void> => {
  const gone = new AbortController()
  socket.once('close', () => gone.abort(new LoaError('IO', 'the client went away')))
  socket.on('error', (error) => options.logger.debug({ reason: error.message }, 'a control client broke off'))
  const noBody: Call = { socket, options, context: { signal: gone.signal, body: readBody(socket, 0) } }
  try {
    const line = await readLine(socket, { maxBytes: MAX_REQUEST_BYTES, withinMs: REQUEST_WITHIN_MS })
    const request = parseControlRequest(line)
    // A client that follows and closes its side has gone: nothing else would tell before the next line is written.
    if (request.follow) socket.once('end', () => gone.abort(new LoaError('IO', 'the client went away')))
    const bytes = bodyBytes(request)
    if (bytes === 0) socket.resume()
    const context = { signal: gone.signal, body: readBody(socket, bytes) }
    await dispatch({ socket, options, context }, request)
  } catch (error) {
    if (!gone.signal.aborted) await refuse(noBody, error)
  } finally {
    if (!socket.destroyed) hangUp(socket)
  }
}
