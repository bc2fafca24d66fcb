import type { Monitor } from '../source-system/monitor.ts'

type DeviceBodies = NonNullable<ReturnType<Monitor['bodies']>>

const object = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const objects = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(object) : []

/** What of the device's messages the demo speaks of. */
type Facts = {
  readonly state: string | undefined
  readonly revs: ReadonlyMap<string, number>
  readonly rejected: readonly string[]
  readonly armed: readonly string[]
  readonly beat: string | undefined
  /** What the latest heartbeat says; the same again is no news. */
  readonly condition: string
}

const factsOf = (bodies: DeviceBodies): Facts => {
  const reported = object(bodies['reported'])
  const state = object(bodies['state'])['state']
  const beat = object(bodies['heartbeat'])
  return {
    state: typeof state === 'string' ? state : undefined,
    revs: new Map(Object.entries(object(reported['revs'])).map(([document, rev]) => [document, Number(rev)])),
    rejected: objects(reported['rejected']).map(
      ({ document, code, path, message }) =>
        `${document}: ${code}${path === undefined ? '' : ` at ${path}`}: ${message}`,
    ),
    armed: objects(reported['next']).flatMap(({ item, at, armed }) =>
      armed === true ? [`${item} ${at}`] : [],
    ),
    beat: beat['seq'] === undefined ? undefined : String(beat['seq']),
    condition: `${beat['state']}, health ${beat['health']}, clock ${object(beat['clock'])['state']}, outbox ${beat['outbox']}`,
  }
}

const NOTHING: Facts = {
  state: undefined,
  revs: new Map(),
  rejected: [],
  armed: [],
  beat: undefined,
  condition: '',
}

/** Turns the messages of a device into lines, one for each thing that changed since the last look. */
export const createDeviceNews = (): ((bodies: DeviceBodies) => readonly string[]) => {
  let before = NOTHING
  return (bodies) => {
    const facts = factsOf(bodies)
    const lines = [
      ...(facts.state !== undefined && facts.state !== before.state ? [`says it is ${facts.state}`] : []),
      ...[...facts.revs]
        .filter(([document, rev]) => before.revs.get(document) !== rev)
        .map(([document, rev]) => `accepted ${document} revision ${rev}`),
      ...facts.rejected.filter((each) => !before.rejected.includes(each)).map((each) => `REFUSED ${each}`),
      ...facts.armed
        .filter((each) => !before.armed.includes(each))
        .map((each) => `armed ${each.split(' ', 1)[0]}: everything it needs is here and checked`),
      ...(facts.beat !== undefined && facts.condition !== before.condition
        ? [`heartbeat ${facts.beat}: ${facts.condition}`]
        : []),
    ]
    before = facts
    return lines
  }
}

export const acceptedRevision = (bodies: DeviceBodies | undefined, document: string): number | undefined =>
  factsOf(bodies ?? {}).revs.get(document)

export const isArmed = (bodies: DeviceBodies | undefined, item: string): boolean =>
  factsOf(bodies ?? {}).armed.some((each) => each.startsWith(`${item} `))

/** Refusals of one document. */
export const refusalsOf = (bodies: DeviceBodies | undefined, document: string): readonly string[] =>
  factsOf(bodies ?? {}).rejected.filter((each) => each.startsWith(`${document}:`))
