import { setTimeout as wait } from 'node:timers/promises'
import type { SignConfig } from '../../../agent/core/configuration.ts'
import { LoaError, messageOf } from '../../../agent/core/error.ts'
import type { Frame, Signboard, SignHealth } from '../../../agent/ports/signboard.ts'
import { type OpenPort, openSerialLink, type SerialLink } from '../../serial/serial-link.ts'
import { encodeFrame, framesPerSecond, MOST_LEDS, wireMs } from './frame.ts'
import { stripOf } from './strip.ts'

export type AdalightConfig = Extract<SignConfig, { readonly driver: 'adalight' }>

/** Times that tests shorten. */
export type AdalightTiming = {
  /** A frame is sent again when nothing new has been for so long: a panel that lost power shows it again. */
  readonly reassertMs: number
  readonly retryMs: { readonly least: number; readonly most: number }
  /** On top of the time on the wire. */
  readonly writeGraceMs: number
  /** How long opening the sign waits for its port. */
  readonly firstOpenMs: number
  /** How long closing waits for the last frame to be taken. */
  readonly farewellMs: number
}
const TIMING: AdalightTiming = {
  reassertMs: 10_000,
  retryMs: { least: 1000, most: 30_000 },
  writeGraceMs: 2000,
  firstOpenMs: 1000,
  farewellMs: 1000,
}

/** A receiver that waits for `A` in the middle of something takes a pad for the end of it. */
const PAD = Uint8Array.of(0x00)
const WORKS: SignHealth = { ok: true, message: 'open' }

const ignoreEnd = (): void => undefined

/** An LED panel behind an Adalight receiver (Adalight, Hyperion, WLED and their kin). It never answers: what was sent is what is known. */
export class AdalightSignboard implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  readonly #config: AdalightConfig
  readonly #timing: AdalightTiming
  readonly #link: SerialLink
  readonly #ending = new AbortController()
  readonly #sending: Promise<void>
  readonly #firstWord = Promise.withResolvers<void>()
  #health: SignHealth = { ok: false, message: 'not open yet' }
  #latest: Frame | undefined
  /** The frame the panel was last sent since the port was opened. */
  #sent: Frame | undefined
  #open = false
  #padDue = false
  #wake = Promise.withResolvers<void>()

  constructor(config: AdalightConfig, timing: AdalightTiming, openPort?: OpenPort) {
    const leds = config.width * config.height
    if (leds > MOST_LEDS)
      throw new LoaError(
        'CONFIG',
        `sign ${config.id}: Adalight carries at most ${MOST_LEDS} LEDs, not ${leds}`,
      )
    this.id = config.id
    this.width = config.width
    this.height = config.height
    this.framesPerSecond = framesPerSecond(leds, config.baud)
    this.#config = config
    this.#timing = timing
    this.#link = openSerialLink(
      {
        path: config.port,
        baudRate: config.baud,
        dataBits: 8,
        parity: 'none',
        stopBits: 1,
        retryMs: timing.retryMs,
      },
      {
        onOpen: () => this.#opened(),
        onDown: (reason) => this.#fault(reason),
        onData: () => undefined,
      },
      openPort,
    )
    this.#sending = this.#sendFrames()
  }

  get health(): SignHealth {
    return this.#health
  }

  /** Resolves when the port is open, or known not to be, or silent for too long. */
  async settled(): Promise<void> {
    const patience = new AbortController()
    const longEnough = wait(this.#timing.firstOpenMs, undefined, { signal: patience.signal }).catch(ignoreEnd)
    await Promise.race([this.#firstWord.promise, longEnough])
    patience.abort()
  }

  show(frame: Frame, _text: string): void {
    this.#latest = frame
    this.#wake.resolve()
  }

  /** Sends what is still waiting, if the port takes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    this.#wake.resolve()
    const patience = new AbortController()
    await Promise.race([
      this.#sending,
      wait(this.#timing.farewellMs, undefined, { signal: patience.signal }).catch(ignoreEnd),
    ])
    patience.abort()
    await this.#link[Symbol.asyncDispose]()
    await this.#sending
  }

  #opened(): void {
    this.#padDue = true
    this.#sent = undefined
    this.#open = true
    // After a fault only a frame that was taken shows that the line works again.
    if (this.#latest === undefined) this.#health = WORKS
    this.#firstWord.resolve()
    this.#wake.resolve()
  }

  #fault(reason: string): void {
    this.#open = false
    this.#health = { ok: false, message: reason }
    this.#firstWord.resolve()
  }

  async #sendFrames(): Promise<void> {
    while (!this.#ending.signal.aborted || this.#unsent) {
      if (!this.#unsent) await this.#nextOccasion()
      this.#wake = Promise.withResolvers()
      const frame = this.#latest
      if (frame !== undefined && this.#open) await this.#send(frame)
    }
  }

  get #unsent(): boolean {
    return this.#open && this.#latest !== undefined && this.#latest !== this.#sent
  }

  /** Something new to send, or time to say the same again. */
  async #nextOccasion(): Promise<void> {
    const patience = new AbortController()
    const again = wait(this.#timing.reassertMs, undefined, { signal: patience.signal }).catch(ignoreEnd)
    await Promise.race([this.#wake.promise, again])
    patience.abort()
  }

  /** Resolves when the frame has left the wire, so that never more than one is under way and the newest goes next. */
  async #send(frame: Frame): Promise<void> {
    const { layout, color, baud, width, height } = this.#config
    const onWireMs = wireMs(width * height, baud)
    const begun = performance.now()
    try {
      await this.#link.write(
        this.#padded(encodeFrame(stripOf(frame, layout, color))),
        onWireMs + this.#timing.writeGraceMs,
      )
      this.#sent = frame
      this.#padDue = false
      this.#health = WORKS
    } catch (error) {
      this.#fault(messageOf(error))
      return
    }
    const leftMs = onWireMs - (performance.now() - begun)
    if (leftMs > 0) await wait(leftMs, undefined, { signal: this.#ending.signal }).catch(ignoreEnd)
  }

  #padded(frame: Uint8Array): Uint8Array {
    return this.#padDue ? Buffer.concat([PAD, frame]) : frame
  }
}

/** Opens the port of the panel; when that cannot be done the sign is there all the same, with a fault, and it goes on trying. */
export const openAdalightSignboard = async (
  config: AdalightConfig,
  timing: Partial<AdalightTiming> = {},
  openPort?: OpenPort,
): Promise<AdalightSignboard> => {
  const signboard = new AdalightSignboard(config, { ...TIMING, ...timing }, openPort)
  await signboard.settled()
  return signboard
}
