import { CompactSign, exportJWK, GeneralSign, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { DocumentKind } from '../../../agent/core/documents.ts'
import type { Envelope } from '../../../agent/core/envelope.ts'
import { LoaError } from '../../../agent/core/error.ts'
import { openEnvelope } from '../../../agent/wire/envelope.ts'
import { bytesOf, exampleText } from '../../fixtures/documents.ts'

const crypto = createCryptography()
const newKey = async () => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { privateKey, x: (await exportJWK(publicKey)).x ?? '' }
}
const key = await newKey()
const other = await newKey()
const payload = bytesOf(exampleText('schedule'))
const header = { alg: 'EdDSA', kid: 'dongnai-2026a', typ: 'loa-schedule+jws' }
const sign = (head: object = header, body: Uint8Array = payload) =>
  new CompactSign(body).setProtectedHeader(head as typeof header).sign(key.privateKey)
const token = await sign()

const open = (
  message: string,
  signatures: 'required' | 'off' = 'required',
  kind: DocumentKind = 'schedule',
) => openEnvelope(kind, bytesOf(message), { signatures })
const verifies = ({ signatures }: Envelope, x = key.x): boolean =>
  signatures.every(({ signingInput, signature }) => crypto.verifyEd25519(x, signingInput, signature))
const codeOf = (
  message: string,
  signatures: 'required' | 'off' = 'required',
  kind: DocumentKind = 'schedule',
) => {
  try {
    open(message, signatures, kind)
  } catch (error) {
    if (error instanceof LoaError) return error.code
    throw error
  }
  return 'opened'
}

const b64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
/** The token with another header, as written, under the same signature. */
const withHeader = (text: string): string => [b64(text), ...token.split('.').slice(1)].join('.')

describe('a compact JWS', () => {
  it('signed by jose opens, verifies and gives the payload byte for byte', () => {
    const envelope = open(token)
    expect(envelope).toMatchObject({ form: 'compact', signatures: [{ kid: 'dongnai-2026a' }] })
    expect(Buffer.from(envelope.payload)).toEqual(Buffer.from(payload))
    expect(verifies(envelope)).toBe(true)
    expect(verifies(envelope, other.x)).toBe(false)
  })

  it('does not verify when any one character of payload or signature is another', () => {
    const [head = '', body = '', signature = ''] = token.split('.')
    for (const at of [0, 5, 1000]) {
      const flipped = body[at] === 'A' ? 'B' : 'A'
      const tampered = `${head}.${body.slice(0, at)}${flipped}${body.slice(at + 1)}.${signature}`
      expect(verifies(open(tampered))).toBe(false)
    }
    const flipped = signature[3] === 'A' ? 'B' : 'A'
    expect(verifies(open(`${head}.${body}.${signature.slice(0, 3)}${flipped}${signature.slice(4)}`))).toBe(
      false,
    )
    expect(verifies(open(`${head}.${body}.${b64('short')}`))).toBe(false)
  })

  it.each<[string, string]>([
    ['alg none', JSON.stringify({ ...header, alg: 'none' })],
    ['HS256', JSON.stringify({ ...header, alg: 'HS256' })],
    ['Ed25519 under another name', JSON.stringify({ ...header, alg: 'Ed25519' })],
    ['the type of another kind', JSON.stringify({ ...header, typ: 'loa-alert+jws' })],
    ['typ in capitals', JSON.stringify({ ...header, typ: 'LOA-schedule+jws' })],
    ['no typ', JSON.stringify({ alg: 'EdDSA', kid: 'a' })],
    ['no kid', JSON.stringify({ alg: 'EdDSA', typ: header.typ })],
    ['crit', JSON.stringify({ ...header, crit: ['exp'] })],
    ['b64', JSON.stringify({ ...header, b64: false })],
    ['an embedded key', JSON.stringify({ ...header, jwk: { kty: 'OKP' } })],
    ['a number as kid', JSON.stringify({ ...header, kid: 1 })],
    ['a path as kid', JSON.stringify({ ...header, kid: '../../etc/shadow' })],
    ['a member written twice', '{"alg":"none","alg":"EdDSA","kid":"a","typ":"loa-schedule+jws"}'],
    ['an escaped name', '{"\\u0061lg":"EdDSA","kid":"a","typ":"loa-schedule+jws"}'],
    ['a list', '["EdDSA","a","b","c","d","e"]'],
    ['no JSON', '"""""""""""" x'],
    ['a very long header', JSON.stringify({ ...header, kid: 'k'.repeat(600) })],
  ])('with %s in its header is refused', (_, text) => {
    expect(codeOf(withHeader(text))).toBe('BAD_SIGNATURE')
    expect(codeOf(withHeader(text), 'off')).toBe('BAD_SIGNATURE')
  })

  it('in any form but the canonical one is refused', () => {
    const [head, body, signature = ''] = token.split('.')
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const unusedBits = last[last.indexOf(signature.at(-1) ?? '') + 1] ?? ''
    for (const message of [
      `${token}=`,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      `${head}.${body}`,
      `${token}.`,
      `${token}.x`,
      `${head}..${signature}`,
      `.${body}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}.${signature.slice(0, -1)}${unusedBits}`,
      `${head}.${body}.+${signature.slice(1)}`,
      `${head}.${body}\u0000.${signature}`,
      '',
      '...',
      'null',
      exampleText('schedule'),
      JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
    ])
      expect([message.slice(0, 40), codeOf(message)]).toEqual([message.slice(0, 40), 'BAD_SIGNATURE'])
  })

  it('is refused unread over 1,000,000 bytes', () => {
    expect(codeOf('x'.repeat(1_000_001))).toBe('TOO_LARGE')
    expect(codeOf('.'.repeat(1_000_000))).toBe('BAD_SIGNATURE')
  })
})

describe('a trust document', () => {
  const trust = bytesOf(exampleText('trust'))
  const head = (kid: string) => ({ alg: 'EdDSA', kid, typ: 'loa-trust+jws' })
  const build = async (kids: readonly string[]) => {
    const general = new GeneralSign(trust)
    for (const kid of kids)
      general.addSignature(kid === 'root-b' ? other.privateKey : key.privateKey).setProtectedHeader(head(kid))
    return general.sign()
  }

  it('carries the signatures of several roots', async () => {
    const envelope = open(JSON.stringify(await build(['root-a', 'root-b'])), 'required', 'trust')
    expect(envelope.form).toBe('general')
    expect(Buffer.from(envelope.payload)).toEqual(Buffer.from(trust))
    const [a, b] = envelope.signatures
    expect([a?.kid, b?.kid]).toEqual(['root-a', 'root-b'])
    expect(a && crypto.verifyEd25519(key.x, a.signingInput, a.signature)).toBe(true)
    expect(b && crypto.verifyEd25519(other.x, b.signingInput, b.signature)).toBe(true)
    expect(b && crypto.verifyEd25519(key.x, b.signingInput, b.signature)).toBe(false)
  })

  it('is refused when a key signed twice, a member is added, or nobody signed', async () => {
    const good = await build(['root-a'])
    const refused = (value: unknown) =>
      expect(codeOf(JSON.stringify(value), 'required', 'trust')).toBe('BAD_SIGNATURE')
    refused(await build(['root-a', 'root-a']))
    refused({ ...good, extra: 1 })
    refused({ ...good, signatures: [] })
    refused({ ...good, signatures: good.signatures.map((entry) => ({ ...entry, header: { kid: 'x' } })) })
    refused({ ...good, signatures: Array.from({ length: 17 }, () => good.signatures[0]) })
    refused({ ...good, payload: `${good.payload}=` })
    refused(JSON.parse(exampleText('trust')))
    refused([good])
    expect(codeOf('{', 'required', 'trust')).toBe('BAD_SIGNATURE')
    expect(codeOf(await sign(head('root-a'), trust), 'required', 'trust')).toBe('BAD_SIGNATURE')
  })

  it('is taken with signatures off as well', async () => {
    expect(open(JSON.stringify(await build(['root-a'])), 'off', 'trust').form).toBe('general')
    expect(open(exampleText('trust'), 'off', 'trust').form).toBe('bare')
  })
})

describe('with signatures off', () => {
  it('bare JSON is its own payload, and a JWS is taken apart all the same', () => {
    const bare = open(`\n ${exampleText('schedule')}`, 'off')
    expect(bare).toMatchObject({ form: 'bare', signatures: [] })
    expect(Buffer.from(open(token, 'off').payload)).toEqual(Buffer.from(payload))
  })

  it('what is neither is refused', () => {
    expect(codeOf('{"kind":', 'off')).toBe('INVALID')
    expect(codeOf('hello', 'off')).toBe('BAD_SIGNATURE')
  })
})
