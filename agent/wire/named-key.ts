import type * as v from 'valibot'
import { about } from './config-scalars.ts'
import { id, publicKey } from './scalars.ts'
import { strictFields } from './shape.ts'

/** A public key of agent.yaml. */
export const namedKey = strictFields({
  kid: about(id, 'Key id.'),
  x: about(publicKey, 'Ed25519 public key, base64url of 32 bytes.'),
})

type NamedKey = v.InferOutput<typeof namedKey>

const isDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length

export const areDistinct = (keys: NamedKey[]): boolean =>
  isDistinct(keys.map(({ kid }) => kid)) && isDistinct(keys.map(({ x }) => x))

export const SAME_KEY_TWICE = 'the same kid or the same key stands twice'
