import type { Socket } from 'node:net'
import { LoaError } from '../../core/error.ts'

/**
 * Exactly `bytes` bytes of the connection, with back-pressure; what comes after them is thrown away.
 * @throws INVALID when the connection ends before
 */
export async function* readBody(socket: Socket, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes
  const chunks = socket.iterator({ destroyOnReturn: false })
  while (left > 0) {
    const next = await chunks.next()
    if (next.done === true || !Buffer.isBuffer(next.value)) {
      throw new LoaError('INVALID', `the file ended ${left} bytes early`)
    }
    const chunk = next.value.subarray(0, left)
    left -= chunk.length
    yield chunk
  }
  await chunks.return?.()
  socket.resume()
}
