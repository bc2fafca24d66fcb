import type { Ending } from '../core/takeover.ts'

/** A connection to the province's broker that never gives up. */
export interface MessageBus extends AsyncDisposable {
  /** True between CONNACK and the loss of the connection. */
  readonly connected: boolean
  /**
   * Resolves on the broker's PUBACK (QoS 1) or when handed to the socket (QoS 0). Rejects `BROKER` when not connected,
   * when the connection ends before that, and when the broker refuses the message. Nothing is queued for later.
   */
  publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean; readonly expirySeconds?: number },
  ): Promise<void>
  /**
   * Exact topics, never wildcards. Resolves with the topics that the broker refused; rejects `BROKER` when not connected
   * and when the connection ends before the answer.
   * `if-new`: retained messages only of topics that this session was not subscribed to (MQTT 5, retain handling 1).
   */
  subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<readonly string[]>
}

export type BusMessage = { readonly topic: string; readonly payload: Uint8Array; readonly retained: boolean }

/** What the bus tells its owner; handlers are attached before the first connection attempt. */
export type BusHandlers = {
  /** A session is up; `resumed`: the broker kept the subscriptions. Awaited by nobody: it must handle its own faults. */
  readonly onConnect: (session: { readonly resumed: boolean; readonly url: string }) => void
  /** Must not throw. Messages of a resumed session may come before `onConnect`. */
  readonly onMessage: (message: BusMessage) => void
  /** Once after every `onConnect`, also on disposal. */
  readonly onDisconnect: (reason: string, ending: Ending) => void
  /** A try failed: no connection to `url`, and why, in a sentence that says what to do where that is known. */
  readonly onUnreachable: (url: string, reason: string) => void
  /**
   * A packet over the size limit was announced on `topic`; the connection was dropped before it was buffered.
   * The next session is a new one: its owner must not subscribe to `topic` for some time.
   */
  readonly onOversize: (topic: string, bytes: number) => void
}
