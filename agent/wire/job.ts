import * as v from 'valibot'
import { deviceHead } from './content.ts'
import { certificates, id, instant, matching } from './scalars.ts'
import { fields } from './shape.ts'

/** A release alone may be that long (docs/updates.md). */
const MAX_RELEASE_CHARACTERS = 65_536

const release = matching(
  /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
  MAX_RELEASE_CHARACTERS,
  `a release: a compact JWS of at most ${MAX_RELEASE_CHARACTERS} characters`,
)

/** What is to be done with the software or the key pair of one device. It counts until a higher revision says something else. */
export const job = fields({
  ...deviceHead('job'),
  job: v.variant('op', [
    fields({ id, op: v.literal('update'), release, notBefore: v.exactOptional(instant) }),
    fields({ id, op: v.literal('renew'), certificate: v.exactOptional(certificates) }),
    fields({ id, op: v.literal('cancel') }),
  ]),
})
