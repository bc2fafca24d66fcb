import type { TrustKey } from '../../../agent/core/documents.ts'
import { authorise, type Candidate, type Grounds, type Verdict } from '../../../agent/core/trust/authorise.ts'
import { keySetOf } from '../../../agent/core/trust/key-set.ts'
import type { HeldRevision } from '../../../agent/core/trust/revision.ts'
import { at, schedule } from '../schedule/items.ts'

export const key = (more: Partial<TrustKey> = {}): TrustKey => ({
  kid: 'k',
  x: 'x',
  tier: 'province',
  area: '75',
  kinds: ['schedule', 'alert', 'fresh', 'desired', 'command'],
  maxClass: 'emergency',
  nbf: '2026-11-01T00:00:00+07:00',
  exp: '2027-11-01T00:00:00+07:00',
  ...more,
})
export const now = at('2026-11-22T08:00:00+07:00')
export const grounds = (more: Partial<Grounds> = {}): Grounds => ({
  keys: keySetOf([{ keys: [key()] }]),
  deviceArea: '75/26068',
  time: { now, floor: now, unset: false },
  held: () => undefined,
  floor: () => undefined,
  ...more,
})
export const held = (rev: number, hash = 'h', signers: readonly string[] = ['k']) => ({
  held: (): HeldRevision => ({ rev, hash, signers }),
})
export type Any = Parameters<typeof authorise>[0]['document']
export const candidate = <D extends Any>(
  document: D,
  more: Partial<Candidate<Any>> = {},
): Candidate<Any> => ({
  document,
  place:
    'area' in document
      ? { key: `${document.area}/${document.kind}`, area: document.area }
      : { key: document.kind, device: 'd-1' },
  hash: 'h',
  signers: { kind: 'kids', kids: ['k'] },
  ...more,
})
export const news = schedule([{ id: 'a', when: { times: ['05:00:00'] } }])
export const codeOf = (verdict: Verdict) => (verdict.kind === 'refused' ? verdict.code : verdict.kind)
export const judge = (document: Any, more: Partial<Grounds> = {}, of: Partial<Candidate<Any>> = {}) =>
  codeOf(authorise(candidate(document, of), grounds(more)))
