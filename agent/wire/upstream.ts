import * as v from 'valibot'
import type { Code } from '../core/codes.ts'
import { OPTIONAL_PARTS } from '../core/safe-mode.ts'
import { SIGN_PROOFS } from '../core/sign/proof.ts'
import { UPDATE_STATES, UPDATE_WAITS } from '../core/update/progress.ts'
import type { UpMessages } from '../core/upstream.ts'
import { programmeClass, tier, version } from './content.ts'
import { readJson } from './json.ts'
import { dayRange, fadeInSeconds, intervalSeconds, normalFromProvince, volumeCap } from './policy.ts'
import {
  code as anyCode,
  csr,
  heldRev,
  id,
  integer,
  language,
  matching,
  nonce,
  percent,
  quantity,
  sha256,
  text,
  utcInstant,
} from './scalars.ts'
import { fields, list, table } from './shape.ts'
import { validate } from './validate.ts'

/** What the device sends, as monitoring systems may rely on it. New codes may come, so any code is accepted here. */

const code = anyCode as unknown as v.GenericSchema<string, Code>
const refusal = v.picklist([
  'BAD_SIGNATURE',
  'UNKNOWN_KEY',
  'OUT_OF_SCOPE',
  'OLD_REVISION',
  'REV_CONFLICT',
  'REV_JUMP',
  'EXPIRED',
  'REPLAYED',
  'WRONG_DEVICE',
  'WRONG_BOOT',
  'INVALID',
  'TOO_LARGE',
  'TOO_MANY',
])
const count = integer(0, 999_999_999_999)
const share = quantity(0, 1)
const measure = quantity(-999_999_999_999, 999_999_999_999)
const words = text(256)
const documentKey = matching(
  /^(?:(?:vn|\d{2}(?:\/\d{5})?)\/(?:trust|schedule|alert|fresh)|desired|command|job|local|contact)$/,
  64,
  'a document such as 75/26068/schedule, desired or local',
)

const state = fields({
  v: version,
  state: v.picklist(['online', 'offline', 'lost']),
  boot: nonce,
  connection: count,
  agent: words,
  at: utcInstant,
})

const about = fields({
  v: version,
  device: id,
  province: words,
  commune: words,
  kind: words,
  board: words,
  model: words,
  serial: words,
  agent: words,
  node: words,
  os: words,
  audio: words,
  amplifiers: list(id, { max: 4 }),
  signs: list(fields({ id, driver: words, width: integer(1, 100_000), height: integer(1, 100_000) }), {
    max: 4,
  }),
  inputs: list(id, { max: 16 }),
  languages: list(language, { max: 16 }),
  capabilities: list(words, { max: 100 }),
})

const place = {
  province: matching(/^\d{2}$/, 2, 'two digits'),
  commune: matching(/^\d{5}$/, 5, 'five digits'),
}
const effective = fields({
  policy: fields({
    quietHours: list(fields(dayRange), { max: 48 }),
    volume: list(fields(volumeCap), { max: 48 }),
    normalFromProvince,
    fadeInSeconds,
  }),
  groups: list(id, { max: 1_000 }),
  heartbeat: fields({ intervalSeconds }),
  volume: percent,
  languages: list(language, { max: 16 }),
  place: fields({
    ...place,
    formerly: v.exactOptional(list(fields({ ...place, until: words }), { max: 9 })),
    movingTo: v.exactOptional(fields(place)),
  }),
})

const reported = fields({
  v: version,
  at: utcInstant,
  revs: table(documentKey, heldRev, 100),
  rejected: list(
    fields({
      document: documentKey,
      rev: v.exactOptional(v.number()),
      code: refusal,
      path: v.exactOptional(v.string()),
      message: v.string(),
    }),
    { max: 10 },
  ),
  config: effective,
  media: fields({ wanted: count, present: count, missing: list(sha256, { max: 20 }) }),
  next: list(fields({ item: id, at: utcInstant, armed: v.boolean(), reason: v.exactOptional(code) }), {
    max: 10,
  }),
})

const clockState = v.picklist(['synced', 'held', 'stale', 'unset'])
const heartbeat = fields({
  v: version,
  seq: count,
  at: utcInstant,
  up: quantity(0, 999_999_999_999),
  state: v.picklist(['idle', 'playing', 'alert', 'muted']),
  item: v.exactOptional(id),
  health: v.picklist(['ok', 'degraded', 'fault']),
  problems: list(code, { max: 64 }),
  more: v.exactOptional(count),
  clock: fields({ state: clockState, offsetMs: measure }),
  volume: percent,
  cpuC: v.exactOptional(measure),
  rssMb: measure,
  diskMb: measure,
  outbox: count,
  next: v.exactOptional(fields({ item: id, at: utcInstant, armed: v.boolean() })),
  net: v.exactOptional(
    fields({ bearer: words, dbm: v.exactOptional(measure), usedMb: v.exactOptional(measure) }),
  ),
  power: v.exactOptional(fields({ mains: v.exactOptional(v.boolean()), volts: v.exactOptional(measure) })),
  amps: v.exactOptional(table(id, v.picklist(['off', 'on', 'stuck']), 4)),
  signs: v.exactOptional(table(id, v.picklist(['ok', 'fault']), 4)),
  shown: v.exactOptional(table(id, v.picklist(SIGN_PROOFS), 4)),
  underruns: count,
  safe: v.exactOptional(fields({ part: v.exactOptional(v.picklist(OPTIONAL_PARTS)), until: utcInstant })),
  heard: v.exactOptional(fields({ last: share, mean: share })),
})

const chained = { n: integer(1, 999_999_999_999), prev: sha256, hash: sha256 }
const batchOf = <const S extends v.GenericSchema>(record: S) =>
  fields({ v: version, device: id, epoch: nonce, records: list(record, { min: 1, max: 64 }) })

const playback = batchOf(
  fields({
    ...chained,
    item: id,
    document: documentKey,
    rev: heldRev,
    class: programmeClass,
    tier,
    planned: utcInstant,
    started: v.exactOptional(utcInstant),
    ended: v.exactOptional(utcInstant),
    playedSeconds: v.exactOptional(quantity(0, 999_999_999)),
    shownSeconds: v.exactOptional(quantity(0, 999_999_999)),
    startErrorMs: v.exactOptional(measure),
    clock: clockState,
    result: v.picklist(['completed', 'partial', 'preempted', 'interrupted', 'missed', 'skipped', 'failed']),
    reason: v.exactOptional(code as v.GenericSchema<string, never>),
    cuts: v.exactOptional(count),
    volume: percent,
    underruns: count,
    frames: count,
    relay: v.exactOptional(v.boolean()),
    heard: v.exactOptional(share),
  }),
)

const event = batchOf(
  fields({
    ...chained,
    at: utcInstant,
    code: anyCode,
    severity: v.picklist(['info', 'warning', 'alarm']),
    data: table(v.string(), v.unknown(), 256),
  }),
)

const reply = fields({
  v: version,
  id,
  status: v.picklist(['accepted', 'started', 'done', 'failed', 'rejected']),
  code: v.exactOptional(code),
  data: v.exactOptional(table(v.string(), v.unknown(), 10_000)),
  at: utcInstant,
})

const job = fields({
  v: version,
  at: utcInstant,
  id: v.exactOptional(id),
  state: v.picklist(UPDATE_STATES),
  version: v.exactOptional(words),
  progress: v.exactOptional(percent),
  waits: v.exactOptional(
    fields({
      for: v.picklist(UPDATE_WAITS),
      item: v.exactOptional(id),
      until: v.exactOptional(utcInstant),
    }),
  ),
  csr: v.exactOptional(csr),
  code: v.exactOptional(code),
  message: v.exactOptional(v.string()),
})

/** The schemas that are published; each yields exactly the type of the core. */
export const upSchemas: { readonly [K in keyof UpMessages]: v.GenericSchema<unknown, UpMessages[K]> } = {
  state,
  about,
  reported,
  heartbeat,
  playback,
  event,
  reply,
  job,
}

/**
 * A message of a device, for monitors and tests; records keep only the members known here, so a chain is to be
 * checked on the bytes, not on this.
 * @throws TOO_LARGE; INVALID with the path of the first fault
 */
export const parseUpMessage = <K extends keyof UpMessages>(kind: K, bytes: Uint8Array): UpMessages[K] => {
  const schema: v.GenericSchema<unknown, UpMessages[K]> = upSchemas[kind]
  return validate(schema, readJson(bytes))
}
