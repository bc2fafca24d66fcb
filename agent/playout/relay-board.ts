import type { AmplifierConfig } from '../core/configuration.ts'
import { messageOf } from '../core/error.ts'
import type { Amplifier } from '../ports/amplifier.ts'
import type { AmplifierFault, AmplifierState } from '../ports/playout.ts'
import {
  byHand,
  nextRelayState,
  RELAY_AT_REST,
  type RelayDemand,
  type RelayState,
  soundAllowedMs,
} from './relay-sequence.ts'

/** Takes the lines of one amplifier. @throws AMPLIFIER when they cannot be had */
export type OpenAmplifier = (config: AmplifierConfig) => Promise<Amplifier>

/** What needs relays: a clip that sounds or is about to. */
export type ClipDemand = { readonly amplifiers: readonly string[]; readonly fromMs: number }

type Relay = {
  readonly config: AmplifierConfig
  device: Amplifier | undefined
  state: RelayState
  reported: AmplifierState | undefined
  reportedFault: AmplifierFault['code'] | undefined
  failed: boolean
  changedMs: number
  retryMs: number
}

/** A contact may need this long to follow when the board file does not say. */
const CONTACT_MS = 200
const RETRY_MS = 2000

const withinMs = (config: AmplifierConfig): number =>
  config.driver === 'gpiochip' && config.feedback !== undefined ? config.feedback.withinMs : CONTACT_MS

/** The amplifiers of the board, driven as the relay sequence says and read back. */
export class RelayBoard implements AsyncDisposable {
  readonly #relays: readonly Relay[]
  readonly #open: OpenAmplifier
  readonly #onState: (id: string, state: AmplifierState, fault?: AmplifierFault) => void

  constructor(
    configs: readonly AmplifierConfig[],
    open: OpenAmplifier,
    onState: (id: string, state: AmplifierState, fault?: AmplifierFault) => void,
  ) {
    this.#open = open
    this.#onState = onState
    this.#relays = configs.map((config) => ({
      config,
      device: undefined,
      state: RELAY_AT_REST,
      reported: undefined,
      reportedFault: undefined,
      failed: false,
      changedMs: Number.NEGATIVE_INFINITY,
      retryMs: Number.NEGATIVE_INFINITY,
    }))
  }

  /** Takes all lines; every relay is open afterwards. One that cannot be had is reported and tried again when needed. */
  async start(nowMs: number): Promise<void> {
    for (const relay of this.#relays) await this.#acquire(relay, nowMs)
  }

  get allOpen(): boolean {
    return this.#relays.every((relay) => !relay.state.on)
  }

  tick(demands: readonly ClipDemand[], nowMs: number, muted: boolean): void {
    for (const relay of this.#relays) {
      const own: readonly RelayDemand[] = demands.filter(({ amplifiers }) =>
        amplifiers.includes(relay.config.id),
      )
      const next = nextRelayState(relay.config, relay.state, own, nowMs, muted)
      if (next.on !== relay.state.on) this.#drive(relay, next.on, nowMs)
      relay.state = next
      this.#readBack(relay, nowMs)
      if (relay.failed && relay.device === undefined && nowMs >= relay.retryMs)
        void this.#acquire(relay, nowMs)
    }
  }

  /** Largest settle time of these amplifiers. */
  settleMs(ids: readonly string[]): number {
    return Math.max(0, ...this.#named(ids).map((relay) => relay.config.settleMs))
  }

  /** The earliest moment sound may leave through these amplifiers; those that failed do not count. */
  soundAllowedMs(ids: readonly string[], nowMs: number): number {
    const working = this.#named(ids).filter((relay) => !relay.failed)
    return Math.max(
      Number.NEGATIVE_INFINITY,
      ...working.map((relay) => soundAllowedMs(relay.config, relay.state, nowMs)),
    )
  }

  /** Those of the amplifiers that cannot be driven or were on for too long. */
  failed(ids: readonly string[]): readonly string[] {
    return this.#named(ids)
      .filter((relay) => relay.failed || relay.state.tripped)
      .map((relay) => relay.config.id)
  }

  /** Whether the contacts agree that all of them are closed; undefined when none of them can be read. */
  confirmed(ids: readonly string[], nowMs: number): boolean | undefined {
    const settled = this.#named(ids).filter((relay) => nowMs - relay.changedMs > withinMs(relay.config))
    const read = settled.flatMap((relay) => this.#contact(relay) ?? [])
    return read.length === 0 ? undefined : read.every((on) => on)
  }

  manual(id: string, on: boolean, seconds: number, nowMs: number): void {
    for (const relay of this.#named([id])) relay.state = byHand(relay.state, on, seconds, nowMs)
  }

  /** Opens every relay now, whatever the state. */
  openAll(nowMs: number): void {
    for (const relay of this.#relays) {
      this.#drive(relay, false, nowMs)
      relay.state = { ...RELAY_AT_REST, sinceMs: nowMs }
      this.#readBack(relay, nowMs)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const relay of this.#relays) await relay.device?.[Symbol.asyncDispose]()
  }

  #named(ids: readonly string[]): readonly Relay[] {
    return this.#relays.filter((relay) => ids.includes(relay.config.id))
  }

  async #acquire(relay: Relay, nowMs: number): Promise<void> {
    relay.retryMs = nowMs + RETRY_MS
    try {
      relay.device = await this.#open(relay.config)
      relay.failed = false
      if (relay.state.on) this.#drive(relay, true, nowMs)
    } catch (failure) {
      this.#fail(relay, messageOf(failure))
    }
  }

  #drive(relay: Relay, on: boolean, nowMs: number): void {
    relay.changedMs = nowMs
    try {
      if (relay.device === undefined) throw new Error(`amplifier ${relay.config.id}: its line is not held`)
      relay.device.set(on)
      relay.failed = false
    } catch (failure) {
      this.#fail(relay, messageOf(failure))
    }
  }

  #fail(relay: Relay, message: string): void {
    relay.failed = true
    this.#report(relay, 'stuck', { code: 'AMPLIFIER', message })
  }

  #contact(relay: Relay): boolean | undefined {
    try {
      return relay.device?.read()
    } catch (failure) {
      this.#fail(relay, messageOf(failure))
      return undefined
    }
  }

  #readBack(relay: Relay, nowMs: number): void {
    if (relay.failed) return
    const contact = this.#contact(relay)
    const agrees = contact === undefined || contact === relay.state.on
    if (agrees) this.#report(relay, relay.state.on ? 'on' : 'off')
    else if (nowMs - relay.changedMs > withinMs(relay.config))
      this.#report(relay, 'stuck', {
        code: 'AMPLIFIER_STUCK',
        message: `amplifier ${relay.config.id}: its contact disagrees with its relay`,
      })
  }

  #report(relay: Relay, state: AmplifierState, fault?: AmplifierFault): void {
    if (relay.reported === state && relay.reportedFault === fault?.code) return
    relay.reported = state
    relay.reportedFault = fault?.code
    this.#onState(relay.config.id, state, fault)
  }
}
