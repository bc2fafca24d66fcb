import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { LoaError } from '../../core/error.ts'
import { PacketGuard } from './packet-guard.ts'

/** A socket that dies at the header of an oversized packet instead of handing its body on. */
export class GuardedStream extends Duplex {
  readonly #socket: Socket

  constructor(socket: Socket, maxBytes: number, onOversize: (topic: string, bytes: number) => void) {
    super()
    this.#socket = socket
    const guard = new PacketGuard(maxBytes)
    socket.on('data', (chunk: Buffer) => {
      const oversize = guard.feed(chunk)
      if (oversize !== undefined) {
        onOversize(oversize.topic ?? '', oversize.bytes)
        this.destroy(new LoaError('TOO_LARGE', `the broker announced a packet of ${oversize.bytes} bytes`))
      } else if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
