import { type BrokerOptions, connectToBroker } from './connection.ts'
import { boardsAfter, type DeviceMessages, type DeviceRow, rowOf } from './monitor-row.ts'
import { DEFAULT_TOPIC_ROOT } from './publisher.ts'
import { type DeviceAddress, deviceTopic, parseUpTopic } from './topics.ts'
import { createWaiters } from './waiters.ts'

export type MonitorOptions = BrokerOptions & {
  readonly topicRoot?: string
  /** Only these, on exact topics, for brokers that serve no wildcards; every device when absent. */
  readonly devices?: readonly DeviceAddress[]
  readonly onChange?: (row: DeviceRow) => void
}

/** The latest body a device sent on each of its topics of `up/`, by the last level: `state`, `heartbeat`, `reported`, … */
type DeviceBodies = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type Monitor = AsyncDisposable & {
  /** By device id. */
  readonly rows: () => readonly DeviceRow[]
  readonly bodies: (device: string) => DeviceBodies | undefined
  /** Resolves with the first value that `look` finds, asked now and after each message; rejects after the deadline. */
  readonly until: <T>(look: (monitor: Monitor) => T | undefined, timeoutMs: number) => Promise<T>
}

const LEAVES = ['state', 'about', 'reported', 'heartbeat'] as const
type Heard = DeviceAddress & {
  heardAt: number
  boards: readonly string[]
  bodies: Record<string, Readonly<Record<string, unknown>>>
}

const parse = (payload: Buffer): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    // A monitor shows what can be read; a cleared retained topic is empty and no fault.
    return undefined
  }
}

const messagesOf = ({ bodies, boards, heardAt }: Heard): DeviceMessages => ({
  heardAt,
  boards,
  ...(bodies['state'] === undefined ? {} : { state: bodies['state'] }),
  ...(bodies['heartbeat'] === undefined ? {} : { heartbeat: bodies['heartbeat'] }),
})

/**
 * Whether a message tells of where a device stands. One that was moved is where it speaks: what stays retained of it in
 * another province is nothing of today.
 */
export const isOfToday = (
  known: Pick<DeviceAddress, 'province'> | undefined,
  { province, leaf }: { readonly province: string; readonly leaf: string },
  body: Readonly<Record<string, unknown>>,
): boolean =>
  known === undefined ||
  known.province === province ||
  leaf === 'heartbeat' ||
  (leaf === 'state' && body['state'] === 'online')

/** Follows the state and the heartbeats of devices. */
export const openMonitor = async (options: MonitorOptions): Promise<Monitor> => {
  const root = options.topicRoot ?? DEFAULT_TOPIC_ROOT
  const heard = new Map<string, Heard>()
  const row = (each: Heard): DeviceRow => rowOf(each.province, each.device, messagesOf(each))
  const client = await connectToBroker({ ...options, persistent: true })
  const monitor: Monitor = {
    rows: () => [...heard.values()].map(row).sort((a, b) => (a.device < b.device ? -1 : 1)),
    bodies: (device) => heard.get(device)?.bodies,
    until: (look, timeoutMs) => waiters.until(look, timeoutMs),
    [Symbol.asyncDispose]: async () => {
      waiters.end()
      await client.endAsync()
    },
  }
  const waiters = createWaiters(monitor)

  client.on('message', (topic, payload) => {
    const from = parseUpTopic(root, topic)
    const body = parse(payload)
    if (from === undefined || body === undefined) return
    const { province, device, leaf } = from
    const known = heard.get(device)
    if (!isOfToday(known, from, body)) return
    const each =
      known?.province === province
        ? known
        : { province, device, heardAt: 0, boards: known?.boards ?? [], bodies: {} }
    each.heardAt = Date.now()
    each.bodies[leaf] = body
    if (leaf === 'about') each.boards = boardsAfter(each.boards, body)
    heard.set(device, each)
    options.onChange?.(row(each))
    waiters.check()
  })
  const devices = options.devices ?? [{ province: '+', device: '+' }]
  await client.subscribeAsync(
    devices.flatMap((device) => LEAVES.map((leaf) => deviceTopic(root, device, `up/${leaf}`))),
    { qos: 1 },
  )
  return monitor
}
