import type {
  DocumentKey,
  LatePolicy,
  OnPreempt,
  Part,
  ProgrammeClass,
  ScheduleDocument,
  ScheduleItem,
  SignContent,
  Targets,
  Tier,
  Weekday,
  When,
} from '../documents.ts'
import { type EpochMs, epochMs } from '../time.ts'
import { dayOf, type LocalDay, msOfDay } from './zone.ts'

/** What of the device's configuration decides about items: the effective values, `desired` included. */
export type DeviceScope = {
  readonly id: string
  readonly groups: readonly string[]
  readonly languages: readonly [string, ...string[]]
}

/** When an item is due, ready for planning. `times`: milliseconds after local midnight. */
export type Timing =
  | { readonly kind: 'at'; readonly at: EpochMs }
  | {
      readonly kind: 'recurring'
      readonly times: readonly number[]
      readonly days: ReadonlySet<Weekday> | undefined
      readonly from: LocalDay
      readonly until: LocalDay
      readonly except: ReadonlySet<LocalDay>
    }

/** An item of a schedule with every default of the contract in. Absent `amplifiers`: all of the board. */
export type Item = {
  readonly id: string
  readonly title: string | undefined
  readonly document: DocumentKey
  readonly area: string
  readonly rev: number
  /** The schedule it comes from ends here. */
  readonly expires: EpochMs | undefined
  readonly timing: Timing
  readonly class: ProgrammeClass
  readonly tier: Tier
  readonly language: string
  /** Empty for a sign-only item. */
  readonly parts: readonly Part[]
  readonly repeat: { readonly times: number; readonly gapSeconds: number }
  readonly maxSeconds: number | undefined
  readonly volume: number
  readonly order: number
  readonly late: LatePolicy
  readonly onPreempt: OnPreempt
  readonly amplifiers: readonly string[] | undefined
  readonly sign: SignContent | undefined
  /** Of a place where the device stood before, and until when; `twin`: the present place broadcasts the same at the same times. */
  readonly former?: { readonly until: EpochMs; readonly twin: boolean }
}

export const DEFAULT_VOLUME = 70
const DEFAULT_LATE: LatePolicy = { policy: 'skip', withinSeconds: 60 }
const DEFAULT_ORDER = 100

export const tierOfArea = (area: string): Tier => {
  if (area === 'vn') return 'central'
  return area.includes('/') ? 'commune' : 'province'
}

/** Without `targets` everyone is meant; a list that is there and empty means nobody. */
export const isTarget = (targets: Targets | undefined, device: DeviceScope): boolean =>
  targets === undefined ||
  (targets.devices ?? []).includes(device.id) ||
  (targets.groups ?? []).some((group) => device.groups.includes(group))

const timingOf = (when: When): Timing => {
  if ('at' in when) return { kind: 'at', at: epochMs(Date.parse(when.at)) }
  return {
    kind: 'recurring',
    times: when.times.map(msOfDay).sort((a, b) => a - b),
    days: when.days && new Set(when.days),
    from: when.from === undefined ? Number.NEGATIVE_INFINITY : dayOf(when.from),
    until: when.until === undefined ? Number.POSITIVE_INFINITY : dayOf(when.until),
    except: new Set((when.except ?? []).map(dayOf)),
  }
}

const withDefaults = (item: ScheduleItem, document: ScheduleDocument, device: DeviceScope): Item => ({
  id: item.id,
  title: item.title,
  document: `${document.area}/schedule`,
  area: document.area,
  rev: document.rev,
  expires: document.exp === undefined ? undefined : epochMs(Date.parse(document.exp)),
  timing: timingOf(item.when),
  class: item.class ?? 'normal',
  tier: item.tier ?? tierOfArea(document.area),
  language: item.language ?? device.languages[0],
  parts: item.parts ?? [],
  repeat: { times: item.repeat?.times ?? 1, gapSeconds: item.repeat?.gapSeconds ?? 0 },
  maxSeconds: item.maxSeconds,
  volume: item.volume ?? DEFAULT_VOLUME,
  order: item.order ?? DEFAULT_ORDER,
  late: item.late ?? DEFAULT_LATE,
  onPreempt: item.onPreempt ?? 'resume',
  amplifiers: item.amplifiers,
  sign: item.sign,
})

/** What an order says of an item: the rest is as for an item of the commune that says nothing. */
type Ordered = Pick<Item, 'area' | 'language'> & Partial<Pick<Item, 'class' | 'parts' | 'volume' | 'sign'>>

/** The item of a command: known by the command's id, due at the moment of the order. @see contract, section 4, playback */
export const orderedItem = (id: string, at: EpochMs, ordered: Ordered): Item => ({
  id,
  title: undefined,
  document: 'command',
  rev: 0,
  expires: undefined,
  timing: { kind: 'at', at },
  class: 'normal',
  tier: 'commune',
  parts: [],
  repeat: { times: 1, gapSeconds: 0 },
  maxSeconds: undefined,
  volume: DEFAULT_VOLUME,
  order: DEFAULT_ORDER,
  late: DEFAULT_LATE,
  onPreempt: 'resume',
  amplifiers: undefined,
  sign: undefined,
  ...ordered,
})

/** The items of one schedule that are meant for this device. */
export const itemsOf = (document: ScheduleDocument, device: DeviceScope): readonly Item[] =>
  document.items
    .filter((item) => isTarget(item.targets, device))
    .map((item) => withDefaults(item, document, device))

export const isSignOnly = (item: Pick<Item, 'parts'>): boolean => item.parts.length === 0

/** Whether two revisions of an item broadcast the same; when they are due apart. */
export const isSameBroadcast = (a: Item, b: Item): boolean => broadcastOf(a) === broadcastOf(b)

const broadcastOf = ({
  rev: _rev,
  timing: _timing,
  expires: _expires,
  title: _title,
  former: _former,
  ...broadcast
}: Item): string => JSON.stringify(broadcast)

/** What people hear and when, whoever orders it. */
const heardOf = (item: Item): string => {
  const { timing } = item
  const when =
    timing.kind === 'at' ? timing : { ...timing, days: listOf(timing.days), except: listOf(timing.except) }
  return `${JSON.stringify(when)} ${broadcastOf({ ...item, document: '', area: '', tier: 'commune' })}`
}

const listOf = (days: Iterable<unknown> | undefined): readonly unknown[] | undefined =>
  days && [...days].sort()

/**
 * Items of places where the device stood before, beside those of where it stands: after a merger both often order the
 * same programme, which must not be heard twice.
 */
export const withFormer = (
  present: readonly Item[],
  former: readonly { readonly items: readonly Item[]; readonly until: EpochMs }[],
): readonly Item[] => {
  const ids = new Set(former.flatMap(({ items }) => items.map(({ id }) => id)))
  if (ids.size === 0) return present
  const heard = new Set(present.filter(({ id }) => ids.has(id)).map(heardOf))
  const added = former.flatMap(({ items, until }) =>
    items.map((item): Item => ({ ...item, former: { until, twin: heard.has(heardOf(item)) } })),
  )
  return [...present, ...added]
}
