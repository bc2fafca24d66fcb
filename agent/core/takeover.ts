import { jittered } from './back-off.ts'

/**
 * How a connection that the broker had taken ended.
 * `taken`: the broker said that another client came with our id (MQTT 5, reason code 0x8E). `closed`: the broker closed
 * it without a word. `lost`: anything else.
 */
export type Ending = 'taken' | 'closed' | 'lost'

/** By what sign another client with our id is known. */
export type TakeoverSign = 'reason-code' | 'short-connections' | 'foreign-birth'

export type Takeover = {
  /** The last sign; undefined while nothing tells of another client. */
  readonly sign: TakeoverSign | undefined
  /** Connections that ended since, for the back-off. */
  readonly times: number
  /** Connections in a row that the broker closed soon and without a word. */
  readonly short: number
}

export const UNCONTESTED: Takeover = { sign: undefined, times: 0, short: 0 }

/** Twins throw each other out as soon as the other is back: nobody else closes so many connections so soon. */
const SHORT_MS = 60_000
const SHORT_IN_A_ROW = 3
/** Longer than the longest wait of a twin that follows the same rule, several times over. */
const SETTLED_MS = 5 * 60_000
/** Reconnection is never put off by more than 60 s (contract, section 4). */
const SLOWER = { baseMs: 15_000, maxMs: 60_000 }

/** A connection that lasted `heldMs` ended. */
export const afterEnding = (before: Takeover, ending: Ending, heldMs: number): Takeover => {
  const now = heldMs > SETTLED_MS ? UNCONTESTED : before
  const short = ending === 'closed' && heldMs < SHORT_MS ? now.short + 1 : 0
  const told = ending === 'taken' ? 'reason-code' : short >= SHORT_IN_A_ROW ? 'short-connections' : now.sign
  return { sign: told, times: told === undefined ? 0 : now.times + 1, short }
}

/** Another start of an agent was announced on our own state topic. */
export const afterForeignBirth = (before: Takeover): Takeover => ({ ...before, sign: 'foreign-birth' })

/** The connection has lasted `heldMs` so far: long enough to be ours alone? */
export const whileHeld = (before: Takeover, heldMs: number): Takeover =>
  heldMs > SETTLED_MS ? UNCONTESTED : before

/**
 * Milliseconds to the next try while another client uses our id: 12 to 15 s, then up to 30, then 48 to 60 s. Drawn anew
 * each time, because a twin has our place in the windows of `untilNextTry`.
 * @see threat T6
 */
export const untilContestedTry = ({ times }: Takeover, random: () => number): number =>
  jittered(SLOWER, Math.max(0, times - 1), random)
