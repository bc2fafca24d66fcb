import type {
  Command,
  DocumentKind,
  ProgrammeClass,
  RevisedDocument,
  TrustDocument,
  TrustKey,
} from '../documents.ts'
import { areaOf } from '../place.ts'
import { classLevel } from '../schedule/rank.ts'
import type { EpochMs } from '../time.ts'

const AREA = /^(?:vn|\d{2}(?:\/\d{5})?)$/

/** True when an area is the other or holds it: by whole segments, `vn` holds all. What is not an area covers nothing. */
export const covers = (keyArea: string, area: string): boolean => {
  if (!AREA.test(keyArea) || !AREA.test(area)) return false
  return keyArea === 'vn' || keyArea === area || area.startsWith(`${keyArea}/`)
}

/** What a document asks of the key that signs it. */
export type Demand = {
  readonly kind: DocumentKind
  /** `vn`, `75` or `75/26068`; for documents of a device its `province/commune`. */
  readonly area: string
  /** Highest class of anything in it. */
  readonly class: ProgrammeClass
}

const highest = (classes: readonly ProgrammeClass[]): ProgrammeClass =>
  classes.reduce((a, b) => (classLevel(a) >= classLevel(b) ? a : b), 'normal')

const classOf = (document: Exclude<RevisedDocument, TrustDocument> | Command): ProgrammeClass => {
  if (document.kind === 'schedule') return highest(document.items.map((item) => item.class ?? 'normal'))
  if (document.kind === 'alert') return 'emergency'
  if (document.kind === 'command' && document.op === 'play') return document.args.class ?? 'normal'
  return 'normal'
}

/** `deviceArea` is the `province/commune` of this device. */
export const demandOf = (
  document: Exclude<RevisedDocument, TrustDocument> | Command,
  deviceArea: string,
): Demand => ({
  kind: document.kind,
  area: 'area' in document ? document.area : deviceArea,
  class: classOf(document),
})

/** All that a document asks of its key: one that moves the device asks the same again for where it is to stand. */
export const demandsOf = (
  document: Parameters<typeof demandOf>[0],
  deviceArea: string,
): readonly [Demand, ...Demand[]] => {
  const here = demandOf(document, deviceArea)
  const place = document.kind === 'desired' ? document.config.place : undefined
  return place === undefined ? [here] : [here, { ...here, area: areaOf(place) }]
}

/** True when a grant covers area, kind and class; dates apart. */
export const isGranted = (grant: TrustKey, demand: Demand): boolean =>
  covers(grant.area, demand.area) &&
  grant.kinds.includes(demand.kind) &&
  classLevel(demand.class) <= classLevel(grant.maxClass)

/** Time as documents and keys are judged by it. */
export type JudgingTime = {
  readonly now: EpochMs
  readonly floor: EpochMs
  /** The clock is `unset`: `nbf` is not judged, `exp` is compared with the floor. */
  readonly unset: boolean
}

/** True until `exp`, exclusive. */
export const isUnexpired = (exp: string, time: JudgingTime): boolean =>
  Date.parse(exp) > (time.unset ? time.floor : time.now)

export const isInDate = (grant: Pick<TrustKey, 'nbf' | 'exp'>, time: JudgingTime): boolean =>
  (time.unset || Date.parse(grant.nbf) <= time.now) && isUnexpired(grant.exp, time)
