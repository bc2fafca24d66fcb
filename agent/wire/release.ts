import * as v from 'valibot'
import { LoaError } from '../core/error.ts'
import type { Release, ReleaseKey } from '../core/update/release.ts'
import type { SlotsState, UpdateRequest } from '../core/update/slots.ts'
import { isVersion } from '../core/update/version.ts'
import { url } from './content.ts'
import { openCompact } from './envelope.ts'
import { checkSize, readJson } from './json.ts'
import { code, id, instant, integer, language, sha256, text } from './scalars.ts'
import { fields, list, table } from './shape.ts'
import { validate } from './validate.ts'

/** Of release.jws, slots.json and request.json each. */
export const MAX_UPDATE_JSON_BYTES = 65_536
/** Several times the package of today. */
export const MAX_PACKAGE_BYTES = 268_435_456

const VERSION = 'a version of three numbers such as 1.2.0'
const version = v.pipe(
  v.string(),
  v.maxLength(20, `expected ${VERSION}`),
  v.check(isVersion, `expected ${VERSION}`),
)

const file = fields({
  arch: v.picklist(['amd64', 'arm64']),
  sha256,
  bytes: integer(1, MAX_PACKAGE_BYTES),
  urls: list(url, { max: 8 }),
})

const release: v.GenericSchema<unknown, Release> = fields({
  kind: v.literal('release'),
  v: v.literal(1),
  version,
  iat: instant,
  exp: instant,
  from: v.exactOptional(version),
  files: list(file, { min: 1, max: 2, unique: 'arch' }),
  notes: v.exactOptional(table(language, text(2_000), 8)),
})

const slot = v.picklist(['a', 'b'])
const lived = { version, sha256 }
const before = fields({ sound: v.boolean(), broker: v.boolean() })
const requestId = id

const slots = v.pipe(
  fields({
    v: v.literal(1),
    committed: fields({ slot: v.picklist(['package', 'a', 'b']), version }),
    staged: v.exactOptional(fields({ slot, ...lived })),
    trial: v.exactOptional(fields({ slot, ...lived, starts: integer(0, 100), before })),
    refused: list(fields({ ...lived, reason: v.string(), at: v.string() }), { max: 64 }),
    last: v.exactOptional(
      fields({
        request: v.exactOptional(requestId),
        result: v.picklist(['staged', 'trying', 'committed', 'cancelled', 'back', 'refused']),
        code: v.exactOptional(code),
        message: v.exactOptional(v.string()),
      }),
    ),
  }),
  v.check(({ staged, trial }) => !(staged && trial), 'has both staged and trial'),
  v.check(
    ({ committed, staged, trial }) => (staged ?? trial)?.slot !== committed.slot,
    'what is committed is staged or on trial as well',
  ),
)

const head = { v: v.literal(1), id: requestId }
const request: v.GenericSchema<unknown, UpdateRequest> = v.variant('op', [
  v.object({ ...head, op: v.picklist(['stage', 'commit', 'cancel']) }),
  v.object({ ...head, op: v.literal('try'), before }),
  v.object({ ...head, op: v.literal('sick'), reason: text(500) }),
])

/** @throws TOO_LARGE, INVALID */
export const parseSlots = (bytes: Uint8Array): SlotsState =>
  validate(slots as v.GenericSchema<unknown, unknown>, readJson(bytes, MAX_UPDATE_JSON_BYTES)) as SlotsState

/** @throws TOO_LARGE, INVALID */
export const parseUpdateRequest = (bytes: Uint8Array): UpdateRequest =>
  validate(request, readJson(bytes, MAX_UPDATE_JSON_BYTES))

type Verify = (publicKeyX: string, data: Uint8Array, signature: Uint8Array) => boolean

/**
 * The release of a compact JWS that one of `keys` has signed. A line feed at its end is passed over.
 * @throws TOO_LARGE, BAD_SIGNATURE, UNKNOWN_KEY, INVALID
 */
export const openRelease = (
  bytes: Uint8Array,
  keys: readonly ReleaseKey[],
  verifyEd25519: Verify,
): Release => {
  checkSize(bytes, MAX_UPDATE_JSON_BYTES)
  const { payload, signatures } = openCompact(
    'release',
    bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes,
  )
  const [signed] = signatures
  const key = keys.find(({ kid }) => kid === signed?.kid)
  if (!signed || !key)
    throw new LoaError(
      'UNKNOWN_KEY',
      keys.length === 0
        ? 'agent.yaml names no key under update.keys: no release is taken'
        : `update.keys of agent.yaml does not hold ${signed?.kid ?? 'the key'}`,
    )
  if (!verifyEd25519(key.x, signed.signingInput, signed.signature))
    throw new LoaError('BAD_SIGNATURE', `the signature of ${signed.kid} does not verify`)
  return validate(release, readJson(payload, MAX_UPDATE_JSON_BYTES))
}
