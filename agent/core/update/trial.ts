import type { BeforeTrial } from './slots.ts'

/** What is seen of the new release at a moment of its trial. */
export type TrialLook = {
  /** Milliseconds since it was ready. */
  readonly atMs: number
  /** Components that are overdue. */
  readonly silent: readonly string[]
  /** Undefined: the sound device was not asked for yet. */
  readonly sound: boolean | undefined
  readonly broker: boolean
  /** A plain TCP connection to a broker succeeds; undefined: that was not tried yet. */
  readonly reachable: boolean | undefined
  /** Why no broker is connected. */
  readonly fault: string
}

/** Since when what stands has stood, in `atMs`. */
export type TrialMemory = {
  readonly wellSince?: number
  /** Something is wrong for which the network has nothing to answer. */
  readonly sickSince?: number
  /** Nothing is wrong but the network. */
  readonly fineSince?: number
  /** When it was last so for a minute on end. */
  readonly fineAt?: number
  /** A broker answers TCP, and this release does not get through to it. */
  readonly shutOutSince?: number
}

export type TrialVerdict =
  | { readonly kind: 'goes-on'; readonly why?: string }
  | { readonly kind: 'well' }
  | { readonly kind: 'sick'; readonly reason: string }

const MINUTE_MS = 60_000
/** One look decides nothing: what is well or not is so for a minute on end. */
const STEADY_MS = MINUTE_MS
/** Tries of the agent are up to 32 s apart, and a broker that has just come back takes its time. */
const SHUT_OUT_MS = 3 * MINUTE_MS
/** So long the network may be away. */
const NETWORK_MS = 24 * 60 * MINUTE_MS
/** What is not fine for a minute on end in so many times its trial is not what anybody wants to keep. */
const UNSTEADY_TRIALS = 4

type Faults = { readonly own: readonly string[]; readonly cutOff: 'no' | 'network' | 'shut-out' }

const faultsOf = ({ silent, sound, broker, reachable }: TrialLook, before: BeforeTrial): Faults => ({
  own: [
    ...silent.map((component) => `${component} is overdue`),
    ...(before.sound && sound !== true ? ['the sound device does not open'] : []),
  ],
  cutOff: !before.broker || broker ? 'no' : reachable === true ? 'shut-out' : 'network',
})

const since = (holds: boolean, before: number | undefined, atMs: number): number | undefined =>
  holds ? (before ?? atMs) : undefined

const lasting = (begun: number | undefined, atMs: number): number => (begun === undefined ? -1 : atMs - begun)

const steadyMsOf = (trialMs: number): number => Math.min(STEADY_MS, trialMs / 2)

const remember = (
  memory: TrialMemory,
  { own, cutOff }: Faults,
  atMs: number,
  trialMs: number,
): TrialMemory => {
  const wellSince = since(own.length === 0 && cutOff === 'no', memory.wellSince, atMs)
  const sickSince = since(own.length > 0, memory.sickSince, atMs)
  const fineSince = since(own.length === 0, memory.fineSince, atMs)
  const fineAt = lasting(fineSince, atMs) >= steadyMsOf(trialMs) ? atMs : memory.fineAt
  const shutOutSince = since(cutOff === 'shut-out', memory.shutOutSince, atMs)
  return {
    ...(wellSince === undefined ? {} : { wellSince }),
    ...(sickSince === undefined ? {} : { sickSince }),
    ...(fineSince === undefined ? {} : { fineSince }),
    ...(fineAt === undefined ? {} : { fineAt }),
    ...(shutOutSince === undefined ? {} : { shutOutSince }),
  }
}

/** Of a release that has had its time. */
const verdict = (
  { wellSince, sickSince, fineAt, shutOutSince }: TrialMemory,
  { own, cutOff }: Faults,
  { atMs, fault }: TrialLook,
  trialMs: number,
): TrialVerdict => {
  const steadyMs = steadyMsOf(trialMs)
  const shutOut = `a broker answers, and this release does not get through to it: ${fault}`
  if (lasting(wellSince, atMs) >= steadyMs) return { kind: 'well' }
  if (lasting(sickSince, atMs) >= steadyMs) return { kind: 'sick', reason: own.join('; ') }
  if (lasting(shutOutSince, atMs) >= Math.min(SHUT_OUT_MS, trialMs)) return { kind: 'sick', reason: shutOut }
  if (atMs - (fineAt ?? 0) >= UNSTEADY_TRIALS * Math.max(trialMs, STEADY_MS))
    return { kind: 'sick', reason: ['it comes and goes', ...own].join('; ') }
  if (atMs >= NETWORK_MS && own.length === 0) return { kind: 'well' }
  const why = [
    ...own,
    ...(cutOff === 'no' ? [] : [cutOff === 'network' ? `no broker in reach: ${fault}` : shutOut]),
  ]
  return { kind: 'goes-on', ...(why.length === 0 ? {} : { why: why.join('; ') }) }
}

/**
 * Looks once more at a release on trial. A broker that no TCP connection reaches is the network's fault and never a
 * reason to go back: the trial waits for it up to a day, and is then decided without it.
 */
export const lookAtTrial = (
  memory: TrialMemory,
  look: TrialLook,
  { before, trialMs }: { readonly before: BeforeTrial; readonly trialMs: number },
): { readonly memory: TrialMemory; readonly verdict: TrialVerdict } => {
  const faults = faultsOf(look, before)
  const remembered = remember(memory, faults, look.atMs, trialMs)
  if (look.atMs >= trialMs) return { memory: remembered, verdict: verdict(remembered, faults, look, trialMs) }
  const { own, cutOff } = faults
  const why = [...own, ...(cutOff === 'no' ? [] : [`no broker: ${look.fault}`])].join('; ')
  return { memory: remembered, verdict: { kind: 'goes-on', ...(why === '' ? {} : { why }) } }
}
