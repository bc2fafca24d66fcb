import { sign } from 'node:crypto'
import type { DocumentKind } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { SigningKey } from './keys.ts'

export const DOCUMENT_KINDS: readonly DocumentKind[] = [
  'trust',
  'schedule',
  'alert',
  'fresh',
  'desired',
  'command',
  'job',
]

/** Releases are signed alike (scripts/release). */
type SignedKind = DocumentKind | 'release'

/** Devices refuse a larger MQTT payload unread. */
const MAX_MESSAGE_BYTES = 1_000_000

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

const protectedHeader = (kind: SignedKind, key: SigningKey): string =>
  base64url(JSON.stringify({ alg: 'EdDSA', kid: key.kid, typ: `loa-${kind}+jws` }))

const signature = (header: string, payload: string, key: SigningKey): string =>
  // Ed25519 hashes by itself: the algorithm must be left open (RFC 8032).
  base64url(sign(null, Buffer.from(`${header}.${payload}`), key.privateKey))

/** A compact JWS (RFC 7515, 7.1) over the bytes as they are. */
export const signCompact = (kind: SignedKind, payload: Uint8Array, key: SigningKey): string => {
  const header = protectedHeader(kind, key)
  const body = base64url(payload)
  return `${header}.${body}.${signature(header, body, key)}`
}

/** A JWS in the general JSON serialisation (RFC 7515, 7.2.1) with one signature a key. */
const signGeneral = (kind: DocumentKind, payload: Uint8Array, keys: readonly SigningKey[]): string => {
  const body = base64url(payload)
  const signatures = keys.map((key) => {
    const header = protectedHeader(kind, key)
    return { protected: header, signature: signature(header, body, key) }
  })
  return JSON.stringify({ payload: body, signatures })
}

/**
 * The message for the broker: `trust` signed by all root keys given, everything else compact by the one key, bare without keys.
 * @throws LoaError TOO_LARGE over 1,000,000 bytes, USAGE when several keys are given for anything but `trust`.
 */
export const seal = (kind: DocumentKind, payload: Uint8Array, keys: readonly SigningKey[]): string => {
  const message = envelope(kind, payload, keys)
  const bytes = Buffer.byteLength(message)
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new LoaError(
      'TOO_LARGE',
      `the message has ${bytes} bytes, devices take at most ${MAX_MESSAGE_BYTES}: remove items that are over`,
    )
  }
  return message
}

const envelope = (kind: DocumentKind, payload: Uint8Array, keys: readonly SigningKey[]): string => {
  const [key, ...more] = keys
  if (key === undefined) return Buffer.from(payload).toString('utf8')
  if (kind === 'trust') return signGeneral(kind, payload, keys)
  if (more.length > 0) throw new LoaError('USAGE', `a ${kind} is signed by one key; only trust takes several`)
  return signCompact(kind, payload, key)
}

/** The payload of a message that is signed already, unverified; undefined for bare JSON. */
export const payloadOf = (message: Uint8Array): Uint8Array | undefined => {
  const text = Buffer.from(message).toString('utf8').trim()
  const compact = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(text)?.[1]
  if (compact !== undefined) return Buffer.from(compact, 'base64url')
  try {
    const { payload, signatures }: Record<string, unknown> = { ...JSON.parse(text) }
    const isJws = typeof payload === 'string' && Array.isArray(signatures)
    return isJws ? Buffer.from(payload, 'base64url') : undefined
  } catch {
    // No JSON at all: whoever reads it as a document says so with better words.
    return undefined
  }
}
