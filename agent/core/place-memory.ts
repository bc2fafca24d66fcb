import type { DesiredPlace } from './documents.ts'
import { areaOf, type FormerPlace, isSamePlace, type Place } from './place.ts'
import { dateText, dayOf } from './schedule/zone.ts'

/** What a receiver remembers of where it stands. */
export type PlaceMemory = {
  /** Where agent.yaml placed it at the last start. */
  readonly configured: Place
  /** Where it stood at the last start. */
  readonly stood: Place
  /** The province where it stood first. */
  readonly home: string
  /** Where a `desired` moved it; what agent.yaml says later goes first. */
  readonly moved?: { readonly to: Place; readonly formerly: readonly FormerPlace[] }
  /** The revision of the `desired` of each province that had its say about the place last. */
  readonly settled: Readonly<Record<string, number>>
  /** Former places that are named though their overlap is over, and were told of. */
  readonly over?: readonly string[]
}

/** Where a receiver stands, and its former places whether or not their overlap is over. */
export type Placed = { readonly present: Place; readonly formerly: readonly FormerPlace[] }

type Configured = Place & { readonly formerly?: readonly FormerPlace[] }

/** As many as agent.yaml may name. */
const MAX_FORMER_PLACES = 4
const OVERLAP_DAYS = 30
/** The overlap of a place that was left without one. */
const OVER = '1970-01-01'

const placeOf = ({ province, commune }: Place): Place => ({ province, commune })

/** Each place once, as it is named first; never the present one. */
const besides = (present: Place, places: readonly FormerPlace[]): readonly FormerPlace[] => {
  const byArea = new Map<string, FormerPlace>()
  for (const place of places)
    if (!(isSamePlace(place, present) || byArea.has(areaOf(place)))) byArea.set(areaOf(place), place)
  return [...byArea.values()]
}

/**
 * Where the receiver stands: where a `desired` moved it, unless agent.yaml was given another place since. A place that
 * it left without overlap is a former one whose overlap is over.
 */
export const placeNow = (
  device: Configured,
  memory: PlaceMemory | undefined,
): Placed & { readonly memory: PlaceMemory } => {
  const configured = placeOf(device)
  const formerly = device.formerly ?? []
  if (memory === undefined) {
    const first = { configured, stood: configured, home: configured.province, settled: {} }
    return { present: configured, formerly, memory: first }
  }
  const { moved, ...rest } = memory
  const holds = isSamePlace(memory.configured, configured) || (moved && isSamePlace(moved.to, configured))
  const kept = holds ? moved : undefined
  const present = kept?.to ?? configured
  const left = [...formerly, ...(kept?.formerly ?? []), { ...memory.stood, until: OVER }]
  return {
    present,
    formerly: besides(present, left),
    memory: { ...rest, configured, ...(kept === undefined ? {} : { moved: kept }) },
  }
}

/** The order of a `desired` as far as it concerns the place. */
export type PlaceOrder = { readonly place: DesiredPlace; readonly rev: number; readonly issued: string }

/** Until when the place that is left is obeyed: days after the local date on which the order was signed. */
export const overlapUntil = ({ place, issued }: PlaceOrder): string =>
  dateText(dayOf(issued) + (place.overlapDays ?? OVERLAP_DAYS))

/**
 * What is remembered when a `desired` of a province came into force; undefined when it says nothing new. `issued` is
 * the local date of its signature: all receivers that it moves keep the same overlap, whenever each of them hears it.
 */
export const ordered = (
  memory: PlaceMemory,
  { present, formerly }: Placed,
  order: PlaceOrder,
): PlaceMemory | undefined => {
  const { province } = present
  if (order.rev === memory.settled[province]) return undefined
  const settled = { ...memory.settled, [province]: order.rev }
  const to = placeOf(order.place)
  if (isSamePlace(to, present)) {
    const stays = movingTo(memory, present) === undefined
    return { ...memory, settled, ...(stays ? {} : { moved: { to, formerly } }) }
  }
  const left = order.place.overlapDays === 0 ? [] : [{ ...present, until: overlapUntil(order) }]
  const lasting = besides(to, [...left, ...formerly]).slice(0, MAX_FORMER_PLACES)
  return { ...memory, settled, moved: { to, formerly: lasting } }
}

/** Where a `desired` has ordered the receiver to, as long as it is not there. */
export const movingTo = ({ moved }: PlaceMemory, present: Place): Place | undefined =>
  moved === undefined || isSamePlace(moved.to, present) ? undefined : moved.to
