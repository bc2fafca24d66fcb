import * as v from 'valibot'
import type { DocumentKind, DocumentOf } from '../core/documents.ts'
import { alert } from './alert.ts'
import { command } from './command.ts'
import { desired } from './desired.ts'
import { job } from './job.ts'
import { readJson } from './json.ts'
import { id, integer, nonce, rev, sha256 } from './scalars.ts'
import { schedule } from './schedule.ts'
import { fields } from './shape.ts'
import { fresh, trust } from './trust.ts'
import { validate } from './validate.ts'

/** The schemas that are published; each yields exactly the type of the core. */
export const documentSchemas: {
  readonly [K in DocumentKind]: v.GenericSchema<unknown, DocumentOf[K]>
} = { trust, schedule, alert, fresh, desired, command, job }

/**
 * A document from the payload of its envelope. Call it only after the signature has been verified.
 * Unknown members are dropped; defaults of absent members are left to the core.
 * @throws TOO_LARGE over 1,000,000 bytes
 * @throws INVALID with the path of the first fault, in dots, in the order of the text
 */
export const parseDocument = <K extends DocumentKind>(kind: K, payload: Uint8Array): DocumentOf[K] => {
  const schema: v.GenericSchema<unknown, DocumentOf[K]> = documentSchemas[kind]
  return validate(schema, readJson(payload))
}

const numbered = v.object({ rev })

/** The revision that a refused document claims, for the report of the refusal; undefined when it cannot be read. */
export const claimedRevision = (payload: Uint8Array): number | undefined => {
  try {
    return validate(numbered, readJson(payload)).rev
  } catch {
    return undefined
  }
}

const identified = v.object({ id })

/** The id of a command that breaks the schema; undefined when it cannot be read. */
export const claimedId = (payload: Uint8Array): string | undefined => {
  try {
    return validate(identified, readJson(payload)).id
  } catch {
    return undefined
  }
}

/** The server holds everything to `upTo` (contract, section 4). */
export type Acked = { readonly epoch: string; readonly upTo: number; readonly hash: string }
const ackedFields = fields({ epoch: nonce, upTo: integer(0, 999_999_999_999), hash: sha256 })
export const acked: v.GenericSchema<unknown, Acked> = ackedFields

const MAX_ACKED_BYTES = 4_096

/** @throws TOO_LARGE over 4096 bytes; INVALID with a path */
export const parseAcked = (bytes: Uint8Array): Acked => validate(acked, readJson(bytes, MAX_ACKED_BYTES))
