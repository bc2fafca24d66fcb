import type { SignContentKind } from '../../../agent/ports/signboard.ts'
import type { Picture } from './codec.ts'
import type { LineTiming } from './timing.ts'

/** What a line knows; times are monotonic milliseconds. */
export type LineState = {
  readonly open: boolean
  /** What opens a conversation was said since the port was opened or the controller last failed. */
  readonly greeted: boolean
  /** Nothing is tried before this. */
  readonly retryAt: number
  readonly latest: Picture | undefined
  /** What the panel has, as far as this line knows. */
  readonly delivered: Picture | undefined
  readonly deliveredAt: number
  readonly answeredAt: number
  /** The line is about to be closed: what still waits goes now. */
  readonly ending: boolean
}

/** What to do next, or for how many milliseconds there is nothing to do. */
export type Step = 'greet' | 'deliver' | 'ping' | number

/** How a kind of sign is treated. */
export type LineHabits = Pick<LineTiming, 'reassertMs' | 'pingMs' | 'storedApartMs'> & {
  readonly takes: SignContentKind
  /** It has a question that it answers. */
  readonly answers: boolean
  readonly storesPages: boolean
}

const NEVER = Number.POSITIVE_INFINITY

/** True when a panel that has `a` needs nothing to show `b`. */
export const samePicture = (a: Picture | undefined, b: Picture, takes: SignContentKind): boolean => {
  if (a === undefined || a.percent !== b.percent) return false
  if (takes === 'raster') return a.frame.rgb === b.frame.rgb || Buffer.compare(a.frame.rgb, b.frame.rgb) === 0
  const [one, other] = [a.manner, b.manner]
  return (
    a.text === b.text &&
    one.mode === other.mode &&
    one.urgent === other.urgent &&
    one.color.every((value, i) => value === other.color[i])
  )
}

export const isUndelivered = ({ latest, delivered }: LineState, { takes }: LineHabits): boolean =>
  latest !== undefined && !samePicture(delivered, latest, takes)

/**
 * Taking an alert off is part of it: what its end brings does not wait for the flash either. Only another text is news:
 * the panels of a long alert take turns slowly, or they would wear the flash out in a day.
 */
const freshDueAt = (state: LineState, { storesPages, storedApartMs }: LineHabits): number => {
  const { latest, delivered, ending } = state
  const isUrgent = latest?.manner.urgent === true || delivered?.manner.urgent === true
  const isNews = latest?.text !== delivered?.text
  return !storesPages || (isUrgent && isNews) || ending ? -NEVER : state.deliveredAt + storedApartMs
}

const deliverAt = (state: LineState, habits: LineHabits): number => {
  if (state.latest === undefined) return NEVER
  if (isUndelivered(state, habits)) return freshDueAt(state, habits)
  return habits.storesPages ? NEVER : state.deliveredAt + habits.reassertMs
}

/** What a line does at `now`. Something new goes before a question, a question before the same again. */
export const nextStep = (state: LineState, habits: LineHabits, now: number): Step => {
  if (!state.open) return NEVER
  if (now < state.retryAt) return state.retryAt - now
  if (!state.greeted) return 'greet'
  const pictureAt = deliverAt(state, habits)
  const pingAt = habits.answers ? state.answeredAt + habits.pingMs : NEVER
  if (pictureAt <= now) return 'deliver'
  return pingAt <= now ? 'ping' : Math.min(pictureAt, pingAt) - now
}
