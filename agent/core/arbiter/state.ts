import type { Clip } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { Outcome } from '../record/playback.ts'
import type { EpochMs } from '../time.ts'
import type { AsRun, Programme, Readiness } from './programme.ts'
import type { Proof } from './proof.ts'

/** A programme that wants the output. */
export type Waiting = {
  readonly programme: Programme
  /** Its planned second, before which it does not start. What has begun and what no plan holds (alerts, orders) keeps its distance to it when the clock is set. */
  readonly dueAt: EpochMs
  readonly readiness: Readiness
  readonly asRun: AsRun
  /** Why it waits: it came due, a higher class cut it, or it was lost with the playout process or the agent. */
  readonly cause: 'due' | 'preempted' | 'lost'
  /** After this it is not started or taken up any more. */
  readonly deadline: EpochMs
  /** What is written when the deadline passes. */
  readonly overdue: Outcome
  /** Its ledger row exists. */
  readonly opened: boolean
  /** A joiner goes on from where it would be had its first frame left at this instant. */
  readonly joinsAt?: EpochMs
  /** When it was at its position: a live relay goes on without it. */
  readonly leftAt?: EpochMs
}

/** It has not begun, and its second is one of the plan: it stays where it is when the clock is set. Alerts, orders and local actions are due at an instant. */
export const isPlanned = ({ cause, programme }: Waiting): boolean =>
  cause === 'due' && programme.item.document.endsWith('/schedule')

/** A programme of before a restart that may go on. */
export type TakeUp = Pick<Waiting, 'asRun' | 'deadline' | 'overdue' | 'joinsAt' | 'leftAt'>

/** An order that playout holds; `id` is the clip id of exactly this order. */
export type Order = {
  readonly id: string
  readonly at: EpochMs
  readonly fromFrame: number
  readonly takeover: boolean
  /** Placed on its planned second, from its beginning. */
  readonly punctual: boolean
  /** Playout does not begin it after this, even when the clock is set ahead at the last moment. */
  readonly latest?: EpochMs
}

/** The order that follows what sounds; its programme is still among the waiting. */
export type Next = { readonly key: string; readonly order: Order }

export type Sounding = {
  readonly programme: Programme
  readonly clip: Clip
  readonly limited: boolean
  readonly asRun: AsRun
  readonly order: Order
  readonly startedAt: EpochMs
  /** A part was not there when it began. */
  readonly missing?: ReasonCode
  /** What was missing of an alert has come: its clip goes on with this one where it ends. */
  readonly grown?: Extract<Readiness, { state: 'ready' }>
  /** Set once it was told to end. */
  readonly ending?: ReasonCode
}

export type Span = { readonly from: EpochMs; readonly to: EpochMs }

export type ArbiterState = {
  readonly playoutUp: boolean
  readonly muted: boolean
  /** An alert is in force: until it is over nothing but alerts begins. */
  readonly held: boolean
  readonly quiet: readonly Span[]
  readonly sounding?: Sounding
  readonly next?: Next
  readonly waiting: readonly Waiting[]
  readonly ordersGiven: number
  /** From order to first frame when nothing sounds: relays settle, the decoder gets a head start. */
  readonly leadMs: number
}

export const createArbiter = (leadMs: number): ArbiterState => ({
  playoutUp: false,
  muted: false,
  held: false,
  quiet: [],
  waiting: [],
  ordersGiven: 0,
  leadMs,
})

/** Everything the arbiter is told; `at` is the wall time of the telling. */
export type Input = { readonly at: EpochMs } & (
  | { readonly kind: 'tick' }
  /** A programme is near, due, or to be taken up again; `opened`: its ledger row is there from before a restart. */
  | {
      readonly kind: 'arm'
      readonly programme: Programme
      readonly readiness: Readiness
      readonly opened?: boolean
      readonly takeUp?: TakeUp
    }
  /** A new revision has it too: what has not begun follows it. `readiness`: what it broadcasts is another. */
  | { readonly kind: 'revise'; readonly programme: Programme; readonly readiness?: Readiness }
  /** The wall clock jumped by `stepMs` to `at`. */
  | { readonly kind: 'clock'; readonly stepMs: number }
  | { readonly kind: 'readiness'; readonly key: string; readonly readiness: Readiness }
  /** No document holds these any more. */
  | { readonly kind: 'withdraw'; readonly keys: readonly string[] }
  | { readonly kind: 'stop'; readonly keys: readonly string[] | 'all' }
  | { readonly kind: 'mute'; readonly on: boolean }
  /** An alert with repeats has begun, or the last such is over. */
  | { readonly kind: 'hold'; readonly on: boolean }
  | { readonly kind: 'quiet'; readonly spans: readonly Span[] }
  | { readonly kind: 'playout'; readonly up: boolean }
  | {
      readonly kind: 'started'
      readonly order: string
      readonly started: EpochMs
      readonly intended: EpochMs
    }
  | { readonly kind: 'progress'; readonly order: string; readonly frame: number; readonly underruns: number }
  | ({
      readonly kind: 'ended'
      readonly order: string
      readonly end: 'finished' | 'cut' | 'failed' | 'lost'
      readonly code?: ReasonCode
      readonly ended: EpochMs
      readonly frame: number
      readonly frames: number
      readonly underruns: number
      readonly fault?: ReasonCode
    } & Proof)
)

export type Effect =
  /** The ledger row is opened before the first order for a programme, or at its planned second. */
  | { readonly kind: 'open'; readonly programme: Programme }
  /** It was withdrawn before it existed: no row, no record. */
  | { readonly kind: 'forget'; readonly programme: Programme }
  | { readonly kind: 'schedule'; readonly programme: Programme; readonly clip: Clip; readonly order: Order }
  | { readonly kind: 'cut'; readonly order: string; readonly fadeMs: number }
  | { readonly kind: 'sounding'; readonly programme: Programme }
  | { readonly kind: 'silent'; readonly programme: Programme }
  | {
      readonly kind: 'record'
      readonly programme: Programme
      readonly asRun: AsRun
      readonly outcome: Outcome
    }

export type Step = { readonly state: ArbiterState; readonly effects: readonly Effect[] }
