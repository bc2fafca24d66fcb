import { setTimeout as wait } from 'node:timers/promises'
import { AMBER } from '../../../agent/core/sign/color.ts'
import type { SignProof } from '../../../agent/core/sign/proof.ts'
import type {
  Frame,
  PageManner,
  Signboard,
  SignContentKind,
  SignHealth,
} from '../../../agent/ports/signboard.ts'
import type { SerialHandlers, SerialLink } from '../../serial/serial-link.ts'
import { isUndelivered, type LineHabits, type LineState, nextStep, type Step } from './agenda.ts'
import type { Packet, Picture, SignCodec } from './codec.ts'
import { Exchange, type Outcome } from './exchange.ts'
import type { LineTiming } from './timing.ts'

export type LineOptions<R> = {
  readonly panel: { readonly id: string; readonly width: number; readonly height: number }
  readonly codec: SignCodec<R>
  readonly framesPerSecond: number
  readonly timing: LineTiming
  /** Milliseconds that so many bytes are on the wire. */
  readonly wireMs: (bytes: number) => number
  readonly openLink: (handlers: SerialHandlers) => SerialLink
}

const PLAIN: PageManner = { mode: 'still', color: AMBER, urgent: false }
const WORKS: SignHealth = { ok: true, message: 'open' }
const LONG_AGO = Number.NEGATIVE_INFINITY

const ignoreEnd = (): void => undefined

/** A sign behind a line that is opened again for ever. One picture is under way at a time; of those that wait the newest goes next. */
export class LineSignboard<R> implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  readonly takes: SignContentKind
  readonly longestText: number | undefined
  readonly #codec: SignCodec<R>
  readonly #habits: LineHabits
  readonly #timing: LineTiming
  readonly #link: SerialLink
  readonly #exchange: Exchange<R>
  readonly #cut = new AbortController()
  readonly #working: Promise<void>
  readonly #firstWord = Promise.withResolvers<void>()
  #state: LineState = {
    open: false,
    greeted: false,
    retryAt: LONG_AGO,
    latest: undefined,
    delivered: undefined,
    deliveredAt: LONG_AGO,
    answeredAt: LONG_AGO,
    ending: false,
  }
  #health: SignHealth = { ok: false, message: 'not open yet' }
  #refused = false
  #percent = 100
  /** Which opening of the port this is: what was said on an earlier one counts for nothing. */
  #connection = 0
  #wake = Promise.withResolvers<void>()

  constructor({ panel, codec, framesPerSecond, timing, wireMs, openLink }: LineOptions<R>) {
    this.id = panel.id
    this.width = panel.width
    this.height = panel.height
    this.framesPerSecond = framesPerSecond
    this.takes = codec.takes
    this.longestText = codec.longestText
    this.#codec = codec
    this.#habits = {
      ...timing,
      takes: codec.takes,
      answers: codec.ping !== undefined,
      storesPages: codec.storesPages === true,
    }
    this.#timing = timing
    this.#link = openLink({
      onOpen: () => this.#opened(),
      onDown: (reason) => this.#down(reason),
      onData: (bytes) => this.#exchange.hear(bytes),
    })
    this.#exchange = new Exchange(this.#link, codec, wireMs, timing, this.#cut.signal)
    this.#working = this.#work()
  }

  get health(): SignHealth {
    return this.#health
  }

  get proof(): SignProof {
    const { delivered, latest } = this.#state
    return delivered !== undefined && delivered.text === latest?.text ? this.#codec.proof : 'waiting'
  }

  /** Bytes from the controller that made no sense. */
  get discarded(): number {
    return this.#exchange.discarded
  }

  /** Resolves when the sign works, or is known not to, or is silent for too long. */
  async settled(): Promise<void> {
    await this.#within(this.#firstWord.promise, this.#timing.firstOpenMs)
  }

  show(frame: Frame, text: string, manner: PageManner = PLAIN): void {
    this.#set({ latest: { frame, text, manner, percent: this.#percent } })
    this.#wake.resolve()
  }

  dim(percent: number): void {
    this.#percent = percent
    const { latest } = this.#state
    if (latest === undefined || latest.percent === percent) return
    this.#set({ latest: { ...latest, percent } })
    this.#wake.resolve()
  }

  /** Sends what is still waiting, if the sign takes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#set({ ending: true })
    this.#wake.resolve()
    await this.#within(this.#working, this.#timing.farewellMs)
    this.#cut.abort()
    this.#wake.resolve()
    await this.#link[Symbol.asyncDispose]()
    await this.#working
  }

  #set(change: Partial<LineState>): void {
    this.#state = { ...this.#state, ...change }
  }

  /** A controller that keeps its pages still has them. */
  #forgotten(): Partial<LineState> {
    return this.#codec.storesPages === true
      ? { greeted: false }
      : { greeted: false, delivered: undefined, deliveredAt: LONG_AGO }
  }

  #opened(): void {
    this.#connection += 1
    this.#exchange.reset()
    this.#set({ ...this.#forgotten(), open: true, retryAt: LONG_AGO })
    this.#wake.resolve()
  }

  #down(reason: string): void {
    this.#connection += 1
    this.#set({ open: false })
    this.#exchange.reset()
    this.#fault(reason)
  }

  #fault(message: string): void {
    this.#health = { ok: false, message }
    this.#firstWord.resolve()
  }

  #works(): void {
    this.#health = WORKS
    this.#firstWord.resolve()
  }

  get #isWanted(): boolean {
    if (this.#cut.signal.aborted) return false
    return !this.#state.ending || (this.#state.open && isUndelivered(this.#state, this.#habits))
  }

  async #work(): Promise<void> {
    while (this.#isWanted) {
      this.#wake = Promise.withResolvers()
      const step = nextStep(this.#state, this.#habits, performance.now())
      if (typeof step === 'number') await this.#within(this.#wake.promise, step)
      else await this.#take(step)
    }
  }

  async #take(step: Exclude<Step, number>): Promise<void> {
    const picture = this.#state.latest
    const packets = this.#packetsFor(step, picture)
    const connection = this.#connection
    const outcome = await this.#exchange.deliver(
      packets,
      () => step === 'deliver' && this.#state.latest !== picture,
    )
    if (outcome === 'overtaken' || connection !== this.#connection) return
    if (outcome !== 'taken') this.#failed(step, outcome)
    else this.#done(step, picture, packets)
  }

  #packetsFor(step: Exclude<Step, number>, picture: Picture | undefined): readonly Packet<R>[] {
    const { opening, ping } = this.#codec
    if (step === 'deliver') return picture === undefined ? [] : this.#packetsOf(picture)
    const question = ping === undefined ? [] : [ping()]
    return step === 'ping' ? question : [...question, ...(opening?.() ?? [])]
  }

  /** An alert does not wait for the end of a picture under way: it has what is left of it, and then its own. */
  #packetsOf(picture: Picture): readonly Packet<R>[] {
    const { encode, pixelByPixel } = this.#codec
    const packets = encode(picture)
    if (pixelByPixel !== true || picture.manner.urgent) return packets
    const instead = (): Uint8Array | undefined => {
      const { latest } = this.#state
      return latest?.manner.urgent === true ? encode(latest)[0]?.bytes : undefined
    }
    return packets.map((packet) => ({ ...packet, instead }))
  }

  #done(step: Exclude<Step, number>, picture: Picture | undefined, packets: readonly Packet<R>[]): void {
    const now = performance.now()
    if (packets.some(({ judge }) => judge !== undefined)) this.#set({ answeredAt: now })
    if (step === 'greet') this.#set({ greeted: true })
    if (step === 'deliver') {
      this.#refused = false
      this.#set({ delivered: picture, deliveredAt: now })
    }
    // After a fault of a line that never answers only a frame that was taken shows that it works again.
    const isTold = !this.#refused && this.#codec.ping !== undefined
    if (step === 'deliver' || isTold || !isUndelivered(this.#state, this.#habits)) this.#works()
  }

  #failed(step: Exclude<Step, number>, { fault, refused }: Exclude<Outcome, string>): void {
    this.#refused ||= refused
    const unsure = step === 'deliver' ? { delivered: undefined } : {}
    const { least, most } = this.#timing.retryMs
    // Each try of a page that is refused half-way writes flash again.
    const pauseMs = refused && this.#codec.storesPages === true ? most : least
    this.#set({ ...this.#forgotten(), ...unsure, retryAt: performance.now() + pauseMs })
    if (this.#state.open) this.#fault(fault)
  }

  async #within(promise: Promise<void>, ms: number): Promise<void> {
    const patience = new AbortController()
    const late = wait(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal: patience.signal }).catch(ignoreEnd)
    await Promise.race([promise, late])
    patience.abort()
  }
}

const LONGEST_TIMER_MS = 2 ** 31 - 1
