import * as v from 'valibot'
import { names, pages, programmeClass, someParts, version, volume } from './content.ts'
import { duration, id, instant, integer, nonce, percent, seconds, text } from './scalars.ts'
import { fields } from './shape.ts'

const head = {
  kind: v.literal('command'),
  v: version,
  id,
  device: id,
  /** Any text: another boot is refused as `WRONG_BOOT`, not as a fault of form. */
  boot: text(128),
  iat: instant,
  exp: instant,
} as const

const noArgs = v.exactOptional(fields({}))
const withoutArgs = <const O extends string>(op: O) => fields({ ...head, op: v.literal(op), args: noArgs })

const YEAR = 31_622_400

export const command = v.variant('op', [
  fields({
    ...head,
    op: v.literal('play'),
    args: fields({
      parts: someParts,
      class: v.exactOptional(programmeClass),
      volume: v.exactOptional(volume),
    }),
  }),
  withoutArgs('stop'),
  fields({
    ...head,
    op: v.literal('mute'),
    args: v.exactOptional(fields({ seconds: v.exactOptional(duration(YEAR)) })),
  }),
  withoutArgs('unmute'),
  fields({ ...head, op: v.literal('volume'), args: fields({ volume: percent }) }),
  fields({
    ...head,
    op: v.literal('amplifier'),
    args: fields({ id, on: v.boolean(), seconds: v.exactOptional(seconds) }),
  }),
  fields({
    ...head,
    op: v.literal('sign'),
    args: fields({ pages, seconds: v.exactOptional(seconds), signs: v.exactOptional(names) }),
  }),
  withoutArgs('sign-clear'),
  withoutArgs('self-test'),
  fields({
    ...head,
    op: v.literal('sync'),
    args: v.exactOptional(
      fields({ from: v.exactOptional(fields({ epoch: nonce, n: integer(0, 999_999_999_999) })) }),
    ),
  }),
  withoutArgs('bundle'),
  withoutArgs('restart'),
  withoutArgs('reboot'),
])
