import type { Socket } from 'node:net'
import { LoaError } from '../../core/error.ts'

const NEWLINE = 0x0a

/**
 * Reads the first line of a connection and leaves what follows it unread in the socket.
 * @throws TOO_LARGE over `maxBytes`; INVALID when the connection ends or `withinMs` pass before the newline
 */
export const readLine = (
  socket: Socket,
  limits: { readonly maxBytes: number; readonly withinMs: number },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let held = 0
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd)
      act()
    }
    const onEnd = (): void => settle(() => reject(new LoaError('INVALID', 'no request line before the end')))
    const onReadable = (): void => {
      for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
        const end = chunk.indexOf(NEWLINE)
        held += end === -1 ? chunk.length : end
        if (held > limits.maxBytes) {
          settle(() => reject(new LoaError('TOO_LARGE', `a request line is at most ${limits.maxBytes} bytes`)))
          return
        }
        chunks.push(end === -1 ? chunk : chunk.subarray(0, end))
        if (end === -1) continue
        const rest = chunk.subarray(end + 1)
        settle(() => {
          if (rest.length > 0) socket.unshift(rest)
          resolve(Buffer.concat(chunks).toString('utf8'))
        })
        return
      }
    }
    const timer = setTimeout(
      () => settle(() => reject(new LoaError('INVALID', `no request line within ${limits.withinMs} ms`))),
      limits.withinMs,
    )
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd)
  })
