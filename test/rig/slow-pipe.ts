import type { Socket } from 'node:net'
import type { LineFault } from './line-fault.ts'

const TURN_MS = 50
const MOST_WAITING_BYTES = 65_536

/** Passes bytes on in order: at once, late, or so many a second. */
export class SlowPipe {
  readonly #to: Socket
  readonly #fault: () => LineFault
  readonly #waiting: { bytes: Buffer; readonly since: number }[] = []
  #waitingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #free: (() => void) | undefined

  constructor(to: Socket, fault: () => LineFault) {
    this.#to = to
    this.#fault = fault
    to.on('close', () => clearInterval(this.#timer))
  }

  /** False when enough waits: more is to come only after `whenFree`. */
  push(bytes: Buffer): boolean {
    const { kind } = this.#fault()
    if (this.#waiting.length === 0 && kind !== 'slow' && kind !== 'late') {
      this.#to.write(bytes)
      return true
    }
    this.#waiting.push({ bytes, since: performance.now() })
    this.#waitingBytes += bytes.length
    this.#timer ??= setInterval(() => this.#turn(), TURN_MS)
    return this.#waitingBytes < MOST_WAITING_BYTES
  }

  whenFree(free: () => void): void {
    this.#free = free
  }

  #turn(): void {
    const fault = this.#fault()
    if (fault.kind === 'silent') return
    let most = fault.kind === 'slow' ? (fault.bytesPerSecond * TURN_MS) / 1000 : Number.POSITIVE_INFINITY
    for (let first = this.#waiting[0]; first !== undefined && most >= 1; first = this.#waiting[0]) {
      if (fault.kind === 'late' && performance.now() - first.since < fault.ms) break
      const piece = first.bytes.subarray(0, Math.min(first.bytes.length, most))
      this.#to.write(piece)
      most -= piece.length
      this.#waitingBytes -= piece.length
      if (piece.length === first.bytes.length) this.#waiting.shift()
      else first.bytes = first.bytes.subarray(piece.length)
    }
    if (this.#waitingBytes < MOST_WAITING_BYTES) {
      this.#free?.()
      this.#free = undefined
    }
  }
}
