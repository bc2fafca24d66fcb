import { LoaError } from '../../agent/core/error.ts'

/** The document with `rev` the Unix seconds of `now` and `iat` now; every other byte may change its place. */
export const stamp = (payload: Uint8Array, now: Date): Uint8Array => {
  const document: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
  if (typeof document !== 'object' || document === null) throw new LoaError('INVALID', 'no JSON object')
  const fresh = { ...document, rev: Math.floor(now.getTime() / 1000), iat: now.toISOString() }
  return Buffer.from(JSON.stringify(fresh))
}
