import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import { LoaError } from '../../../agent/core/error.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { judgeRelease, type Release, type ReleaseGrounds } from '../../../agent/core/update/release.ts'
import { compareVersions, isVersion } from '../../../agent/core/update/version.ts'
import { openRelease } from '../../../agent/wire/release.ts'
import { readReleaseKeys } from '../../../agent/wire/update-configuration.ts'

const pair = generateKeyPairSync('ed25519')
const x = String(pair.publicKey.export({ format: 'jwk' }).x)
const KEY = { kid: 'maker-2026', x }
const release: Release = {
  kind: 'release',
  v: 1,
  version: '1.2.0',
  iat: '2026-11-26T08:00:00+07:00',
  exp: '2027-11-26T00:00:00+07:00',
  from: '0.9.0',
  files: [
    { arch: 'arm64', sha256: 'a'.repeat(64), bytes: 31_400_000, urls: ['https://content.example/r/x.deb'] },
  ],
}
const grounds: ReleaseGrounds = { committed: '0.9.0', refused: [], architecture: 'arm64' }
const at = (text: string) => epochMs(Date.parse(text))
const verdict = (more: Partial<Release>, held: Partial<ReleaseGrounds> = {}) => {
  const judgement = judgeRelease({ ...release, ...more }, { ...grounds, ...held })
  return judgement.kind === 'accepted' ? judgement.kind : judgement.code
}

describe('versions', () => {
  const part = fc.integer({ min: 0, max: 999_999 })
  const numbers = fc.tuple(part, part, part)

  test('are ordered by their numbers, not by their text', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const firstOther = a.findIndex((value, index) => value !== b[index])
        const expected = firstOther < 0 ? 0 : Math.sign((a[firstOther] ?? 0) - (b[firstOther] ?? 0))
        return Math.sign(compareVersions(a.join('.'), b.join('.'))) === expected
      }),
    )
    expect(compareVersions('1.10.0', '1.9.0')).toBeGreaterThan(0)
  })

  test.each(['1.2', '1.2.3.4', '01.2.3', '1.2.3-rc.1', '1.2.3~1', 'v1.2.3', '1.2.3\n', '', '1.2.1000000'])(
    'are not %j, and that is below every one',
    (text) => {
      expect(isVersion(text)).toBe(false)
      expect(compareVersions(text, '0.0.0')).toBeLessThan(0)
      expect(compareVersions('0.0.0', text)).toBeGreaterThan(0)
    },
  )
})

describe('T21 a release', () => {
  test('is taken when it is above what is committed and has a file for this machine', () => {
    expect(judgeRelease(release, grounds)).toEqual({ kind: 'accepted', file: release.files[0] })
  })

  test('that is old, the same, or was gone back from is refused', () => {
    expect(verdict({}, { committed: '1.2.0' })).toBe('OLD_REVISION')
    expect(verdict({}, { committed: '1.10.0' })).toBe('OLD_REVISION')
    expect(verdict({}, { refused: [{ version: '1.2.0' }] })).toBe('OLD_REVISION')
    expect(verdict({}, { refused: [{ version: '1.1.9' }] })).toBe('accepted')
  })

  test('for other machines, or for receivers that are further on, is refused', () => {
    expect(verdict({}, { architecture: 'amd64' })).toBe('UNSUPPORTED')
    expect(verdict({}, { committed: '0.8.9' })).toBe('UNSUPPORTED')
  })

  test('ends at its date, where the time is known', () => {
    expect(verdict({}, { now: at(release.exp) })).toBe('EXPIRED')
    expect(verdict({}, { now: epochMs(at(release.exp) - 1) })).toBe('accepted')
    expect(verdict({ exp: '2000-01-01T00:00:00Z' })).toBe('accepted')
  })
})

const crypto = createCryptography()
const signed = (
  payload: unknown,
  header: object = { alg: 'EdDSA', kid: KEY.kid, typ: 'loa-release+jws' },
) => {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signature = sign(null, Buffer.from(parts.join('.')), pair.privateKey)
  return Buffer.from([...parts, signature.toString('base64url')].join('.'))
}
const open = (bytes: Uint8Array, keys = [KEY]) => openRelease(bytes, keys, crypto.verifyEd25519)
const fault = (bytes: Uint8Array, keys = [KEY]): string => {
  try {
    open(bytes, keys)
  } catch (error) {
    if (error instanceof LoaError) return error.code
    throw error
  }
  return 'opened'
}

describe('T21 release.jws', () => {
  test('is opened with the key that signed it, a line feed at its end or not', () => {
    const bytes = signed(release)
    expect(open(bytes)).toEqual(release)
    expect(open(Buffer.concat([bytes, Buffer.from('\n')]))).toEqual(release)
  })

  test('of another key, another type or other bytes is refused', () => {
    const other = String(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x)
    expect(fault(signed(release), [])).toBe('UNKNOWN_KEY')
    expect(fault(signed(release), [{ kid: 'other', x }])).toBe('UNKNOWN_KEY')
    expect(fault(signed(release), [{ kid: KEY.kid, x: other }])).toBe('BAD_SIGNATURE')
    expect(fault(signed(release, { alg: 'EdDSA', kid: KEY.kid, typ: 'loa-alert+jws' }))).toBe('BAD_SIGNATURE')
    expect(fault(signed(release, { alg: 'none', kid: KEY.kid, typ: 'loa-release+jws' }))).toBe(
      'BAD_SIGNATURE',
    )
    const bytes = signed(release)
    bytes[bytes.indexOf('.') + 5] = 0x41
    expect(fault(bytes)).toBe('BAD_SIGNATURE')
    expect(fault(Buffer.from('not a jws'))).toBe('BAD_SIGNATURE')
  })

  test('that is signed well and says what cannot be is refused', () => {
    const [file] = release.files
    expect(fault(signed({ ...release, version: '1.2' }))).toBe('INVALID')
    expect(fault(signed({ ...release, files: [] }))).toBe('INVALID')
    expect(fault(signed({ ...release, files: [file, file] }))).toBe('INVALID')
    expect(fault(signed({ ...release, files: [{ ...file, bytes: 1e12 }] }))).toBe('INVALID')
    expect(fault(signed({ ...release, files: [{ ...file, urls: ['file:///etc/shadow'] }] }))).toBe('INVALID')
    expect(fault(signed({ ...release, notes: { vi: 'x'.repeat(100_000) } }))).toBe('TOO_LARGE')
  })
})

test('the keys of releases are read whatever else a later release made of agent.yaml', () => {
  const config = { update: { keys: [KEY], laterKey: 1 }, somethingNew: true }
  expect(readReleaseKeys(config, 'agent.yaml')).toEqual([KEY])
  expect(readReleaseKeys({}, 'agent.yaml')).toEqual([])
  expect(() => readReleaseKeys({ update: { keys: [{ kid: 'a', x: 'short' }] } }, 'agent.yaml')).toThrow(/x/)
  expect(() => readReleaseKeys({ update: { keys: [KEY, KEY] } }, 'agent.yaml')).toThrow(/twice/)
})
