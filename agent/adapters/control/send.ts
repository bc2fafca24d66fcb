import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { LoaError } from '../../core/error.ts'

/**
 * Writes and, when the reader lags, waits until it has caught up.
 * @throws IO when it has not within `withinMs`, or the connection closes
 */
export const send = async (socket: Writable, data: string | Uint8Array, withinMs: number): Promise<void> => {
  if (socket.destroyed) throw new LoaError('IO', 'the connection is closed')
  if (socket.write(data)) return
  const limit = AbortSignal.timeout(withinMs)
  const closed = new AbortController()
  const onClose = (): void => closed.abort()
  socket.once('close', onClose)
  try {
    await once(socket, 'drain', { signal: AbortSignal.any([limit, closed.signal]) })
  } catch (cause) {
    const why = limit.aborted ? `read nothing for ${withinMs} ms` : 'closed the connection'
    throw new LoaError('IO', `the other side ${why}`, { cause })
  } finally {
    socket.off('close', onClose)
  }
}
