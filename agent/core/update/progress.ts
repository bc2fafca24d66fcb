import type { Code } from '../codes.ts'

/**
 * How it stands with an update. `waiting`: it has begun and something is in its way; `staged`: it lies in its slot and
 * waits for quiet; `trial`: the new release runs, or the next start runs it.
 */
export const UPDATE_STATES = [
  'idle',
  'refused',
  'waiting',
  'fetching',
  'staged',
  'trial',
  'done',
  'back',
  'failed',
  'cancelled',
] as const
export type UpdateState = (typeof UPDATE_STATES)[number]

/** What an update waits for. */
export const UPDATE_WAITS = [
  /** The moment that its job names. */
  'not-before',
  /** Night, or a link that costs nothing. */
  'night',
  /** A content server. */
  'server',
  /** Room on the disk. */
  'disk',
  /** Media that a broadcast needs. */
  'media',
  'alert',
  /** What plays. */
  'playing',
  /** What is due soon. */
  'due',
  'selftest',
  /** The answer of the updater. */
  'updater',
  /** An update that is under way. */
  'update',
  /** The certificate of a new key pair. */
  'certificate',
] as const
export type UpdateWait = {
  readonly for: (typeof UPDATE_WAITS)[number]
  /** What plays or is due. */
  readonly item?: string
  readonly until?: string
}

export type UpdateReport = {
  /** Of the job, or of the order given on the spot; absent while nothing was ever ordered. */
  readonly id?: string
  readonly by?: 'job' | 'local'
  readonly state: UpdateState
  readonly version?: string
  /** Percent of the package that is here, with `fetching` and `waiting`. */
  readonly progress?: number
  readonly waits?: UpdateWait
  /** What a certificate is asked for with (job `renew`): PKCS #10 in DER, base64url. */
  readonly csr?: string
  readonly code?: Code
  readonly message?: string
}

/** What is remembered of an order across restarts. */
export type KeptUpdate = {
  readonly id: string
  readonly state: Exclude<UpdateState, 'idle' | 'fetching'>
  readonly version?: string
  readonly code?: Code
  readonly message?: string
  /** ISO 8601, when it came to this. */
  readonly at: string
}

const OVER: readonly UpdateState[] = ['refused', 'done', 'back', 'failed', 'cancelled']

/** Whether nothing more is done about an order. */
export const isOver = ({ state }: Pick<UpdateReport, 'state'>): boolean => OVER.includes(state)
