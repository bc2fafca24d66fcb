import { expect, test } from 'vitest'
import type {
  AlertDocument,
  DesiredDocument,
  FreshDocument,
  TrustDocument,
  TrustKey,
} from '../../../agent/core/documents.ts'
import { authoriseTrust, type Grounds, isDeferrable } from '../../../agent/core/trust/authorise.ts'
import { keySetOf } from '../../../agent/core/trust/key-set.ts'
import { floorsOf, type HeldRevision } from '../../../agent/core/trust/revision.ts'
import { demandOf } from '../../../agent/core/trust/scope.ts'
import { isStillGranted } from '../../../agent/core/trust/signers.ts'
import { at, schedule } from '../schedule/items.ts'
import { codeOf, grounds, held, judge, key, news, now } from './grounds.ts'

test('a document in scope, in date and new is accepted', () => {
  expect(judge(news)).toBe('accepted')
})

test('a document on the topic of another area or device is refused', () => {
  expect(judge(news, {}, { place: { key: '75/schedule', area: '75' } })).toBe('WRONG_DEVICE')
  expect(judge(news, {}, { place: { key: 'desired', device: 'd-1' } })).toBe('WRONG_DEVICE')
  const desired: DesiredDocument = { kind: 'desired', v: 1, device: 'd-2', rev: 1, iat: news.iat, config: {} }
  expect(judge(desired)).toBe('WRONG_DEVICE')
  expect(judge({ ...desired, device: 'd-1' })).toBe('accepted')
})

test('an unknown key, a key of another area, kind or class, and one out of date are told apart', () => {
  const keys = (more: Partial<TrustKey>) => ({ keys: keySetOf([{ keys: [key(more)] }]) })
  expect(judge(news, keys({ kid: 'other' }))).toBe('UNKNOWN_KEY')
  expect(judge(news, keys({ area: '76' }))).toBe('OUT_OF_SCOPE')
  expect(judge(news, keys({ area: '75/26069' }))).toBe('OUT_OF_SCOPE')
  expect(judge(news, keys({ kinds: ['alert'] }))).toBe('OUT_OF_SCOPE')
  const loud = schedule([
    { id: 'a', when: { times: ['05:00:00'] } },
    { id: 'b', class: 'emergency', when: { times: ['05:00:00'] } },
  ])
  expect(judge(loud, keys({ maxClass: 'priority' }))).toBe('OUT_OF_SCOPE')
  expect(judge(news, keys({ nbf: '2026-11-22T08:00:01+07:00' }))).toBe('EXPIRED')
  expect(judge(news, keys({ nbf: '2026-11-22T08:00:00+07:00' }))).toBe('accepted')
  expect(judge(news, keys({ exp: '2026-11-22T08:00:00+07:00' }))).toBe('EXPIRED')
})

test('an alert is of class emergency, whatever is in it', () => {
  const alert: AlertDocument = { kind: 'alert', v: 1, area: '75', rev: 1, iat: news.iat, alerts: [] }
  expect(demandOf(alert, '75/26068').class).toBe('emergency')
  expect(judge(alert, { keys: keySetOf([{ keys: [key({ maxClass: 'priority' })] }]) })).toBe('OUT_OF_SCOPE')
})

test('an expired document is not accepted; with the clock unset the floor decides and nbf does not', () => {
  const expired = { ...news, exp: '2026-11-22T07:59:59+07:00' }
  expect(judge(expired)).toBe('EXPIRED')
  const unset = { now: at('1970-01-01T00:00:00Z'), floor: at('2026-11-01T00:00:00Z'), unset: true }
  expect(judge(expired, { time: unset })).toBe('accepted')
  expect(judge({ ...news, exp: '2026-10-31T00:00:00Z' }, { time: unset })).toBe('EXPIRED')
  const future = keySetOf([{ keys: [key({ nbf: '2027-01-01T00:00:00Z', exp: '2027-02-01T00:00:00Z' })] }])
  expect(judge(news, { time: unset, keys: future })).toBe('accepted')
})

test('the ratchet: lower, equal with another hash, equal and the same, higher, too high', () => {
  const rev = (n: number) => ({ ...news, rev: n })
  expect(judge(rev(41), held(42))).toBe('OLD_REVISION')
  expect(judge(rev(42), held(42, 'other'))).toBe('REV_CONFLICT')
  expect(judge(rev(42), held(42))).toBe('held')
  expect(judge(rev(42), held(42, 'h', ['first']))).toBe('signer')
  expect(judge(rev(43), held(42))).toBe('accepted')
  expect(judge(rev(100_000_042), held(42))).toBe('accepted')
  expect(judge(rev(100_000_043), held(42))).toBe('REV_JUMP')
  expect(judge(rev(999_999_999_999))).toBe('accepted')
})

test('a held document that comes again is no news, even past its dates', () => {
  expect(judge({ ...news, exp: '2026-11-22T07:00:00+07:00' }, held(42))).toBe('held')
  expect(judge(news, held(42), { signers: { kind: 'unjudged' } })).toBe('held')
})

test('nothing below an accepted fresh is taken, held or not', () => {
  expect(judge(news, { floor: () => 43 })).toBe('OLD_REVISION')
  expect(judge({ ...news, rev: 43 }, { ...held(42), floor: () => 44 })).toBe('OLD_REVISION')
  expect(judge(news, { floor: () => 42 })).toBe('accepted')
})

test('without memory only what is newer than the floor less 35 days is taken, unless it has exp or a floor vouches', () => {
  const old = { ...news, iat: '2026-10-18T08:00:00+07:00' }
  expect(judge(old)).toBe('OLD_REVISION')
  expect(judge({ ...old, iat: '2026-10-18T08:00:01+07:00' })).toBe('accepted')
  expect(judge({ ...old, exp: '2026-12-01T00:00:00Z' })).toBe('accepted')
  expect(judge(old, { floor: () => 42 })).toBe('accepted')
  expect(judge(old, held(41))).toBe('accepted')
})

test('a fresh that names a revision out of reach is refused, one within reach gives floors', () => {
  const fresh = (rev: number): FreshDocument => ({
    kind: 'fresh',
    v: 1,
    area: '75',
    rev: 1,
    iat: news.iat,
    revs: { schedule: rev },
  })
  const heldOnly = (document: string): HeldRevision | undefined =>
    document === '75/schedule' ? { rev: 42, hash: 'h', signers: ['k'] } : undefined
  expect(judge(fresh(100_000_043), { held: heldOnly })).toBe('REV_JUMP')
  expect(judge(fresh(100_000_042), { held: heldOnly })).toBe('accepted')
  expect(judge(fresh(999_999_999_999))).toBe('accepted')
  expect(floorsOf(fresh(7))).toEqual([['75/schedule', 7]])
})

test('with signatures off the signer is not judged, revisions and dates are', () => {
  const off = { signers: { kind: 'unjudged' } } as const
  const none = { keys: keySetOf([]) }
  expect(judge(news, none, off)).toBe('accepted')
  expect(judge(news, { ...none, ...held(43) }, off)).toBe('OLD_REVISION')
  expect(judge({ ...news, exp: '2026-11-01T00:00:00Z' }, none, off)).toBe('EXPIRED')
})

test('a kid that stands for two keys in two documents counts for neither; the same key twice adds its grants', () => {
  expect(keySetOf([{ keys: [key()] }, { keys: [key({ x: 'y' })] }, { keys: [key()] }]).size).toBe(0)
  const both = keySetOf([{ keys: [key({ area: '76' })] }, { keys: [key()] }])
  expect(both.get('k')?.grants).toHaveLength(2)
  expect(judge(news, { keys: both })).toBe('accepted')
})

test('a held document is revoked when no signer may sign it any more, dates apart', () => {
  const demand = demandOf(news, '75/26068')
  const past = keySetOf([{ keys: [key({ exp: '2020-01-01T00:00:00Z' })] }])
  expect(isStillGranted(['k'], past, demand)).toBe(true)
  expect(isStillGranted(['gone', 'k'], past, demand)).toBe(true)
  expect(isStillGranted(['gone'], past, demand)).toBe(false)
  expect(isStillGranted(['k'], keySetOf([{ keys: [key({ kinds: ['alert'] })] }]), demand)).toBe(false)
})

test('only what later trust or a later time may lift is kept to be judged again', () => {
  expect((['UNKNOWN_KEY', 'OUT_OF_SCOPE', 'EXPIRED'] as const).every(isDeferrable)).toBe(true)
  expect((['BAD_SIGNATURE', 'OLD_REVISION', 'INVALID', 'REV_JUMP'] as const).some(isDeferrable)).toBe(false)
})

const trust: TrustDocument = { kind: 'trust', v: 1, area: '75', rev: 3, iat: news.iat, keys: [] }
const judgeTrust = (
  kids: readonly string[] | 'off',
  threshold: number,
  more: Partial<Grounds> = {},
  area = '75',
) =>
  codeOf(
    authoriseTrust(
      {
        document: trust,
        place: { key: `${area}/trust`, area },
        hash: 'h',
        signers: kids === 'off' ? { kind: 'unjudged' } : { kind: 'kids', kids },
      },
      threshold,
      grounds(more),
    ),
  )

test('trust needs its threshold of different root signatures', () => {
  expect(judgeTrust([], 1)).toBe('BAD_SIGNATURE')
  expect(judgeTrust(['root-a', 'root-a'], 2)).toBe('BAD_SIGNATURE')
  expect(judgeTrust(['root-a', 'root-b'], 2)).toBe('accepted')
  expect(judgeTrust('off', 2)).toBe('accepted')
})

test('trust is for its area, in order of revision, of any age on a device without memory', () => {
  expect(judgeTrust(['root-a'], 1, {}, 'vn')).toBe('WRONG_DEVICE')
  expect(judgeTrust(['root-a'], 1, held(4))).toBe('OLD_REVISION')
  expect(judgeTrust(['root-a'], 1, held(3, 'other'))).toBe('REV_CONFLICT')
  expect(judgeTrust(['root-a'], 1, held(3, 'h', ['root-a']))).toBe('held')
  expect(judgeTrust(['root-b'], 1, held(3, 'h', ['root-a']))).toBe('signer')
  expect(judgeTrust(['root-a'], 1, { floor: () => 4 })).toBe('OLD_REVISION')
  expect(
    judgeTrust(['root-a'], 1, {
      time: { now, floor: at('2030-01-01T00:00:00Z'), unset: false },
    }),
  ).toBe('accepted')
})
