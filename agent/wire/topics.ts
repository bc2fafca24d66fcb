import type { DocumentKey, DocumentKind } from '../core/documents.ts'

/** Where this device stands in the tree of topics. */
export type Place = {
  readonly root: string
  /** Two digits. */
  readonly province: string
  /** Five digits. */
  readonly commune: string
  readonly id: string
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

export type Topics = {
  /** The three trust topics, to be subscribed first. */
  readonly trust: readonly string[]
  /** All others that are subscribed, alerts first. Exact topics, never wildcards. */
  readonly rest: readonly string[]
  readonly up: Readonly<Record<UpKind, string>>
  /** Undefined for a topic that is not ours. */
  classify(topic: string): Incoming | undefined
  /** The topic of ours that a revised document belongs on by its kind and its `area` or `device`. */
  belonging(of: DocumentPlace): AreaIncoming | DeviceIncoming<'desired'> | undefined
}

/** `vn`, the province, the commune: from the widest to the nearest. */
export const areasOf = (place: Pick<Place, 'province' | 'commune'>): readonly [string, string, string] => [
  'vn',
  place.province,
  `${place.province}/${place.commune}`,
]

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
export const createTopics = (place: Place): Topics => {
  const areas = areasOf(place)
  const device = `${place.root}/device/${place.province}/${place.id}`
  const incoming = new Map<string, Incoming>()
  for (const kind of AREA_KINDS)
    for (const area of areas)
      incoming.set(`${place.root}/area/${area}/${kind}`, { kind, area, key: documentKey(kind, area) })
  for (const kind of DEVICE_KINDS)
    incoming.set(`${device}/down/${kind}`, { kind, device: place.id, area: areas[2], key: kind })
  incoming.set(`${device}/down/acked`, { kind: 'acked' })
  incoming.set(`${device}/up/state`, { kind: 'state' })

  const isTrust = (topic: string) => incoming.get(topic)?.kind === 'trust'
  const all = [...incoming.keys()]
  const up = Object.fromEntries(UP_KINDS.map((kind) => [kind, `${device}/up/${kind}`]))
  return {
    trust: all.filter(isTrust),
    rest: all.filter((topic) => !isTrust(topic)),
    up: up as Readonly<Record<UpKind, string>>,
    classify: (topic) => incoming.get(topic),
    belonging: ({ kind, area, device }) => {
      if (kind === 'desired' && device === place.id) return { kind, device, area: areas[2], key: kind }
      const areaKind = AREA_KINDS.find((each) => each === kind)
      const known = areas.find((each) => each === area)
      return areaKind === undefined || known === undefined
        ? undefined
        : { kind: areaKind, area: known, key: documentKey(areaKind, known) }
    },
  }
}
