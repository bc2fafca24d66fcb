import * as v from 'valibot'
import {
  area,
  id,
  instant,
  integer,
  language,
  percent,
  quantity,
  rev,
  seconds,
  sha256,
  text,
} from './scalars.ts'
import { eitherBy, fields, list, strictFields } from './shape.ts'

/** What schedules, alerts and commands have in common: sound, pages, targets. */

export const programmeClass = v.picklist(['normal', 'priority', 'emergency'])
export const tier = v.picklist(['central', 'province', 'commune'])
export const documentKind = v.picklist(['trust', 'schedule', 'alert', 'fresh', 'desired', 'command', 'job'])
const builtInSound = v.picklist(['chime', 'chime-end', 'attention', 'siren-wail', 'siren-two-tone', 'pilot'])
const audioFormat = v.picklist(['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav'])
const streamFormat = v.picklist(['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav', 'hls'])
export const imageFormat = v.picklist(['png', 'jpeg', 'gif', 'webp'])

const isUrl = (value: string): boolean => {
  const url = URL.parse(value)
  return url !== null && url.username === '' && url.password === ''
}
const URL_WORDS = 'an http or https URL without user name or password'
export const url = v.pipe(
  v.string(),
  v.maxLength(2_000, 'expected a URL of at most 2000 characters'),
  v.regex(/^https?:\/\/[!-~]+$/, `expected ${URL_WORDS}`),
  v.check(isUrl, `expected ${URL_WORDS}`),
)
const urls = list(url, { min: 1, max: 8 })
const fileBytes = integer(1, 4_294_967_296)

const COLOR = 'a colour name such as amber, or #rrggbb'
export const color = v.pipe(
  v.string(),
  v.maxLength(32, `expected ${COLOR}`),
  v.regex(/^(?:[A-Za-z]{3,32}|#[0-9A-Fa-f]{6})$/, `expected ${COLOR}`),
)
export const mode = v.picklist(['still', 'scroll', 'flip'])
/** Names that a board lacks are passed over, so more than it can have are accepted. */
export const names = list(id, { max: 64 })

const contentOf = (object: typeof fields) => {
  const part = eitherBy({
    sound: object({ sound: builtInSound }),
    audio: object({ audio: object({ sha256, bytes: fileBytes, format: audioFormat, seconds, urls }) }),
    pause: object({ pause: quantity(0, 14_400) }),
    speech: object({ speech: object({ text: text(5_000), language: v.exactOptional(language) }) }),
    stream: object({ stream: object({ format: streamFormat, seconds, urls }) }),
  })
  const page = eitherBy({
    text: object({
      text: text(1_000),
      mode: v.exactOptional(mode),
      color: v.exactOptional(color),
      seconds,
    }),
    image: object({ image: object({ sha256, bytes: fileBytes, format: imageFormat, urls }), seconds }),
  })
  const pages = list(page, { min: 1, max: 50 })
  return {
    /** An empty list means the same as none. */
    parts: list(part, { max: 50 }),
    someParts: list(part, { min: 1, max: 50 }),
    pages,
    sign: object({ signs: v.exactOptional(names), pages }),
  }
}
/** As the province sends it: unknown members are dropped. */
export const { parts, someParts, pages, sign } = contentOf(fields)
/** As it stands in a file of this device: unknown members are faults. What is known is the same. */
export const strictContent = contentOf(strictFields as unknown as typeof fields)

export const targets = fields({
  devices: v.exactOptional(list(id, { max: 10_000 })),
  groups: v.exactOptional(list(id, { max: 1_000 })),
})

export const volume = percent

export const version = v.literal(1)
const dates = { iat: instant, exp: v.exactOptional(instant) }
/** What every document of an area begins with. */
export const areaHead = <const K extends string>(kind: K) =>
  ({ kind: v.literal(kind), v: version, area, rev, ...dates }) as const
/** What every document of a device begins with. */
export const deviceHead = <const K extends string>(kind: K) =>
  ({ kind: v.literal(kind), v: version, device: id, rev, ...dates }) as const
