import { setTimeout as wait } from 'node:timers/promises'
import type { SignProof } from '../../../agent/core/sign/proof.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { LineTiming } from '../../../drivers/signboard/line/timing.ts'
import { FakePort } from '../pty.ts'

/** What a receiver understood: `apply` puts it on the panel; `ack` and `nack` are what it may answer. */
export type Request = { readonly apply: () => void; readonly ack?: Uint8Array; readonly nack?: Uint8Array }

/** The receiving end of one protocol, from bytes to what stands on the panel. */
export interface Receiver {
  /** Takes bytes as they come; what they complete, in order. */
  readonly feed: (bytes: Uint8Array) => readonly Request[]
  /** What a person sees: the pixels as hex of RGB888 row by row, or the text; undefined while nothing has come. */
  readonly seen: () => string | undefined
  /** Bytes that belonged to nothing. */
  readonly discarded: () => number
}

/** One kind of sign under test. */
export type Candidate = {
  readonly name: string
  readonly size: { readonly width: number; readonly height: number }
  readonly baud: number
  readonly bitsPerByte: number
  readonly open: (port: string, timing: Partial<LineTiming>) => Promise<Signboard>
  readonly receiver: () => Receiver
  /** What a person should see of a frame of those pixels, with that text. */
  readonly expected: (rgb: Uint8Array, text: string) => string
  /** What a picture on the panel is known by. */
  readonly proof: SignProof
  /** Its controller answers, if only to a question. */
  readonly answers: boolean
  /** Its controller can say no. */
  readonly refuses: boolean
}

type Wired = Pick<Candidate, 'baud' | 'bitsPerByte' | 'receiver'>

export type Mood = 'obeys' | 'refuses' | 'silent'

/** A sign at the end of a pty, as good or as bad as its mood. */
export class SignPanel implements AsyncDisposable {
  readonly receiver: Receiver
  mood: Mood = 'obeys'
  /** So many requests are refused before the mood counts. */
  refusals = 0
  delayMs = 0
  /** Said before and after every answer. */
  noise: Uint8Array = new Uint8Array()
  /** So many bytes that come are spoilt on the way, one in seven. */
  spoilt = 0
  /** Everything that was put on the panel, oldest first. */
  readonly shown: (string | undefined)[] = []
  /** Milliseconds that everything which came takes on a wire of that speed. */
  wireMs = 0
  readonly #byteMs: number
  readonly #ports: FakePort[] = []

  private constructor(candidate: Wired) {
    this.receiver = candidate.receiver()
    this.#byteMs = (candidate.bitsPerByte * 1000) / candidate.baud
  }

  static async plugged(candidate: Wired): Promise<SignPanel> {
    const panel = new SignPanel(candidate)
    const port = await FakePort.create((bytes) => panel.#take(bytes))
    panel.#ports.push(port)
    await port.plug()
    return panel
  }

  get port(): FakePort {
    const [port] = this.#ports
    if (port === undefined) throw new Error('the panel has no port')
    return port
  }

  get seen(): string | undefined {
    return this.receiver.seen()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port[Symbol.asyncDispose]()
  }

  #take(bytes: Uint8Array): void {
    this.wireMs += bytes.length * this.#byteMs
    for (const request of this.receiver.feed(this.#spoil(bytes))) void this.#react(request)
  }

  #spoil(bytes: Uint8Array): Uint8Array {
    if (this.spoilt <= 0) return bytes
    const spoilt = Math.min(this.spoilt, bytes.length)
    this.spoilt -= spoilt
    return bytes.map((value, i) => (i < spoilt && i % 7 === 3 ? value ^ 0x11 : value))
  }

  async #react({ apply, ack, nack }: Request): Promise<void> {
    if (this.mood === 'silent') return
    const isRefused = nack !== undefined && (this.mood === 'refuses' || this.refusals > 0)
    if (isRefused) this.refusals -= 1
    else {
      apply()
      if (this.shown.at(-1) !== this.seen) this.shown.push(this.seen)
    }
    const answer = isRefused ? nack : ack
    if (answer === undefined) return
    if (this.delayMs > 0) await wait(this.delayMs)
    this.port.send(Buffer.concat([this.noise, answer, this.noise]))
  }
}
