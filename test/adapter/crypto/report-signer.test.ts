import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, compactVerify, exportJWK, importX509 } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { createReportSigner } from '../../../agent/adapters/crypto/report-signer.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-signer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TYP = 'loa-selftest+jws'
const TEXT = '{"device":"d-1","remark":"dây loa mới"}'

let files = 0
const keyFile = (key: KeyObject): string => {
  files += 1
  const file = join(folder, `${files}.key`)
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }))
  return file
}

const signed = async (options: Parameters<typeof createReportSigner>[0]) => {
  const result = await createReportSigner(options).sign(TYP, TEXT)
  if ('unsigned' in result) throw new Error(result.unsigned)
  return result
}

describe('a report is signed, and a library that is not ours verifies it', () => {
  test.each([
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as const)('with %s, naming a key without certificate by its thumbprint', async (alg, pair) => {
    const signature = await signed({ key: keyFile(pair.privateKey) })
    expect(signature.alg).toBe(alg)
    const { payload, protectedHeader } = await compactVerify(signature.jws, pair.publicKey)
    expect(new TextDecoder().decode(payload)).toBe(TEXT)
    const kid = await calculateJwkThumbprint(await exportJWK(pair.publicKey))
    expect(protectedHeader).toEqual({ alg, typ: TYP, kid })
    expect(signature.kid).toBe(kid)
  })

  test('naming the certificate of the key, but never that of another', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = keyFile(privateKey)
    const cert = join(folder, 'device.pem')
    execFileSync('openssl', ['req', '-x509', '-key', key, '-subj', '/CN=d-1', '-days', '9', '-out', cert])
    const signature = await signed({ key, cert })
    const publicKey = await importX509(readFileSync(cert, 'utf8'), 'ES256')
    const { protectedHeader } = await compactVerify(signature.jws, publicKey)
    const der = execFileSync('openssl', ['x509', '-in', cert, '-outform', 'DER'])
    const x5t = execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der }).toString('base64url')
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: TYP, 'x5t#S256': x5t })
    const other = await signed({ key: keyFile(generateKeyPairSync('ed25519').privateKey), cert })
    expect(other.x5t).toBeUndefined()
    expect(other.kid).toBeDefined()
  })

  test('with the key that systemd hands over', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(join(folder, 'device-key'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { jws } = await signed({ key: 'credential:device-key', credentialsDirectory: folder })
    await compactVerify(jws, createPublicKey(privateKey))
  })
})

describe('what cannot be signed says why:', () => {
  const why = async (options: Parameters<typeof createReportSigner>[0]) =>
    (await createReportSigner(options).sign(TYP, TEXT)) as { readonly unsigned?: string }
  const garbage = join(folder, 'garbage.key')
  writeFileSync(garbage, 'no key')
  test.each([
    ['a device without a key', {}, /has no key/],
    ['a key that is not there', { key: join(folder, 'none') }, /mqtt\.key cannot be used: ENOENT/],
    ['what is no key', { key: garbage }, /mqtt\.key cannot be used/],
    ['a credential that was not handed over', { key: 'credential:x' }, /handed over no credential:x/],
    [
      'a key that signs nothing',
      { key: keyFile(generateKeyPairSync('x25519').privateKey) },
      /of a kind that signs no report/,
    ],
    [
      'a key that is too short',
      { key: keyFile(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey) },
      /of a kind that signs no report/,
    ],
  ] as const)('%s', async (_what, options, reason) => {
    expect((await why(options)).unsigned).toMatch(reason)
  })
})
