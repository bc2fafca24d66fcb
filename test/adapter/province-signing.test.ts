import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify, flattenedVerify, generalVerify, importJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKeyFolder, rootKeysYaml } from '../../scripts/source-system/key-folder.ts'
import { makeKey, readKey, type SigningKey, writeKey } from '../../scripts/source-system/keys.ts'
import { seal, signCompact } from '../../scripts/source-system/sign.ts'
import { addressOf, documentTopic, parseUpTopic } from '../../scripts/source-system/topics.ts'

const publicKey = (key: SigningKey) => importJWK({ kty: 'OKP', crv: 'Ed25519', x: key.x }, 'EdDSA')
const schedule = Buffer.from('{"kind":"schedule","v":1,"area":"75/26068","rev":1,"items":[]}')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-province-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('signing', () => {
  test('another implementation verifies a compact document and reads the bytes as they were', async () => {
    const key = makeKey('dongnai-2026a')
    const { payload, protectedHeader } = await compactVerify(
      signCompact('schedule', schedule, key),
      await publicKey(key),
    )
    expect(Buffer.from(payload)).toEqual(schedule)
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'dongnai-2026a', typ: 'loa-schedule+jws' })
  })

  test('another implementation verifies each root signature of a trust document', async () => {
    const roots = [makeKey('root-a'), makeKey('root-b')]
    const jws = JSON.parse(seal('trust', Buffer.from('{"kind":"trust"}'), roots))
    for (const root of roots) {
      const { protectedHeader } = await generalVerify(jws, await publicKey(root))
      expect(protectedHeader?.kid).toBe(root.kid)
    }
    expect(Object.keys(jws)).toEqual(['payload', 'signatures'])
  })

  test('a changed payload no longer verifies', async () => {
    const key = makeKey('k')
    const [header = '', , signature = ''] = signCompact('schedule', schedule, key).split('.')
    const payload = Buffer.from('{"kind":"schedule"}').toString('base64url')
    await expect(
      flattenedVerify({ protected: header, payload, signature }, await publicKey(key)),
    ).rejects.toThrow('signature verification failed')
  })

  test('a message that devices refuse for its size is refused here', () => {
    const large = Buffer.from(JSON.stringify({ kind: 'schedule', filler: 'x'.repeat(800_000) }))
    expect(() => seal('schedule', large, [makeKey('k')])).toThrow(/remove items/)
  })

  test('two keys sign trust only', () => {
    expect(() => seal('alert', Buffer.from('{}'), [makeKey('a'), makeKey('b')])).toThrow(/one key/)
  })
})

describe('keys', () => {
  test('a written key is private to its owner, is read back as it was, and is never overwritten', async () => {
    const file = join(folder, 'sub', 'k.jwk')
    const key = makeKey('k')
    await writeKey(file, key)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = await readKey(file)
    expect([again.kid, again.x]).toEqual([key.kid, key.x])
    await expect(writeKey(file, makeKey('k'))).rejects.toThrow('EEXIST')
  })

  test('a file that is no private key says what to do', async () => {
    const file = join(folder, 'x.jwk')
    writeFileSync(file, JSON.stringify({ kty: 'OKP', crv: 'Ed25519', kid: 'x', x: makeKey('x').x }))
    await expect(readKey(file)).rejects.toThrow(/province keys/)
    await expect(readKey(join(folder, 'none.jwk'))).rejects.toThrow(/cannot read the key/)
  })

  test('a key id outside the alphabet is refused', () => {
    expect(() => makeKey('../root')).toThrow(/key id/)
  })

  test('a second run keeps every key and the trust revision; a new commune gives a new revision', async () => {
    const options = { directory: folder, area: '75', roots: 2, now: new Date('2026-11-22T00:00:00Z') }
    const first = await openKeyFolder(options)
    const second = await openKeyFolder({ ...options, now: new Date('2026-11-23T00:00:00Z') })
    expect(second.roots.map(({ x }) => x)).toEqual(first.roots.map(({ x }) => x))
    expect(second.trust).toEqual(first.trust)
    const third = await openKeyFolder({
      ...options,
      communes: ['75/26068'],
      now: new Date('2026-11-23T00:00:00Z'),
    })
    expect(third.trust.rev).toBeGreaterThan(first.trust.rev)
    expect(
      third.trust.keys.map(({ kid, area, maxClass, kinds }) => ({ kid, area, maxClass, kinds })),
    ).toEqual([
      {
        kid: 'p-75',
        area: '75',
        maxClass: 'emergency',
        kinds: ['schedule', 'alert', 'fresh', 'desired', 'command', 'job'],
      },
      { kid: 'c-75-26068', area: '75/26068', maxClass: 'priority', kinds: ['schedule'] },
    ])
    const fourth = await openKeyFolder({ directory: folder, area: '75', now: options.now })
    expect([fourth.trust, fourth.roots.length]).toEqual([third.trust, 2])
    const written = JSON.parse(readFileSync(join(folder, 'trust.jws.json'), 'utf8'))
    expect(written.signatures).toHaveLength(2)
    expect(JSON.parse(Buffer.from(written.payload, 'base64url').toString())).toEqual(third.trust)
  })

  test('the snippet for agent.yaml names every root key', () => {
    const root = makeKey('root-a')
    expect(rootKeysYaml([root], 1)).toContain(`- { kid: root-a, x: "${root.x}" }`)
  })
})

describe('topics', () => {
  test.each([
    [{ kind: 'trust', area: 'vn' }, undefined, 'loa/v1/area/vn/trust'],
    [{ kind: 'schedule', area: '75/26068' }, undefined, 'loa/v1/area/75/26068/schedule'],
    [{ kind: 'desired', device: 'd-1' }, '75', 'loa/v1/device/75/d-1/down/desired'],
  ])('%j goes to its own topic', (document, province, topic) => {
    expect(documentTopic('loa/v1', addressOf(JSON.stringify(document)), province)).toBe(topic)
  })

  test.each([
    ['{"kind":"schedule","area":"75/+"}', /area/],
    ['{"kind":"schedule","area":"751"}', /area/],
    ['{"kind":"desired","device":"a/b"}', /device/],
    ['{"kind":"news","area":"75"}', /kind must be one of/],
    ['{"kind":"schedule"}', /missing/],
    ['[]', /object/],
    ['<html>', /JSON/],
  ])('%s has no topic', (text, message) => {
    expect(() => addressOf(text)).toThrow(message)
  })

  test('a document of a device without its province is wrong usage', () => {
    expect(() => documentTopic('loa/v1', { kind: 'desired', device: 'd-1' })).toThrow(/--province/)
  })

  test('a topic of a device is read back, every other is passed over', () => {
    expect(parseUpTopic('loa/v1', 'loa/v1/device/75/d-1/up/state')).toEqual({
      province: '75',
      device: 'd-1',
      leaf: 'state',
    })
    for (const topic of [
      'loa/v1/device/75/d-1/down/acked',
      'loa/v1/area/75/trust',
      'x/device/75/d-1/up/state',
    ]) {
      expect(parseUpTopic('loa/v1', topic)).toBeUndefined()
    }
  })
})
