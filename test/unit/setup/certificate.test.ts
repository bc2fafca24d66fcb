import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { certificateFault } from '../../../agent/adapters/identity/certificate.ts'
import { createKey, derOf, pemOf, requestFor } from '../../../agent/adapters/identity/key-pair.ts'
import { openAuthority } from '../../../scripts/source-system/mosquitto/authority.ts'
import { readRequest } from '../../../scripts/source-system/mosquitto/request.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-request-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keyPem = createKey()
const request = pemOf('CERTIFICATE REQUEST', requestFor('d-7k2m4q9x', keyPem))

const openssl = (input: string, ...args: readonly string[]): string =>
  execFileSync('openssl', [...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })

describe('a request for a certificate', () => {
  test('is one to openssl: name, P-256 key, and signed with it', () => {
    const text = openssl(request, 'req', '-verify', '-noout', '-text')
    expect(text).toMatch(/Subject: CN ?= ?d-7k2m4q9x/)
    expect(text).toContain('NIST CURVE: P-256')
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256')
    expect(openssl(request, 'req', '-pubkey', '-noout')).toBe(openssl(keyPem, 'pkey', '-pubout'))
  })

  test('is what the province reads, and not when a byte is changed', async () => {
    expect(await readRequest(request)).toMatchObject({ name: 'd-7k2m4q9x' })
    const der = derOf(request)
    der[20] = (der[20] ?? 0) ^ 1
    expect(await readRequest(pemOf('CERTIFICATE REQUEST', der))).toBeUndefined()
    expect(await readRequest('-----BEGIN nothing')).toBeUndefined()
  })

  test('has names of all lengths that an id has', async () => {
    const name = 'a'.repeat(40)
    expect(await readRequest(pemOf('CERTIFICATE REQUEST', requestFor(name, keyPem)))).toMatchObject({ name })
  })
})

describe('a certificate that comes', async () => {
  const authority = await openAuthority(folder)
  const other = await openAuthority(mkdtempSync(join(folder, 'other-')))
  const certificate = await authority.sign('d-7k2m4q9x', request)
  const caPem = readFileSync(authority.ca, 'utf8')
  const expected = { name: 'd-7k2m4q9x', keyPem, caPem, now: Date.now() }
  const faultOf = (pem: string, over: Partial<typeof expected> = {}) =>
    certificateFault(pem, { ...expected, ...over })?.what

  test('is taken when it is for this name and key, from this authority, now', () => {
    expect(faultOf(certificate)).toBeUndefined()
  })

  test.each([
    ['for another name', certificate, { name: 'd-2' }, 'name'],
    ['for another key', certificate, { keyPem: createKey() }, 'key'],
    ['from another authority', certificate, { caPem: readFileSync(other.ca, 'utf8') }, 'authority'],
    ['that has ended', certificate, { now: Date.now() + 4e11 }, 'dates'],
    ['that begins next year', certificate, { now: Date.now() - 3e10 }, 'dates'],
    ['that is none', 'hello', {}, 'damaged'],
    ['that was cut off', certificate.replace(/(.{80})\n-----END/s, '\n-----END'), {}, 'damaged'],
  ] as const)('is refused %s', (_, pem, over, what) => {
    expect(faultOf(pem, over)).toBe(what)
  })

  test('is taken with what stands between it and the authority, and not without', () => {
    const at = (name: string): string => join(folder, name)
    const made = (name: string, text: string): string => {
      writeFileSync(at(name), text)
      return at(name)
    }
    const extension = made(
      'between.ext',
      'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n',
    )
    const betweenKey = made('between.key', createKey())
    const csr = made(
      'between.csr',
      pemOf('CERTIFICATE REQUEST', requestFor('between', readFileSync(betweenKey, 'utf8'))),
    )
    const root = made('root.key', createKey())
    execFileSync('openssl', [
      'req',
      '-x509',
      '-key',
      root,
      '-subj',
      '/CN=root',
      '-days',
      '9',
      '-out',
      at('root.pem'),
    ])
    const sign = (file: string, ca: string, key: string, out: string, ...more: readonly string[]): void =>
      void execFileSync(
        'openssl',
        [
          'x509',
          '-req',
          '-in',
          file,
          '-CA',
          ca,
          '-CAkey',
          key,
          '-CAcreateserial',
          '-days',
          '9',
          '-out',
          out,
          ...more,
        ],
        { stdio: 'ignore' },
      )
    sign(csr, at('root.pem'), root, at('between.pem'), '-extfile', extension)
    sign(made('leaf.csr', request), at('between.pem'), betweenKey, at('leaf.pem'))
    const [leaf, between, rootPem] = ['leaf.pem', 'between.pem', 'root.pem'].map((name) =>
      readFileSync(at(name), 'utf8'),
    )
    expect(faultOf(`${leaf}${between}`, { caPem: rootPem ?? '' })).toBeUndefined()
    expect(faultOf(`${leaf}`, { caPem: rootPem ?? '' })).toBe('authority')
  })
})
