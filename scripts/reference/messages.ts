import type { GenericSchema } from 'valibot'
import { acked, documentSchemas } from '../../agent/wire/documents.ts'
import { upSchemas } from '../../agent/wire/upstream.ts'
import type { Author } from './json-schema.ts'

type Delivery = { readonly qos: 0 | 1; readonly retain: boolean }
/** One sort of message: how it is named, what it is for, how it travels. */
export type Message = Delivery & {
  /** Of its schema file. */
  readonly name: string
  /** Last level of its topic. */
  readonly level: string
  readonly title: string
  readonly description: string
  readonly author: Author
  readonly schema: GenericSchema
}

const SIGNED = 'The payload of a compact JWS (RFC 7515) with Ed25519 (RFC 8037), typ'
const retained: Delivery = { qos: 1, retain: true }
const once: Delivery = { qos: 1, retain: false }
const lossy: Delivery = { qos: 0, retain: false }

const signed = (
  level: 'schedule' | 'alert' | 'fresh' | 'desired' | 'command' | 'job',
  title: string,
  of: Delivery,
): Message => ({
  ...of,
  name: level,
  level,
  title,
  description: `${SIGNED} loa-${level}+jws.`,
  author: 'publisher',
  schema: documentSchemas[level],
})

/** Documents of an area: whole truth of their topic at a revision. */
export const areaMessages: readonly Message[] = [
  {
    ...retained,
    name: 'trust',
    level: 'trust',
    title: 'Keys that may sign',
    description:
      'The payload of a JWS in general JSON serialisation (RFC 7515, 7.2.1), typ loa-trust+jws, signed by root keys.',
    author: 'publisher',
    schema: documentSchemas.trust,
  },
  signed('schedule', 'Schedule', retained),
  signed('alert', 'Alerts in force', retained),
  signed('fresh', 'Newest revisions, said daily', retained),
]

export const downMessages: readonly Message[] = [
  signed('desired', 'Configuration from the province', retained),
  signed('command', 'Order to one device', once),
  signed('job', 'Software update, new key pair, or the end of either', retained),
  {
    ...lossy,
    name: 'acked',
    level: 'acked',
    title: 'Records the server holds',
    description: 'The server holds, or has a GAP for, every record from 1 to upTo; not signed.',
    author: 'publisher',
    schema: acked,
  },
]

const up = (level: keyof typeof upSchemas, title: string, description: string, of: Delivery): Message => ({
  ...of,
  name: level === 'job' ? 'job-state' : level,
  level,
  title,
  description,
  author: 'device',
  schema: upSchemas[level],
})

export const upMessages: readonly Message[] = [
  up('state', 'Presence', 'Birth, clean goodbye, and the will.', retained),
  up('about', 'What this device is', 'Sent after each connection.', retained),
  up(
    'reported',
    'Revisions held, refusals, effective configuration',
    'At most once a second, within 2 s of a change.',
    retained,
  ),
  up('heartbeat', 'Health', 'Every interval, at most 600 bytes.', lossy),
  up(
    'playback',
    'Playback records',
    'A batch of the outbox: at most 64 records or 16 KiB, numbered and chained.',
    once,
  ),
  up('event', 'Event records', 'A batch of the outbox, in the same numbering and chain.', once),
  up('reply', 'Answer to a command', 'What became of one command.', once),
  up(
    'job',
    'Job state',
    'How the update or renewal under way stands, or how the last one ended: at most once a second.',
    retained,
  ),
]
