import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** A longer line is none that somebody typed. */
const MAX_LINE = 65_536

export type LineReader = (signal: AbortSignal) => Promise<string | undefined>

/**
 * Reads lines one after the other and holds the input only while somebody waits for one, so that a process ends by
 * itself. Lines that come together, as from a pipe, are kept for later.
 */
export const createLineReader = (open: () => Readable): LineReader => {
  const decoder = new StringDecoder('utf8')
  let pending = ''
  let ended = false

  const take = (): string | undefined => {
    const end = pending.indexOf('\n')
    if (end < 0 && !ended && pending.length < MAX_LINE) return undefined
    if (end < 0 && pending === '') return undefined
    const line = end < 0 ? pending : pending.slice(0, end)
    pending = end < 0 ? '' : pending.slice(end + 1)
    return line.replace(/\r$/, '')
  }

  return (signal) => {
    const ready = take()
    if (ready !== undefined || ended || signal.aborted)
      return Promise.resolve(signal.aborted ? undefined : ready)
    const input = open()
    return new Promise((resolve) => {
      const done = (line: string | undefined): void => {
        input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd)
        signal.removeEventListener('abort', onAbort)
        input.pause()
        resolve(line)
      }
      const onData = (chunk: Buffer): void => {
        pending += decoder.write(chunk)
        const line = take()
        if (line !== undefined) done(line)
      }
      const onEnd = (): void => {
        ended = true
        done(take())
      }
      const onAbort = (): void => done(undefined)
      input.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onEnd)
      signal.addEventListener('abort', onAbort, { once: true })
      input.resume()
    })
  }
}
