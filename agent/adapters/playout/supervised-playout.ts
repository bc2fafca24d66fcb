import type { ChildProcess } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import type { AmplifierConfig, AudioConfig } from '../../core/configuration.ts'
import { epochMs } from '../../core/time.ts'
import type { Logger } from '../../ports/logger.ts'
import type { PlayOrder, Playout, PlayoutReport } from '../../ports/playout.ts'
import type { StreamRelay } from '../../ports/stream-relay.ts'
import { PING_EVERY_MS, type PlayoutOrderMessage } from '../../wire/playout.ts'
import { type ChildProgram, PlayoutChild, startPlayoutProcess } from './child.ts'
import { HeldClips } from './held-clips.ts'
import type { ReadMedia } from './media-server.ts'
import { StreamDesk } from './stream-desk.ts'

export type PlayoutOptions = ChildProgram & {
  /** A process that was started ahead, for the first life. */
  readonly started?: ChildProcess
  readonly audio: AudioConfig
  readonly amplifiers: readonly AmplifierConfig[]
  readonly readMedia: ReadMedia
  readonly streams: StreamRelay
  /** Opens every relay while no process holds the lines. */
  readonly forceOpen: (amplifiers: readonly AmplifierConfig[]) => unknown
  /** Gets every report, in order; never from within a call of the port. */
  readonly onReport: (report: PlayoutReport) => void
  readonly logger: Logger
}

const RESTART_MS = { first: 200, most: 10_000 } as const
/** A process that held for this long starts with a clean sheet. */
const STEADY_MS = 60_000
const START_PATIENCE_MS = 20_000
const SILENT_MS = 500
const LOOK_EVERY_MS = 250
/** A turn of our own event loop later than this says nothing about the child. */
const OWN_DELAY_MS = 100
/** Orders wait this long for a process to come up. */
const ORDER_PATIENCE_MS = 10_000
const CLOSE_PATIENCE_MS = 2000

/** Keeps a playout process alive and speaks for it: the port never throws and every order gets its `ended`. */
export class SupervisedPlayout implements Playout {
  readonly #options: PlayoutOptions
  readonly #held = new HeldClips()
  readonly #streams: StreamDesk
  #child: PlayoutChild | undefined
  #ready = false
  #startedMs = 0
  #readySinceMs = 0
  #downSinceMs = performance.now()
  #restarts = 0
  #muted = false
  /** Told to each process anew. */
  readonly #fed = new Set<string>()
  #closing = false
  #waitingOrders: PlayoutOrderMessage[] = []
  readonly #gone = Promise.withResolvers<void>()
  #restartTimer: NodeJS.Timeout | undefined
  readonly #pingTimer: NodeJS.Timeout
  readonly #lookTimer: NodeJS.Timeout
  #pings = 0
  #unansweredSinceMs: number | undefined
  #lookedMs = performance.now()
  #strikes = 0

  constructor(options: PlayoutOptions) {
    this.#options = options
    this.#streams = new StreamDesk(options.streams)
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS)
    this.#lookTimer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#start(options.started)
  }

  /** Process id of the playout process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  schedule(order: PlayOrder): void {
    this.#held.add(order)
    this.#order({ do: 'schedule', order: this.#streams.hand(order) })
  }

  cut(clip: string, fadeMs: number): void {
    this.#order({ do: 'cut', clip, fadeMs })
  }

  setGain(clip: string, gainDb: number, rampMs: number): void {
    this.#order({ do: 'gain', clip, gainDb, rampMs })
  }

  mute(on: boolean): void {
    this.#muted = on
    this.#order({ do: 'mute', on })
  }

  amplifier(id: string, on: boolean, seconds: number): void {
    this.#order({ do: 'amplifier', id, on, seconds })
  }

  feed(id: string, on: boolean): void {
    if (on) this.#fed.add(id)
    else this.#fed.delete(id)
    if (this.#ready) this.#child?.send({ do: 'feed', id, on })
  }

  warm(seconds: number): void {
    this.#order({ do: 'warm', seconds })
  }

  /** Fades 300 ms, opens the relays and ends the process, within 2 s. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing) return this.#gone.promise
    this.#closing = true
    clearTimeout(this.#restartTimer)
    if (this.#child === undefined) this.#finish()
    const patience = setTimeout(() => this.#child?.kill(), CLOSE_PATIENCE_MS)
    this.#child?.send({ do: 'close' })
    await this.#gone.promise
    clearTimeout(patience)
  }

  #order(message: PlayoutOrderMessage): void {
    if (this.#ready) this.#child?.send(message)
    else this.#waitingOrders.push(message)
  }

  #start(process = startPlayoutProcess(this.#options)): void {
    this.#ready = false
    this.#startedMs = performance.now()
    this.#unansweredSinceMs = undefined
    const child = new PlayoutChild(process, this.#options.readMedia, this.#options.streams, {
      onReady: () => this.#becomeReady(),
      onPong: (n) => {
        this.#unansweredSinceMs = n === this.#pings ? undefined : performance.now()
      },
      onReport: (report) => this.#pass(report),
      onExit: (message) => void this.#afterExit(message),
    })
    this.#child = child
    const { audio, amplifiers } = this.#options
    child.send({ do: 'configure', audio, amplifiers, muted: this.#muted })
  }

  #becomeReady(): void {
    this.#ready = true
    this.#readySinceMs = performance.now()
    const orders = this.#waitingOrders
    this.#waitingOrders = []
    this.#pass({ kind: 'process', up: true, message: 'playout is ready' })
    for (const id of this.#fed) this.#child?.send({ do: 'feed', id, on: true })
    for (const message of orders) this.#child?.send(message)
  }

  #pass(report: PlayoutReport): void {
    this.#held.note(report)
    if (report.kind === 'ended') {
      const { clip, end, frames, underruns, corrections } = report
      this.#options.logger.info({ clip, end, frames, underruns, corrections }, 'a piece ended')
    }
    this.#streams.note(report)
    this.#options.onReport(report)
  }

  async #afterExit(message: string): Promise<void> {
    const wasReady = this.#ready
    this.#child = undefined
    this.#ready = false
    if (wasReady) this.#downSinceMs = performance.now()
    const lost = this.#loseHeld(wasReady)
    // Before anything is told: the kernel may have left a relay closed.
    await this.#forceOpen()
    // First that it is gone: who hears of a loss before would order at once, of nobody.
    this.#options.onReport({ kind: 'process', up: false, message })
    for (const report of lost) {
      this.#streams.note(report)
      this.#options.onReport(report)
    }
    if (this.#closing) this.#finish()
    else this.#restartLater(wasReady && performance.now() - this.#readySinceMs > STEADY_MS, message)
  }

  /**
   * A process that never became ready held nothing: what was ordered meanwhile is for its successor, unless none has come
   * up for so long that the orders have lost their sense.
   */
  #loseHeld(wasReady: boolean): readonly PlayoutReport[] {
    if (!wasReady && performance.now() - this.#downSinceMs < ORDER_PATIENCE_MS) return []
    this.#waitingOrders = []
    return this.#held.lose(epochMs(Date.now()))
  }

  async #forceOpen(): Promise<void> {
    try {
      await this.#options.forceOpen(this.#options.amplifiers)
    } catch (error) {
      this.#options.logger.error({ error }, 'the relays could not be forced open')
    }
  }

  #restartLater(wasSteady: boolean, message: string): void {
    if (wasSteady) this.#restarts = 0
    const delayMs =
      this.#restarts === 0 ? 0 : Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** (this.#restarts - 1))
    this.#restarts += 1
    this.#options.logger.warn({ message, delayMs }, 'playout died and is started again')
    this.#restartTimer = setTimeout(() => this.#start(), delayMs)
  }

  #ping(): void {
    this.#pings += 1
    this.#unansweredSinceMs ??= performance.now()
    this.#child?.send({ do: 'ping', n: this.#pings })
  }

  /** Ends a process that does not answer while it should be feeding, or that does not become ready. */
  #look(): void {
    const now = performance.now()
    const late = now - this.#lookedMs > LOOK_EVERY_MS + OWN_DELAY_MS
    this.#lookedMs = now
    if (this.#child === undefined) return
    const silentMs = this.#unansweredSinceMs === undefined ? 0 : now - this.#unansweredSinceMs
    const suspicious = this.#ready
      ? this.#held.sounding && silentMs > SILENT_MS
      : now - this.#startedMs > START_PATIENCE_MS
    this.#strikes = suspicious && !late ? this.#strikes + 1 : 0
    if (this.#strikes < 2) return
    this.#strikes = 0
    this.#options.logger.error({ silentMs }, 'playout does not answer and is ended')
    this.#child.kill()
  }

  #finish(): void {
    clearInterval(this.#pingTimer)
    clearInterval(this.#lookTimer)
    this.#gone.resolve()
  }
}

export const openPlayout = (options: PlayoutOptions): SupervisedPlayout => new SupervisedPlayout(options)
