import * as v from 'valibot'
import type { ControlArgs, ControlVerb } from '../core/control.ts'
import { LoaError } from '../core/error.ts'
import { MAX_RELEASE_FILE_BYTES } from '../core/update/release.ts'
import { color, imageFormat, mode, names, programmeClass } from './content.ts'
import { MAX_MESSAGE_BYTES, readJson } from './json.ts'
import { duration, id, instant, integer, MAX_SECONDS, percent, quantity, sha256, text } from './scalars.ts'
import { strictFields } from './shape.ts'
import { validate } from './validate.ts'

/** Longest request line, without its newline. */
export const MAX_REQUEST_BYTES = 65_536
const MAX_BODY_BYTES = 4_294_967_296

export type ControlRequest = {
  readonly [V in ControlVerb]: { readonly verb: V; readonly args: ControlArgs<V>; readonly follow: boolean }
}[ControlVerb]

/** One line of an answer. */
export type ControlAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string }

const localFile = strictFields({
  sha256,
  bytes: integer(1, MAX_BODY_BYTES),
  format: v.picklist(['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav']),
  name: text(255),
})
const localPicture = strictFields({
  sha256,
  bytes: integer(1, MAX_BODY_BYTES),
  format: imageFormat,
  name: text(255),
})
const signOrder = v.pipe(
  strictFields({
    what: v.picklist(['text', 'image', 'test', 'clear']),
    text: v.exactOptional(text(1_000)),
    mode: v.exactOptional(mode),
    color: v.exactOptional(color),
    file: v.exactOptional(localPicture),
    seconds: v.exactOptional(duration(MAX_SECONDS)),
    signs: v.exactOptional(names),
  }),
  v.check(
    ({ what, text: words, file }) =>
      (what === 'text') === (words !== undefined) && (what === 'image') === (file !== undefined),
    'expected text with a text, image with a file',
  ),
)
const audible = quantity(20, 20_000)
const argsOf = {
  status: strictFields({ everyMs: v.exactOptional(integer(200, 60_000)) }),
  schedule: strictFields({ days: v.exactOptional(integer(1, 35)) }),
  media: strictFields({}),
  log: strictFields({ since: v.exactOptional(instant), limit: v.exactOptional(integer(1, 5000)) }),
  play: v.pipe(
    strictFields({
      file: v.exactOptional(localFile),
      tone: v.exactOptional(strictFields({ hz: audible, toHz: v.exactOptional(audible) })),
      pilot: v.exactOptional(v.literal(true)),
      seconds: v.exactOptional(duration(MAX_SECONDS)),
      volume: v.exactOptional(percent),
      class: v.exactOptional(programmeClass),
    }),
    v.check(
      ({ file, tone, pilot }) => [file, tone, pilot].filter((each) => each !== undefined).length === 1,
      'expected one of file, tone, pilot',
    ),
  ),
  verify: strictFields({ bytes: integer(0, MAX_MESSAGE_BYTES) }),
  amplifier: strictFields({ id, on: v.boolean(), seconds: v.exactOptional(duration(MAX_SECONDS)) }),
  'learn-line': strictFields({ id }),
  sign: signOrder,
  doctor: strictFields({}),
  selftest: strictFields({ attended: v.boolean() }),
  'selftest-answer': strictFields({
    run: text(40),
    question: v.picklist(['quiet', 'sweep', 'siren', 'sign', 'remark']),
    answer: text(1_000),
  }),
  update: strictFields({ bytes: integer(1, MAX_RELEASE_FILE_BYTES) }),
  'update-cancel': strictFields({}),
  bundle: strictFields({}),
  'sign-pictures': strictFields({ columns: integer(1, 256), rows: integer(1, 128) }),
  unmute: strictFields({}),
} satisfies { readonly [V in ControlVerb]: v.GenericSchema<unknown, ControlArgs<V>> }

const isVerb = (name: string): name is ControlVerb => Object.hasOwn(argsOf, name)

const request = strictFields({
  verb: text(40),
  args: v.optional(v.unknown(), {}),
  follow: v.optional(v.boolean(), false),
})

const typed = <V extends ControlVerb>(verb: V, args: unknown, follow: boolean) => {
  const schema: v.GenericSchema<unknown, ControlArgs<V>> = argsOf[verb]
  return { verb, args: validate(schema, args), follow }
}

/** @throws INVALID for what is not a request, with the path of the fault; USAGE for a verb this agent does not know */
export const parseControlRequest = (line: Uint8Array): ControlRequest => {
  const { verb, args, follow } = validate(request, readJson(line, MAX_REQUEST_BYTES))
  if (!isVerb(verb))
    throw new LoaError('USAGE', `this agent knows no ${verb}; it knows ${Object.keys(argsOf).join(', ')}`)
  return typed(verb, args, follow) as ControlRequest
}
