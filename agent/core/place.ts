import { dayOf, type Zone } from './schedule/zone.ts'
import { type EpochMs, epochMs } from './time.ts'

/** Where a receiver stands: the codes of its province and commune. */
export type Place = { readonly province: string; readonly commune: string }

/** Where it stood before it was moved. `until`: a local date, that day included, or an instant (ISO 8601 with offset). */
export type FormerPlace = Place & { readonly until: string }

/** Where a receiver stands, and where it stood as long as the documents from there are obeyed. */
export type Standing = { readonly present: Place; readonly former: readonly Place[] }

export const isSamePlace = (a: Place, b: Place): boolean =>
  a.province === b.province && a.commune === b.commune

/** `province/commune`. */
export const areaOf = ({ province, commune }: Place): string => `${province}/${commune}`

/** `vn`, the province, the commune: from the widest to the nearest. */
export const areasOf = (place: Place): readonly [string, string, string] => [
  'vn',
  place.province,
  areaOf(place),
]

/** Areas whose documents are obeyed: those of the present place, then what former places add. */
export const obeyedAreas = ({ present, former }: Standing): readonly string[] => [
  ...new Set([present, ...former].flatMap(areasOf)),
]

/** When the documents of an area are obeyed no more; undefined for those of the present place. */
export const areaEnd = (
  area: string,
  present: Place,
  formerly: readonly FormerPlace[],
  zone: Pick<Zone, 'instant'>,
): EpochMs | undefined => {
  if (isFormerArea(area, { present })) {
    const places = formerly.filter((place) => areasOf(place).some((each) => each === area))
    return epochMs(Math.max(...places.map((place) => overlapEnd(place, zone))))
  }
  return undefined
}

const isFormerArea = (area: string, { present }: Pick<Standing, 'present'>): boolean =>
  !areasOf(present).some((each) => each === area)

/**
 * Areas whose trust documents count for a document of an area; of the device's own documents without one. What a former
 * place grants counts for its own documents only, so that nobody there gains anything over the present place.
 */
export const trustedAreas = (area: string | undefined, standing: Standing): readonly string[] => {
  if (area === undefined || !isFormerArea(area, standing)) return areasOf(standing.present)
  const places = standing.former.filter((place) => areasOf(place).some((each) => each === area))
  return [...new Set(places.flatMap(areasOf))]
}

/** When the overlap with a former place ends, exclusive. */
export const overlapEnd = ({ until }: FormerPlace, zone: Pick<Zone, 'instant'>): EpochMs =>
  until.length === 'YYYY-MM-DD'.length ? zone.instant(dayOf(until) + 1, 0) : epochMs(Date.parse(until))

/** The five digits anywhere; two digits only where they stand alone, because a random id may contain them by chance. */
export const namesItsPlace = ({ id, province, commune }: Place & { readonly id: string }): boolean =>
  id.includes(commune) || id.split(/[._-]/).includes(province)
