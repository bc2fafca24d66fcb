import * as v from 'valibot'
import { areaHead, documentKind, programmeClass, tier } from './content.ts'
import { area, id, instant, MAX_ITEMS, publicKey, rev } from './scalars.ts'
import { fields, list } from './shape.ts'

const key = fields({
  kid: id,
  x: publicKey,
  tier,
  area,
  kinds: list(documentKind, { max: 7 }),
  maxClass: programmeClass,
  nbf: instant,
  exp: instant,
})

export const trust = fields({
  ...areaHead('trust'),
  keys: list(key, { max: MAX_ITEMS, unique: 'kid' }),
})

export const fresh = fields({
  ...areaHead('fresh'),
  revs: fields({
    schedule: v.exactOptional(rev),
    alert: v.exactOptional(rev),
    trust: v.exactOptional(rev),
  }),
})
