import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LoaError, messageOf } from '../../agent/core/error.ts'

/** An Ed25519 key that signs documents. `x` is its public half as it stands in trust documents and agent.yaml (RFC 8037). */
export type SigningKey = { readonly kid: string; readonly x: string; readonly privateKey: KeyObject }

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

const publicHalf = (privateKey: KeyObject): string => {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (typeof x !== 'string') throw new LoaError('UNSUPPORTED', 'not an Ed25519 key')
  return x
}

/** @throws LoaError USAGE when `kid` is not 1-40 of `A-Za-z0-9._-` beginning with a letter or digit. */
export const makeKey = (kid: string): SigningKey => {
  if (!ID.test(kid)) {
    throw new LoaError('USAGE', `${JSON.stringify(kid)} is no key id: use 1-40 of A-Z a-z 0-9 . _ -`)
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  return { kid, x: publicHalf(privateKey), privateKey }
}

/** Writes the private key as a JWK (RFC 8037) that only its owner may read; an existing file is never overwritten. */
export const writeKey = async (file: string, key: SigningKey): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const jwk = { ...key.privateKey.export({ format: 'jwk' }), kid: key.kid }
  await writeFile(file, `${JSON.stringify(jwk)}\n`, { mode: 0o600, flag: 'wx' })
}

/** @throws LoaError CONFIG when the file is no private Ed25519 JWK with a `kid`. */
export const readKey = async (file: string): Promise<SigningKey> => {
  const hint = 'make one with `province keys --dir D`'
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LoaError('IO', `cannot read the key ${file} (${messageOf(cause)}); ${hint}`, { cause })
  })
  try {
    const jwk: Record<string, unknown> = JSON.parse(text)
    const { kid } = jwk
    if (jwk['kty'] !== 'OKP' || jwk['crv'] !== 'Ed25519') throw new Error('kty OKP, crv Ed25519 expected')
    if (typeof kid !== 'string' || !ID.test(kid)) throw new Error('a kid is missing')
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
    return { kid, x: publicHalf(privateKey), privateKey }
  } catch (cause) {
    throw new LoaError('CONFIG', `${file} is no private key (${messageOf(cause)}); ${hint}`, { cause })
  }
}
