import { type AmplifierConfig, hasRelay, type RelayConfig } from '../core/configuration.ts'
import type { Amplifier } from '../ports/amplifier.ts'
import type { AmplifierFault, AmplifierState } from '../ports/playout.ts'
import { RELAY_AT_REST, type RelayState } from './relay-sequence.ts'

/** One relay of the board and what is known of it. */
export type Relay = {
  readonly config: RelayConfig
  /** Those whose power it is: its own and those that share it. */
  readonly ids: readonly string[]
  device: Amplifier | undefined
  state: RelayState
  reported: AmplifierState | undefined
  reportedFault: AmplifierFault['code'] | undefined
  /** Its line is not held, or does not follow. */
  failed: boolean
  /** As its contact last said against it, until the contact was seen to follow. */
  stuck: 'open' | 'closed' | undefined
  feeds: boolean
  changedMs: number
  retryMs: number
}

/** A contact may need this long to follow when the board file does not say. */
const CONTACT_MS = 200

/** How soon the contact of a relay must follow it. */
export const contactMs = (config: RelayConfig): number =>
  config.driver === 'gpiochip' && config.feedback !== undefined ? config.feedback.withinMs : CONTACT_MS

const sharesWith = (each: AmplifierConfig, { id }: RelayConfig): boolean =>
  each.driver === 'shared' && each.relay === id

/** The relays of a board, none of them held yet. */
export const relaysOf = (configs: readonly AmplifierConfig[]): readonly Relay[] =>
  configs.filter(hasRelay).map((config) => ({
    config,
    ids: configs.filter((each) => each.id === config.id || sharesWith(each, config)).map(({ id }) => id),
    device: undefined,
    state: RELAY_AT_REST,
    reported: undefined,
    reportedFault: undefined,
    failed: false,
    stuck: undefined,
    feeds: false,
    changedMs: Number.NEGATIVE_INFINITY,
    retryMs: Number.NEGATIVE_INFINITY,
  }))

/**
 * What a contact says against its relay. Only the contact's own following ends it: that a welded relay is closed when it
 * should be says nothing.
 */
export const stuckAs = (
  { state, stuck, changedMs, config }: Relay,
  contact: boolean,
  nowMs: number,
): Relay['stuck'] => {
  if (contact === state.on) return stuck === (state.on ? 'open' : 'closed') ? undefined : stuck
  if (nowMs - changedMs <= contactMs(config)) return stuck
  return state.on ? 'open' : 'closed'
}
