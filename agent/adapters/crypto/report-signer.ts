import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { credentialPath } from '../../core/credential.ts'
import { messageOf } from '../../core/error.ts'
import { NO_KEY } from '../../core/selftest/report.ts'
import type { ReportSigner } from '../../ports/report-signer.ts'

export type ReportSignerOptions = {
  /** `mqtt.key` and `mqtt.cert`: paths or `credential:NAME`. */
  readonly key?: string | undefined
  readonly cert?: string | undefined
  readonly credentialsDirectory?: string | undefined
}

type Algorithm = { readonly alg: string; readonly digest: string | null }

/** By curve. @see RFC 7518, 3.4 */
const CURVES: Readonly<Record<string, Algorithm>> = {
  prime256v1: { alg: 'ES256', digest: 'sha256' },
  secp384r1: { alg: 'ES384', digest: 'sha384' },
  secp521r1: { alg: 'ES512', digest: 'sha512' },
}
const FEWEST_RSA_BITS = 2048
/** Members of the thumbprint of a key, in their order. @see RFC 7638, 3.2 */
const THUMBPRINT = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
} as const

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('base64url')

const algorithmOf = (key: KeyObject): Algorithm | undefined => {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return { alg: 'EdDSA', digest: null }
  if (key.asymmetricKeyType === 'ec') return CURVES[namedCurve]
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= FEWEST_RSA_BITS)
    return { alg: 'RS256', digest: 'sha256' }
  return undefined
}

const thumbprint = (key: KeyObject): string => {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const members = THUMBPRINT[jwk.kty as keyof typeof THUMBPRINT]
  return sha256(JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]]))))
}

/** The certificate of the key, if it is that. */
const certificateOf = (pem: Buffer | undefined, key: KeyObject): string | undefined => {
  if (pem === undefined) return undefined
  try {
    const certificate = new X509Certificate(pem)
    return certificate.checkPrivateKey(key) ? sha256(certificate.raw) : undefined
  } catch {
    return undefined
  }
}

/** With the key of the client certificate, read anew each time: a renewed one counts. */
export const createReportSigner = (options: ReportSignerOptions): ReportSigner => {
  const read = async (value: string): Promise<Buffer> => {
    const path = credentialPath(value, options.credentialsDirectory)
    if (path === undefined) throw new Error(`systemd handed over no ${value}`)
    return await readFile(path)
  }
  return {
    sign: async (typ, text) => {
      if (options.key === undefined) return { unsigned: NO_KEY }
      try {
        const key = createPrivateKey(await read(options.key))
        const algorithm = algorithmOf(key)
        if (algorithm === undefined) return { unsigned: 'mqtt.key is of a kind that signs no report' }
        const pem = options.cert === undefined ? undefined : await read(options.cert).catch(() => undefined)
        const x5t = certificateOf(pem, key)
        const kid = x5t === undefined ? thumbprint(key) : undefined
        const { alg, digest } = algorithm
        const header = JSON.stringify({ alg, typ, 'x5t#S256': x5t, kid })
        const input = `${base64url(header)}.${base64url(text)}`
        const signature = sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
        return {
          alg,
          ...(x5t === undefined ? {} : { x5t }),
          ...(kid === undefined ? {} : { kid }),
          jws: `${input}.${base64url(signature)}`,
        }
      } catch (error) {
        return { unsigned: `mqtt.key cannot be used: ${messageOf(error)}` }
      }
    },
  }
}
