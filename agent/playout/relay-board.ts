import { startLeadMs } from '../core/amplifier-lead.ts'
import type { AmplifierConfig, RelayConfig } from '../core/configuration.ts'
import { messageOf } from '../core/error.ts'
import type { Amplifier } from '../ports/amplifier.ts'
import type { AmplifierFault, AmplifierState } from '../ports/playout.ts'
import { chooseRelays } from './relay-choice.ts'
import { contactMs, type Relay, relaysOf, stuckAs } from './relay-held.ts'
import {
  byHand,
  closedAtMs,
  nextRelayState,
  RELAY_AT_REST,
  type RelayDemand,
  soundAllowedMs,
} from './relay-sequence.ts'

/** Takes the lines of one amplifier. @throws AMPLIFIER when they cannot be had */
export type OpenAmplifier = (config: RelayConfig) => Promise<Amplifier>

/** What needs relays: a clip that sounds or is about to. */
export type ClipDemand = { readonly amplifiers: readonly string[]; readonly fromMs: number }

/** `unread`: one of them has no contact, or none that can be read. */
export type RelaysSeen = 'closed' | 'disagree' | 'unread'

const RETRY_MS = 2000

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
    this.#relays = relaysOf(configs)
  }

  /** Takes all lines; every relay is open afterwards. One that cannot be had is reported and tried again when needed. */
  async start(nowMs: number): Promise<void> {
    for (const relay of this.#relays) await this.#acquire(relay, nowMs)
  }

  get allOpen(): boolean {
    return this.#relays.every((relay) => !relay.state.on)
  }

  tick(demands: readonly ClipDemand[], nowMs: number, muted: boolean): void {
    const asked = demands.map(({ amplifiers, fromMs }) => ({ relays: this.#chosen(amplifiers), fromMs }))
    const needed = new Set(asked.flatMap(({ relays, fromMs }) => (fromMs <= nowMs ? relays : [])))
    for (const relay of this.#relays) {
      const own: readonly RelayDemand[] = asked.filter(({ relays }) => relays.includes(relay))
      const rivals = this.#rivalsOf(relay)
      const next = nextRelayState(relay.config, relay.state, own, nowMs, {
        muted,
        waits: rivals.some(({ state }) => state.on) || nowMs < this.#freeMs(relay),
        yields: !needed.has(relay) && rivals.some((rival) => needed.has(rival)),
        feeds: relay.feeds,
      })
      if (next.on !== relay.state.on) this.#drive(relay, next.on, nowMs)
      relay.state = next
      this.#readBack(relay, nowMs)
      if (relay.failed && relay.device === undefined && nowMs >= relay.retryMs)
        void this.#acquire(relay, nowMs)
    }
  }

  /** From the first of these closed to sound through all of them. */
  leadMs(ids: readonly string[]): number {
    return startLeadMs(this.#chosen(ids).map(({ config }) => config))
  }

  /** The earliest moment sound may leave through these amplifiers; those that failed do not count. */
  soundAllowedMs(ids: readonly string[], nowMs: number): number {
    let freeMs = nowMs
    let allowedMs = Number.NEGATIVE_INFINITY
    for (const relay of this.#chosen(ids).filter(({ failed }) => !failed)) {
      const { config, state } = relay
      const fromMs = Math.max(freeMs, this.#freeMs(relay))
      allowedMs = Math.max(allowedMs, soundAllowedMs(config, state, fromMs))
      if (!state.on) freeMs = closedAtMs(config, state, fromMs) + (config.staggerMs ?? 0)
    }
    return allowedMs
  }

  /** Those of the relays of these amplifiers that cannot be driven or were on for too long, and how many there are. */
  failed(ids: readonly string[]): { readonly failed: number; readonly of: number } {
    const chosen = this.#chosen(ids)
    return { failed: chosen.filter(({ failed, state }) => failed || state.tripped).length, of: chosen.length }
  }

  /** Whether the contact of one of these says that it does not close. */
  anyStuckOpen(ids: readonly string[]): boolean {
    return this.#chosen(ids).some(({ stuck }) => stuck === 'open')
  }

  /** Whether an amplifier would sound that is none of these, because its relay does not open. */
  leaksBeside(ids: readonly string[]): boolean {
    return this.#relays.some((relay) => relay.stuck === 'closed' && !this.#named(ids).includes(relay))
  }

  /** What the contacts of all of them say; undefined while one has only just been switched. */
  seen(ids: readonly string[], nowMs: number): RelaysSeen | undefined {
    const chosen = this.#chosen(ids)
    const settled = chosen.filter((relay) => nowMs - relay.changedMs > contactMs(relay.config))
    const read = settled.map((relay) => (relay.device?.hasContact ? this.#contact(relay) : undefined))
    if (read.includes(false)) return 'disagree'
    if (read.includes(undefined) || chosen.length === 0) return 'unread'
    return read.length < chosen.length ? undefined : 'closed'
  }

  manual(id: string, on: boolean, seconds: number, nowMs: number): void {
    for (const relay of this.#named([id])) relay.state = byHand(relay.state, on, seconds, nowMs)
  }

  /** Whether a sign that its relay feeds too shows something. */
  feed(id: string, on: boolean): void {
    for (const relay of this.#named([id])) relay.feeds = on
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
    return this.#relays.filter((relay) => relay.ids.some((id) => ids.includes(id)))
  }

  /** The relays that these amplifiers are to be heard through. */
  #chosen(ids: readonly string[]): readonly Relay[] {
    const named = this.#named(ids)
    const chosen = chooseRelays(
      named.map(({ config, failed, state, stuck }) => ({
        ...config,
        works: !failed && !state.tripped && stuck !== 'open',
      })),
    )
    return named.filter(({ config }) => chosen.includes(config.id))
  }

  #rivalsOf({ config }: Relay): readonly Relay[] {
    if (config.exclusive === undefined) return []
    return this.#relays.filter(
      ({ config: { id, exclusive } }) => exclusive === config.exclusive && id !== config.id,
    )
  }

  /** When enough time has passed since others have closed. */
  #freeMs({ config: { id } }: Relay): number {
    return Math.max(
      Number.NEGATIVE_INFINITY,
      ...this.#relays
        .filter(({ config, state }) => config.id !== id && state.on)
        .map(({ config, state }) => state.sinceMs + (config.staggerMs ?? 0)),
    )
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
    if (contact !== undefined) relay.stuck = stuckAs(relay, contact, nowMs)
    if (relay.stuck === undefined) this.#report(relay, relay.state.on ? 'on' : 'off')
    else
      this.#report(relay, 'stuck', {
        code: 'AMPLIFIER_STUCK',
        message: `amplifier ${relay.config.id}: its contact says that its relay stays ${relay.stuck}`,
      })
  }

  #report(relay: Relay, state: AmplifierState, fault?: AmplifierFault): void {
    if (relay.reported === state && relay.reportedFault === fault?.code) return
    relay.reported = state
    relay.reportedFault = fault?.code
    for (const id of relay.ids) this.#onState(id, state, fault)
  }
}
