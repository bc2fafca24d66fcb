import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { LoaError } from '../../core/error.ts'
import { PacketGuard } from './packet-guard.ts'

/** One MiB: the largest packet that is let into memory. A payload may have 1,000,000 bytes. */
const MAX_PACKET_BYTES = 1_048_576

/** A socket that dies at the header of an oversized packet instead of handing its body on. */
export class GuardedStream extends Duplex {
  readonly #socket: Socket
  readonly #guard = new PacketGuard(MAX_PACKET_BYTES)
  #flowed = false
  #receivedBytes = 0

  /** `onOversize`: a PUBLISH on this topic was too large; the stream is about to end. */
  constructor(socket: Socket, onOversize: (topic: string, bytes: number) => void) {
    super()
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#receive(chunk, onOversize))
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  /**
   * True when part of a packet is still under way and more of it came since this was last asked. No answer can
   * overtake such a packet, so that silence means nothing then.
   */
  takeProgress(): boolean {
    const progress = this.#flowed && this.#guard.midPacket
    this.#flowed = false
    return progress
  }

  /** Of this connection so far. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  #receive(chunk: Buffer, onOversize: (topic: string, bytes: number) => void): void {
    this.#flowed = true
    this.#receivedBytes += chunk.length
    const fault = this.#guard.feed(chunk)
    if (fault === undefined) {
      if (!this.push(chunk)) this.#socket.pause()
      return
    }
    if (fault.kind === 'malformed') {
      this.destroy(new LoaError('BROKER', 'the broker sent a packet whose length is malformed'))
      return
    }
    this.destroy(new LoaError('TOO_LARGE', `the broker announced a packet of ${fault.bytes} bytes`))
    if (fault.topic !== undefined) onOversize(fault.topic, fault.bytes)
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
