import type { Socket } from 'node:net'
import { LoaError } from '../../core/error.ts'

const NEWLINE = 0x0a

type Line = { readonly line: Uint8Array; readonly rest: Buffer }

/** Collects chunks up to the first newline. */
const lineCollector = (maxBytes: number): ((chunk: Buffer) => Line | undefined) => {
  const chunks: Buffer[] = []
  let held = 0
  return (chunk) => {
    const end = chunk.indexOf(NEWLINE)
    const part = end === -1 ? chunk : chunk.subarray(0, end)
    held += part.length
    if (held > maxBytes) throw new LoaError('TOO_LARGE', `a request line is at most ${maxBytes} bytes`)
    chunks.push(part)
    return end === -1 ? undefined : { line: Buffer.concat(chunks), rest: chunk.subarray(end + 1) }
  }
}

const readSome = (socket: Socket, collect: (chunk: Buffer) => Line | undefined): Line | undefined => {
  for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
    const found = collect(chunk)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Reads the first line of a connection and leaves what follows it unread in the socket.
 * @throws TOO_LARGE over `maxBytes`; INVALID when the connection ends or `withinMs` pass before the newline
 */
export const readLine = (
  socket: Socket,
  limits: { readonly maxBytes: number; readonly withinMs: number },
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const collect = lineCollector(limits.maxBytes)
    const stop = (): void => {
      clearTimeout(timer)
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd)
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error)
    }
    const onEnd = (): void => fail(new LoaError('INVALID', 'the connection ended before a request line'))
    const onLate = (): void => fail(new LoaError('INVALID', `no request line within ${limits.withinMs} ms`))
    const onReadable = (): void => {
      try {
        const found = readSome(socket, collect)
        if (found === undefined) return
        stop()
        if (found.rest.length > 0) socket.unshift(found.rest)
        resolve(found.line)
      } catch (error) {
        fail(error)
      }
    }
    const timer = setTimeout(onLate, limits.withinMs)
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd)
  })
