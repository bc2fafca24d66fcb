import * as v from 'valibot'
import type { Claimed } from '../core/verify-report.ts'
import { documentKind } from './content.ts'
import { readJson } from './json.ts'
import { area, id, instant, rev } from './scalars.ts'

const schemas = { kind: documentKind, area, device: id, rev, iat: instant, exp: instant }

/** What a payload says of itself, as far as that can be read; nothing that is relied on. */
export const claimed = (payload: Uint8Array): Claimed => {
  const members = Object(tryJson(payload))
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const result = v.safeParse(schema, Object.hasOwn(members, name) ? members[name] : undefined)
      return result.success ? [[name, result.output]] : []
    }),
  )
}

const tryJson = (payload: Uint8Array): unknown => {
  try {
    return readJson(payload)
  } catch {
    return undefined
  }
}
