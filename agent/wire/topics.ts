import type { DocumentKey, DocumentKind } from '../core/documents.ts'
import { areaOf, obeyedAreas, type Place } from '../core/place.ts'

/** Where this device stands in the tree of topics. */
export type DevicePlace = Place & {
  readonly root: string
  readonly id: string
  /** Where it stood before, as long as the documents from there are obeyed. */
  readonly former?: readonly Place[]
  /** Where something of it stays retained: those, and places that it has left for good just now. */
  readonly left?: readonly Place[]
}

type AreaKind = 'trust' | 'schedule' | 'alert' | 'fresh'
type DeviceKind = 'desired' | 'command' | 'job'
type UpKind = 'state' | 'about' | 'reported' | 'heartbeat' | 'playback' | 'event' | 'reply' | 'job'

type AreaIncoming = {
  readonly kind: AreaKind
  readonly key: DocumentKey
  /** `vn`, `75` or `75/26068`. */
  readonly area: string
}
type DeviceIncoming<K extends DeviceKind> = {
  readonly kind: K
  readonly key: DocumentKey
  readonly device: string
  /** What a key's area is compared with: `province/commune`. */
  readonly area: string
}
type DocumentPlace = { readonly kind?: DocumentKind; readonly area?: string; readonly device?: string }

/** What may arrive on a topic. A document's own `area` or `device` must be the one given here. */
export type Incoming =
  | AreaIncoming
  | DeviceIncoming<'desired'>
  | DeviceIncoming<'command'>
  | DeviceIncoming<'job'>
  | { readonly kind: 'acked' }
  /** Our own retained state, or somebody else's will on it. */
  | { readonly kind: 'state' }
  /** What is retained of us in a province where we stood before. */
  | { readonly kind: 'former-state'; readonly province: string }

export type FormerTopics = { readonly state: string; readonly about: string; readonly reported: string }

export type Topics = {
  /** The trust topics of every area, to be subscribed first. */
  readonly trust: readonly string[]
  /** All others that are subscribed, alerts first. Exact topics, never wildcards. */
  readonly rest: readonly string[]
  readonly up: Readonly<Record<UpKind, string>>
  /** What stays retained of this device in other provinces where it stood before, by province. */
  readonly left: ReadonlyMap<string, FormerTopics>
  /** Undefined for a topic that is not ours. */
  classify(topic: string): Incoming | undefined
  /** The topic of ours that a revised document belongs on by its kind and its `area` or `device`. */
  belonging(of: DocumentPlace): AreaIncoming | DeviceIncoming<'desired' | 'job'> | undefined
}

/** How a document is known in `reported.revs` and in records: `75/26068/schedule`, `desired`. */
export const documentKey = (kind: DocumentKind, area?: string): DocumentKey =>
  area === undefined ? kind : `${area}/${kind}`

const AREA_KINDS: readonly AreaKind[] = ['trust', 'alert', 'schedule', 'fresh']
const DEVICE_KINDS: readonly DeviceKind[] = ['command', 'desired', 'job']
const UP_KINDS: readonly UpKind[] = [
  'state',
  'about',
  'reported',
  'heartbeat',
  'playback',
  'event',
  'reply',
  'job',
]

/** Every topic of one device (contract, section 2). */
export const createTopics = (place: DevicePlace): Topics => {
  const { root, id, former = [], left: placesLeft = former } = place
  const areas = obeyedAreas({ present: place, former })
  const area = areaOf(place)
  const deviceIn = (province: string): string => `${root}/device/${province}/${id}`
  const device = deviceIn(place.province)
  const incoming = new Map<string, Incoming>()
  for (const kind of AREA_KINDS)
    for (const area of areas)
      incoming.set(`${root}/area/${area}/${kind}`, { kind, area, key: documentKey(kind, area) })
  for (const kind of DEVICE_KINDS)
    incoming.set(`${device}/down/${kind}`, { kind, device: id, area, key: kind })
  incoming.set(`${device}/down/acked`, { kind: 'acked' })
  incoming.set(`${device}/up/state`, { kind: 'state' })
  const left = new Map<string, FormerTopics>()
  const isElsewhere = ({ province }: Place): boolean => province !== place.province
  for (const { province } of placesLeft.filter(isElsewhere)) {
    const up = `${deviceIn(province)}/up`
    left.set(province, { state: `${up}/state`, about: `${up}/about`, reported: `${up}/reported` })
  }
  for (const { province } of former.filter(isElsewhere)) {
    // Orders are taken from the present province alone; the server of the former one may still acknowledge.
    incoming.set(`${deviceIn(province)}/down/acked`, { kind: 'acked' })
    incoming.set(`${deviceIn(province)}/up/state`, { kind: 'former-state', province })
  }

  const isTrust = (topic: string) => incoming.get(topic)?.kind === 'trust'
  const all = [...incoming.keys()]
  const up = Object.fromEntries(UP_KINDS.map((kind) => [kind, `${device}/up/${kind}`]))
  return {
    trust: all.filter(isTrust),
    rest: all.filter((topic) => !isTrust(topic)),
    up: up as Readonly<Record<UpKind, string>>,
    left,
    classify: (topic) => incoming.get(topic),
    belonging: ({ kind, area: of, device }) => {
      if ((kind === 'desired' || kind === 'job') && device === id) return { kind, device, area, key: kind }
      const areaKind = AREA_KINDS.find((each) => each === kind)
      const known = areas.find((each) => each === of)
      return areaKind === undefined || known === undefined
        ? undefined
        : { kind: areaKind, area: known, key: documentKey(areaKind, known) }
    },
  }
}
