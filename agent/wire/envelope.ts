import * as v from 'valibot'
import type { DocumentKind } from '../core/documents.ts'
import type { Envelope, EnvelopeSignature } from '../core/envelope.ts'
import { LoaError } from '../core/error.ts'
import { decodeBase64url } from './base64url.ts'
import { checkSize, MAX_MESSAGE_BYTES, readJson } from './json.ts'

/** Releases are signed alike, by keys of their own. */
type SignedKind = DocumentKind | 'release'

const MAX_HEADER_CHARACTERS = 512
const MAX_SIGNATURES = 16
const OPENING_BRACE = 0x7b

const refuse = (message: string, cause?: unknown): LoaError =>
  new LoaError('BAD_SIGNATURE', message, cause === undefined ? {} : { cause })

const decode = (text: string, what: string): Uint8Array => {
  const bytes = decodeBase64url(text)
  if (!bytes) throw refuse(`${what} is not canonical base64url`)
  return bytes
}

const parseHeader = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refuse('the protected header is not JSON', cause)
  }
}

const header = v.strictObject({
  alg: v.literal('EdDSA'),
  kid: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/)),
  typ: v.string(),
})

/** Three members with text values and no escapes have exactly this many quotes: a member written twice has more. */
const QUOTES = 12

/** The kid of a header that is exactly `alg`, `kid` and `typ`. */
const readHeader = (kind: SignedKind, encoded: string): string => {
  if (encoded.length > MAX_HEADER_CHARACTERS) throw refuse('the protected header is too long')
  const text = Buffer.from(decode(encoded, 'the protected header')).toString('latin1')
  if (text.includes('\\') || text.split('"').length !== QUOTES + 1)
    throw refuse('the protected header is not exactly alg, kid and typ')
  const result = v.safeParse(header, parseHeader(text))
  if (!result.success) throw refuse('the protected header is not exactly alg EdDSA, kid and typ')
  const { kid, typ } = result.output
  if (typ !== `loa-${kind}+jws`) throw refuse(`typ is not loa-${kind}+jws`)
  return kid
}

const readSignature = (
  kind: SignedKind,
  protectedHeader: string,
  payload: string,
  signature: string,
): EnvelopeSignature => ({
  kid: readHeader(kind, protectedHeader),
  signingInput: new TextEncoder().encode(`${protectedHeader}.${payload}`),
  signature: decode(signature, 'the signature'),
})

/**
 * Takes a compact JWS apart without judging its signature. @throws BAD_SIGNATURE
 * @see RFC 7515, section 7.1
 */
export const openCompact = (kind: SignedKind, bytes: Uint8Array): Envelope => {
  const [protectedHeader, payload, signature, ...rest] = Buffer.from(bytes).toString('latin1').split('.', 4)
  if (protectedHeader === undefined || payload === undefined || signature === undefined || rest.length > 0)
    throw refuse('not a compact JWS of three parts')
  return {
    form: 'compact',
    signatures: [readSignature(kind, protectedHeader, payload, signature)],
    payload: decode(payload, 'the payload'),
  }
}

const general = v.strictObject({
  payload: v.string(),
  signatures: v.pipe(
    v.array(v.strictObject({ protected: v.string(), signature: v.string() })),
    v.minLength(1),
    v.maxLength(MAX_SIGNATURES),
  ),
})

/** @see RFC 7515, section 7.2.1 */
const openGeneral = (kind: SignedKind, value: unknown): Envelope => {
  const result = v.safeParse(general, value, { abortEarly: true })
  if (!result.success)
    throw refuse('not exactly payload and signatures, each of exactly protected and signature')
  const { payload } = result.output
  const signatures = result.output.signatures.map((entry) =>
    readSignature(kind, entry.protected, payload, entry.signature),
  )
  if (new Set(signatures.map(({ kid }) => kid)).size < signatures.length) throw refuse('a key signed twice')
  return { form: 'general', signatures, payload: decode(payload, 'the payload') }
}

const isGeneral = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'payload' in value && 'signatures' in value

const readGeneral = (bytes: Uint8Array): unknown => {
  try {
    return readJson(bytes)
  } catch (cause) {
    throw refuse('not a JWS in JSON serialisation', cause)
  }
}

const startsObject = (bytes: Uint8Array): boolean =>
  bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) === OPENING_BRACE

/**
 * Takes a message apart without judging its signatures; `UNKNOWN_KEY` is for the caller to find.
 * The header is exactly alg EdDSA, kid and `loa-<kind>+jws`, whatever `signatures` says.
 * With `off` bare JSON is accepted too, and a JWS of either serialisation is decoded.
 * @throws TOO_LARGE over 1,000,000 bytes
 * @throws BAD_SIGNATURE when the envelope is not exactly as the contract says
 * @throws INVALID with `off`, for a bare message that is not JSON
 * @see RFC 7515, RFC 8037; contract, section 3
 */
export const openEnvelope = (
  kind: DocumentKind,
  bytes: Uint8Array,
  options: { readonly signatures: 'required' | 'off' },
): Envelope => {
  checkSize(bytes, MAX_MESSAGE_BYTES)
  if (options.signatures === 'required')
    return kind === 'trust' ? openGeneral(kind, readGeneral(bytes)) : openCompact(kind, bytes)
  if (!startsObject(bytes)) return openCompact(kind, bytes)
  const value = readJson(bytes)
  return isGeneral(value) ? openGeneral(kind, value) : { form: 'bare', signatures: [], payload: bytes }
}
