import type { ControlArgs, ControlVerb, ControlVerbs } from '../core/control.ts'

export type ControlContext = {
  /** Aborted when the client has gone or the server closes; a handler that waits or streams must end then. */
  readonly signal: AbortSignal
  /** The bytes sent after the request line of `play` and `verify`; read at most once, with back-pressure. Empty for other verbs. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * Answers one verb. What it throws reaches the client: the code and message of a LoaError, else `IO`.
 * `stream` is called when the client asked to follow. A stream is pulled: while the client is slow nothing is asked of it,
 * and after 10 s without progress the client is dropped, so whatever a stream queues must be bounded.
 */
type ControlHandler<V extends ControlVerb> = {
  readonly answer?: (
    args: ControlArgs<V>,
    context: ControlContext,
  ) => ControlVerbs[V]['value'] | Promise<ControlVerbs[V]['value']>
  readonly stream?: (
    args: ControlArgs<V>,
    context: ControlContext,
  ) => AsyncIterable<ControlVerbs[V]['stream']>
}

export type ControlHandlers = { readonly [V in ControlVerb]: ControlHandler<V> }
