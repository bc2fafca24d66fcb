import * as v from 'valibot'

/** Declared lengths: at most four hours (contract, section 3). */
export const MAX_SECONDS = 14_400
export const MAX_ITEMS = 2_000
const MAX_REV = 999_999_999_999

export const matching = (pattern: RegExp, maxLength: number, expected: string) =>
  v.pipe(v.string(), v.maxLength(maxLength, `expected ${expected}`), v.regex(pattern, `expected ${expected}`))

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/
export const id = matching(ID_PATTERN, 40, 'an id: 1-40 of A-Z a-z 0-9 . _ -, first a letter or digit')
export const area = matching(/^(?:vn|\d{2}(?:\/\d{5})?)$/, 8, 'an area such as "vn", "75" or "75/26068"')
export const language = matching(
  /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/,
  35,
  'a language tag such as "vi" (BCP 47)',
)
export const sha256 = matching(/^[0-9a-f]{64}$/, 64, 'a SHA-256: 64 lower-case hex digits')
/** 128 random bits: `boot` and `epoch`. */
export const nonce = matching(/^[0-9a-f]{32}$/, 32, '32 lower-case hex digits')
/** PKCS #10 in DER. */
export const csr = matching(/^[A-Za-z0-9_-]{64,4096}$/, 4096, 'a request in base64url')
/** What a device shows, and up to three on the way to the authority. */
export const certificates = matching(
  /^(?:-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n){1,4}$/,
  12_000,
  'one to four certificates in PEM, each ended by a line feed',
)
/** The last of 43 digits carries four bits: only these sixteen are canonical. */
export const publicKey = matching(
  /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/,
  43,
  'an Ed25519 public key: base64url of 32 bytes, without padding',
)
export const code = matching(/^[A-Z][A-Z0-9_]{0,39}$/, 40, 'a code such as NO_MEDIA')

const wellFormed = v.check(
  (text: string) => text.isWellFormed(),
  'expected well-formed Unicode, without lone surrogates',
)
/** Free text, 1 to `max` UTF-16 units. */
export const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max), wellFormed)

const isDate = (value: string): boolean => {
  const at = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value)
}
const DATE = 'a calendar date YYYY-MM-DD'
export const date = v.pipe(matching(/^\d{4}-\d{2}-\d{2}$/, 10, DATE), v.check(isDate, `expected ${DATE}`))
export const timeOfDay = matching(
  /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/,
  8,
  'a local time HH:MM:SS from 00:00:00 to 23:59:59',
)
export const clockTime = matching(
  /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  5,
  'a local time HH:MM from 00:00 to 23:59, in quotes',
)

const INSTANT = 'an instant in ISO 8601 with offset, such as 2026-11-22T05:00:00+07:00'
const INSTANT_PATTERN =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
export const instant = v.pipe(
  matching(INSTANT_PATTERN, 40, INSTANT),
  v.check((value) => isDate(value.slice(0, 10)), `expected ${INSTANT}`),
)
/** As the device sends it: UTC with milliseconds. */
export const utcInstant = matching(
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
  24,
  'an instant in UTC with milliseconds, such as 2026-11-21T22:00:00.000Z',
)

export const integer = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.integer(`expected an integer from ${min} to ${max}`),
    v.minValue(min, `expected an integer from ${min} to ${max}`),
    v.maxValue(max, `expected an integer from ${min} to ${max}`),
  )
export const quantity = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.minValue(min, `expected a number from ${min} to ${max}`),
    v.maxValue(max, `expected a number from ${min} to ${max}`),
  )
/** More than nothing. */
export const duration = (max: number) =>
  v.pipe(
    v.number(),
    v.gtValue(0, `expected seconds above 0, at most ${max}`),
    v.maxValue(max, `expected seconds above 0, at most ${max}`),
  )
export const seconds = duration(MAX_SECONDS)
export const percent = quantity(0, 100)
export const rev = integer(1, MAX_REV)
/** Revision in records and in `reported`: 0 for what no document asked for. */
export const heldRev = integer(0, MAX_REV)
