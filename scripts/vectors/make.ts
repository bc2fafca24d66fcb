import { createHash } from 'node:crypto'
import type { DocumentKind } from '../../agent/core/documents.ts'
import type { SigningKey } from '../source-system/keys.ts'
import { seal } from '../source-system/sign.ts'
import { alert, BOOT, command, DEVICE, desired, fresh, NOW, schedule, trust } from './documents.ts'
import { COMMUNE, PROVINCE, ROOTS, STRANGER } from './keys.ts'
import { REFUSED } from './refused.ts'

const accepted = (name: string, document: { readonly kind: string }, keys: readonly SigningKey[]) => {
  const payload = Buffer.from(JSON.stringify(document))
  return {
    name,
    kind: document.kind,
    kids: keys.map(({ kid }) => kid),
    payload: payload.toString('utf8'),
    sha256: createHash('sha256').update(payload).digest('hex'),
    message: seal(document.kind as DocumentKind, payload, keys),
  }
}
const WARNING =
  'Test vectors. The seeds are public: never grant one of these keys on a device that stands somewhere.'
const device = { id: DEVICE, area: '75/26068', boot: BOOT, threshold: 2, now: NOW.toISOString() }

export const vectorFiles = (): ReadonlyMap<string, string> => {
  const pretty = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
  const keys = [...ROOTS, PROVINCE, COMMUNE, STRANGER].map(({ kid, x, privateKey }) => ({
    kid,
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    seed: privateKey.export({ format: 'jwk' }).d,
  }))
  const good = [
    accepted('trust, by both roots', trust, ROOTS),
    accepted('schedule of a commune', schedule, [COMMUNE]),
    accepted('alert of the province', alert, [PROVINCE]),
    accepted('fresh of the province', fresh, [PROVINCE]),
    accepted('configuration of one device', desired, [PROVINCE]),
    accepted('command for one boot of one device', command, [PROVINCE]),
  ]
  return new Map([
    ['keys.json', pretty({ warning: WARNING, keys })],
    ['accepted.json', pretty({ warning: WARNING, device, vectors: good })],
    ['refused.json', pretty({ warning: WARNING, device, vectors: REFUSED })],
  ])
}
