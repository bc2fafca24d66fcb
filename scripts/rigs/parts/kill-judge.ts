/** What a round of the rig did to an item, in milliseconds from its planned second. */
export type Blow = {
  readonly what: 'playout' | 'agent' | 'both' | 'stop'
  readonly policy: 'skip' | 'play' | 'join'
  readonly at: number
  /** Sound that had left the DAC before it; 0 when none had. */
  readonly heardBefore: number
  /** When the agent answered again; nothing for `playout`. */
  readonly backAt?: number
  /** When it was first heard after it; nothing when it was not. */
  readonly againAt?: number
  /** When its record was there, from the blow on. */
  readonly recordAfter: number
  /** The length of the item. */
  readonly length: number
}

/** A start is noted when playout has reported it and the file is written: what fell into that moment may be begun again. */
const IN_DOUBT_MS = 600
/** From `ready` to a joined sound, and what a joiner may have left to play when it comes. */
const EDGE_MS = { before: 1500, after: 2500 } as const
const JOINS_WHOLE_MS = 1000
/** A playout that is not back within this has lost its item. */
const LOST_WITHIN_MS = 10_000

/** The outcomes that the contract allows: section 3, Late. */
export const allowedOutcomes = (blow: Blow): readonly string[] => {
  if (blow.what === 'playout') return withoutPlayout(blow)
  const doubtful = blow.heardBefore < IN_DOUBT_MS
  return [...(blow.heardBefore > 0 ? begun(blow) : []), ...(doubtful ? unbegun(blow) : [])]
}

/** Before it was heard, a joiner whose playout is back late joins late, as after a start of the agent. */
const withoutPlayout = ({ policy, heardBefore, againAt = 0, recordAfter }: Blow): readonly string[] => [
  ...(policy === 'join' && heardBefore === 0 && againAt > JOINS_WHOLE_MS ? ['partial LATE'] : ['completed']),
  ...(recordAfter < LOST_WITHIN_MS ? [] : ['interrupted CRASHED']),
]

const gone = ({ what }: Blow): string => `interrupted ${what === 'stop' ? 'STOPPED' : 'CRASHED'}`

const begun = (blow: Blow): readonly string[] => {
  if (blow.policy === 'skip') return [gone(blow)]
  if (blow.policy === 'play') return ['completed']
  return joined(blow, gone(blow))
}

const unbegun = (blow: Blow): readonly string[] => {
  if (blow.policy !== 'join') return ['completed']
  const onTime = (blow.backAt ?? 0) < JOINS_WHOLE_MS
  return [...(onTime ? ['completed'] : []), ...joined(blow, 'missed LATE')]
}

const joined = ({ backAt = 0, length }: Blow, over: string): readonly string[] => [
  ...(backAt < length + EDGE_MS.before ? ['partial LATE'] : []),
  ...(backAt > length - EDGE_MS.after ? [over] : []),
]
