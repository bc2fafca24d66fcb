import type { Code } from '../codes.ts'
import type { DoctorFacts } from './facts.ts'
import type { Told } from './told.ts'
import type { DoctorWords } from './words.ts'

/** In the order in which they are told: what explains much comes early. */
export const CHECK_GROUPS = [
  'identity',
  'versions',
  'unit',
  'board',
  'power',
  'temperature',
  'storage',
  'clock',
  'network',
  'dns',
  'broker',
  'subscriptions',
  'trust',
  'content',
  'media',
  'decoder',
  'sound',
  'amplifier',
  'sign',
  'outbox',
] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

export const isCheckGroup = (name: string): name is CheckGroup => CHECK_GROUPS.some((group) => group === name)

export type Finding = Told & { readonly group: CheckGroup; readonly check: string }

export type Check = {
  readonly group: CheckGroup
  readonly name: string
  /** What it looks at, for the reference. */
  readonly about: string
  /** Problems of the heartbeat that it speaks for. */
  readonly codes?: readonly Code[]
  /** Checks whose FAIL explains what is wrong here: then it is not told again. */
  readonly explainedBy?: readonly string[]
  /** Says nothing when what it needs is not known, or is not there on this device. */
  readonly run: (facts: DoctorFacts, say: DoctorWords) => readonly Told[]
}
