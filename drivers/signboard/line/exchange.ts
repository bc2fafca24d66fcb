import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../../../agent/core/error.ts'
import type { SerialLink } from '../../serial/serial-link.ts'
import type { Packet, SignCodec, Verdict } from './codec.ts'
import { Scanner } from './scanner.ts'
import type { LineTiming } from './timing.ts'

/** `overtaken`: given up between two tries because there is something newer to say. */
export type Outcome = 'taken' | 'overtaken' | { readonly fault: string; readonly refused: boolean }

type Answer = Verdict | 'silence'

/** So much is left to send when the next bytes are handed over: a timer is some of it late, and would leave a gap. More would keep an alert waiting. */
const AHEAD_MS = 1

/** A picture that may be overtaken by an alert is handed over in pieces of about this length. */
const PIECE_MS = 17

const ignoreEnd = (): void => undefined

/** Sends packets one after the other at the speed of the wire, and waits for the reply of each that has one. */
export class Exchange<R> {
  readonly #link: Pick<SerialLink, 'write'>
  readonly #scanner: Scanner<R>
  readonly #wireMs: (bytes: number) => number
  readonly #timing: LineTiming
  readonly #cut: AbortSignal
  #judge: ((reply: R) => void) | undefined
  #giveUp: (() => void) | undefined
  #lineFreeAt = 0
  #heardAt = Number.NEGATIVE_INFINITY
  #failures = 0
  #failingSince = 0

  /** `cut` ends every wait. */
  constructor(
    link: Pick<SerialLink, 'write'>,
    codec: Pick<SignCodec<R>, 'inspect'>,
    wireMs: (bytes: number) => number,
    timing: LineTiming,
    cut: AbortSignal,
  ) {
    this.#link = link
    this.#scanner = new Scanner(codec.inspect)
    this.#wireMs = wireMs
    this.#timing = timing
    this.#cut = cut
    cut.addEventListener('abort', () => this.#giveUp?.(), { once: true })
  }

  /** Bytes from the controller that belonged to no reply. */
  get discarded(): number {
    return this.#scanner.discarded
  }

  hear(bytes: Uint8Array): void {
    this.#heardAt = performance.now()
    for (const reply of this.#scanner.feed(bytes)) this.#judge?.(reply)
  }

  /** The port was opened or is gone: no reply comes any more, and what was on the line is lost. */
  reset(): void {
    this.#scanner.reset()
    this.#lineFreeAt = 0
    this.#failures = 0
    this.#giveUp?.()
  }

  /** Sends packets in their order, each again where it is not taken; `newer` says between tries whether it is still worth it. */
  async deliver(packets: readonly Packet<R>[], newer: () => boolean): Promise<Outcome> {
    try {
      for (const packet of packets) {
        const outcome = await this.#insist(packet, newer)
        if (outcome !== 'taken') return outcome
      }
      return 'taken'
    } catch (error) {
      return { fault: messageOf(error), refused: false }
    }
  }

  /** Failures count across pictures: a sign that scrolls while nobody answers is found out all the same. */
  async #insist(packet: Packet<R>, newer: () => boolean): Promise<Outcome> {
    for (;;) {
      const begun = performance.now()
      const answer = await this.#ask(packet)
      if (answer === 'taken') {
        this.#failures = 0
        return 'taken'
      }
      if (this.#failures === 0) this.#failingSince = begun
      this.#failures += 1
      if (this.#isLost()) {
        this.#failures = 0
        return { fault: faultOf(answer), refused: answer !== 'silence' }
      }
      if (answer !== 'silence') await this.#rest(this.#timing.replyMs / 2)
      if (newer()) return 'overtaken'
    }
  }

  #isLost(): boolean {
    const { tries, patienceMs } = this.#timing
    const failingMs = performance.now() - this.#failingSince
    return this.#failures >= tries || failingMs >= patienceMs || this.#cut.aborted
  }

  async #ask(packet: Packet<R>): Promise<Answer> {
    await this.#silentUntil(this.#heardAt + this.#timing.turnaroundMs)
    const { judge } = packet
    if (judge === undefined) {
      await this.#send(packet)
      return 'taken'
    }
    const answered = Promise.withResolvers<Answer>()
    this.#giveUp = () => answered.resolve('silence')
    this.#judge = (reply) => {
      const verdict = judge(reply)
      if (verdict !== undefined) answered.resolve(verdict)
    }
    try {
      await this.#send(packet)
      return await this.#within(answered.promise)
    } finally {
      this.#judge = undefined
      this.#giveUp = undefined
    }
  }

  async #within(answer: Promise<Answer>): Promise<Answer> {
    const patience = new AbortController()
    const { replyMs } = this.#timing
    const late = wait(replyMs, 'silence' as const, { signal: patience.signal }).catch(
      () => 'silence' as const,
    )
    const first = await Promise.race([answer, late])
    patience.abort()
    return first
  }

  async #send({ bytes, pauses = [], instead }: Packet<R>): Promise<void> {
    if (instead !== undefined) {
      await this.#sendInPieces(bytes, instead)
      return
    }
    let from = 0
    for (const { before, ms } of pauses) {
      if (before > from) await this.#write(bytes.subarray(from, before))
      await this.#silentUntil(Math.max(this.#lineFreeAt, performance.now()) + ms)
      from = before
    }
    await this.#write(bytes.subarray(from))
  }

  async #sendInPieces(bytes: Uint8Array, instead: NonNullable<Packet<R>['instead']>): Promise<void> {
    const pieces = Math.max(1, Math.ceil(this.#wireMs(bytes.length) / PIECE_MS))
    const end = (piece: number): number => Math.round((bytes.length * piece) / pieces)
    for (let piece = 0; piece < pieces; piece += 1)
      await this.#write(((piece > 0 && instead()) || bytes).subarray(end(piece), end(piece + 1)))
  }

  /** Resolves when the bytes have all but left the wire, which is later than the kernel took them. */
  async #write(bytes: Uint8Array): Promise<void> {
    const onWireMs = this.#wireMs(bytes.length)
    this.#lineFreeAt = Math.max(this.#lineFreeAt, performance.now()) + onWireMs
    await this.#link.write(bytes, onWireMs + this.#timing.writeGraceMs)
    await this.#rest(this.#lineFreeAt - performance.now() - AHEAD_MS)
  }

  /** What a controller needs is waited out in full: a timer may be a millisecond early. */
  async #silentUntil(at: number): Promise<void> {
    while (performance.now() < at && !this.#cut.aborted) await this.#rest(Math.ceil(at - performance.now()))
  }

  async #rest(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: this.#cut }).catch(ignoreEnd)
  }
}

const faultOf = (answer: Exclude<Answer, 'taken'>): string => {
  if (answer === 'silence') return 'the sign does not answer'
  return answer === 'busy' ? 'the sign is busy' : `the sign refuses: ${answer.refused}`
}
