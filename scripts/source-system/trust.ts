import type { DocumentKind, Tier, TrustDocument, TrustKey } from '../../agent/core/documents.ts'
import type { SigningKey } from './keys.ts'

const PROVINCE_KINDS: readonly DocumentKind[] = ['schedule', 'alert', 'fresh', 'desired', 'command', 'job']

const tierOf = (area: string): Tier => {
  if (area === 'vn') return 'central'
  return area.includes('/') ? 'commune' : 'province'
}

export type GrantOptions = {
  /** `vn`, `75` or `75/26068`: what the key may sign for, with everything below it. */
  readonly area: string
  readonly kinds?: readonly DocumentKind[]
  readonly maxClass?: TrustKey['maxClass']
  readonly from: Date
  /** 365 by default. */
  readonly days?: number
}

/** What a publisher key may sign; a commune's key signs schedules up to `priority` unless told otherwise. */
export const grant = (key: Pick<SigningKey, 'kid' | 'x'>, options: GrantOptions): TrustKey => {
  const tier = tierOf(options.area)
  const commune = tier === 'commune'
  const days = options.days ?? 365
  return {
    kid: key.kid,
    x: key.x,
    tier,
    area: options.area,
    kinds: options.kinds ?? (commune ? ['schedule'] : PROVINCE_KINDS),
    maxClass: options.maxClass ?? (commune ? 'priority' : 'emergency'),
    nbf: options.from.toISOString(),
    exp: new Date(options.from.getTime() + days * 86_400_000).toISOString(),
  }
}

/** `rev` is the Unix seconds of `now`. */
export const trustDocument = (area: string, keys: readonly TrustKey[], now: Date): TrustDocument => ({
  kind: 'trust',
  v: 1,
  area,
  rev: Math.floor(now.getTime() / 1000),
  iat: now.toISOString(),
  keys,
})

/** The document that follows one with these keys: of the same area, under a higher revision. */
export const nextTrust = (
  held: Pick<TrustDocument, 'area'> & Partial<Pick<TrustDocument, 'rev'>>,
  keys: readonly TrustKey[],
  now: Date,
): TrustDocument => {
  const made = trustDocument(held.area, keys, now)
  return { ...made, rev: Math.max(made.rev, (held.rev ?? 0) + 1) }
}

/** What the successor of a key is called: `p-75`, `p-75.2`, `p-75.3`. */
export const successorOf = (kid: string): string => {
  const [, name = kid, number = '1'] = /^(.*?)(?:\.(\d+))?$/.exec(kid) ?? []
  return `${name}.${Number(number) + 1}`
}
