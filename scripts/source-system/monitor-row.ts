/** What the latest messages of one device say, reduced to a row. Members are absent until the device has said them. */
export type DeviceRow = {
  readonly device: string
  readonly province: string
  /** The heartbeat's state while the device is online, else `offline` or `lost`. */
  readonly state: string
  readonly health?: string
  readonly problems: readonly string[]
  readonly item?: string
  readonly next?: { readonly item: string; readonly at: string; readonly armed: boolean }
  readonly clock?: string
  readonly outbox?: number
  readonly agent?: string
  /** Serial numbers of the boards that spoke under this id while it was watched, when there were several. */
  readonly serials?: readonly string[]
  /** An earlier board spoke again after another: two are on with one card's contents. A new board alone is a repair. */
  readonly cloned?: boolean
  /** When the latest message of the device arrived. */
  readonly heardAt: number
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined

export type DeviceMessages = {
  readonly state?: Readonly<Record<string, unknown>>
  readonly heartbeat?: Readonly<Record<string, unknown>>
  /** Serial numbers in the order in which they spoke, never the same twice in a row. */
  readonly boards?: readonly string[]
  readonly heardAt: number
}

/** Enough to see one come back; a device that is told two serials for ever takes no more room. */
const MOST_BOARDS = 8

/** The boards of a device after it has said what it is. */
export const boardsAfter = (boards: readonly string[], about: unknown): readonly string[] => {
  const serial = text(member(about, 'serial'))
  if (serial === undefined || serial === 'unknown' || serial === boards.at(-1)) return boards
  return [...boards, serial].slice(-MOST_BOARDS)
}

/** A heartbeat newer than the state means online, whatever the retained state says. */
const stateOf = ({ state, heartbeat }: DeviceMessages): string => {
  const said = text(member(state, 'state')) ?? 'unknown'
  const saidAt = text(member(state, 'at')) ?? ''
  const beatAt = text(member(heartbeat, 'at')) ?? ''
  if (heartbeat !== undefined && (said === 'online' || beatAt > saidAt)) {
    return text(member(heartbeat, 'state')) ?? 'online'
  }
  return said
}

const nextOf = (heartbeat: unknown): DeviceRow['next'] => {
  const next = member(heartbeat, 'next')
  const item = text(member(next, 'item'))
  const at = text(member(next, 'at'))
  return item === undefined || at === undefined
    ? undefined
    : { item, at, armed: member(next, 'armed') === true }
}

const present = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  JSON.parse(JSON.stringify(members))

export const rowOf = (province: string, device: string, messages: DeviceMessages): DeviceRow => {
  const { state, heartbeat, heardAt, boards = [] } = messages
  const serials = [...new Set(boards)]
  const problems = member(heartbeat, 'problems')
  const outbox = member(heartbeat, 'outbox')
  const optional = {
    health: text(member(heartbeat, 'health')),
    item: text(member(heartbeat, 'item')),
    next: nextOf(heartbeat),
    clock: text(member(member(heartbeat, 'clock'), 'state')),
    outbox: typeof outbox === 'number' ? outbox : undefined,
    agent: text(member(state, 'agent')),
    serials: serials.length > 1 ? serials : undefined,
    cloned: boards.length > serials.length ? true : undefined,
  }
  return {
    device,
    province,
    state: stateOf(messages),
    problems: Array.isArray(problems) ? problems.map(String) : [],
    heardAt,
    ...present(optional),
  }
}
