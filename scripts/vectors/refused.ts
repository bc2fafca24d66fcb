import { createHmac, sign } from 'node:crypto'
import type { SigningKey } from '../source-system/keys.ts'
import { seal } from '../source-system/sign.ts'
import { alert, command, DEVICE, desired, schedule, trust } from './documents.ts'
import { COMMUNE, PROVINCE, ROOTS, STRANGER } from './keys.ts'

const bytes = (document: object): Buffer => Buffer.from(JSON.stringify(document))
const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

const SCHEDULE_HEADER = { alg: 'EdDSA', kid: COMMUNE.kid, typ: 'loa-schedule+jws' }

/** A compact JWS with any header, signed truly: what is wrong with it is the header alone. */
const withHeader = (header: object | string, document: object = schedule, key: SigningKey = COMMUNE) => {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const input = `${base64url(text)}.${base64url(bytes(document))}`
  return `${input}.${base64url(sign(null, Buffer.from(input), key.privateKey))}`
}
const parts = (message: string): readonly [string, string, string] => {
  const [header = '', payload = '', signature = ''] = message.split('.')
  return [header, payload, signature]
}
const GOOD = seal('schedule', bytes(schedule), [COMMUNE])
const [HEADER, PAYLOAD, SIGNATURE] = parts(GOOD)

const hs256 = (): string => {
  const header = base64url(JSON.stringify({ ...SCHEDULE_HEADER, alg: 'HS256' }))
  const mac = createHmac('sha256', Buffer.from(COMMUNE.x, 'base64url')).update(`${header}.${PAYLOAD}`)
  return `${header}.${PAYLOAD}.${base64url(mac.digest())}`
}
/** The last of 86 digits carries two bits that must be zero: another digit says the same bytes. */
const uncanonical = (signature: string): string => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = digits.indexOf(signature.at(-1) ?? '')
  return signature.slice(0, -1) + digits.charAt(last + 1)
}

type Topic = 'schedule' | 'alert' | 'trust' | 'province' | 'desired' | 'command'
const TOPICS: Readonly<Record<Topic, string>> = {
  schedule: 'loa/v1/area/75/26068/schedule',
  alert: 'loa/v1/area/75/26068/alert',
  trust: 'loa/v1/area/75/trust',
  province: 'loa/v1/area/75/schedule',
  desired: `loa/v1/device/75/${DEVICE}/down/desired`,
  command: `loa/v1/device/75/${DEVICE}/down/command`,
}

const refused = (name: string, code: string, message: string, topic: Topic = 'schedule') => ({
  name,
  topic: TOPICS[topic],
  code,
  message,
})

export const REFUSED = [
  refused(
    'alg none',
    'BAD_SIGNATURE',
    `${base64url(JSON.stringify({ ...SCHEDULE_HEADER, alg: 'none' }))}.${PAYLOAD}.`,
  ),
  refused('HS256 with the public key as its secret', 'BAD_SIGNATURE', hs256()),
  refused(
    'alg Ed25519 instead of EdDSA',
    'BAD_SIGNATURE',
    withHeader({ ...SCHEDULE_HEADER, alg: 'Ed25519' }),
  ),
  refused('typ of another kind', 'BAD_SIGNATURE', withHeader({ ...SCHEDULE_HEADER, typ: 'loa-alert+jws' })),
  refused('typ JWT', 'BAD_SIGNATURE', withHeader({ ...SCHEDULE_HEADER, typ: 'JWT' })),
  refused('crit', 'BAD_SIGNATURE', withHeader({ ...SCHEDULE_HEADER, crit: ['b64'], b64: true })),
  refused('one header member too many', 'BAD_SIGNATURE', withHeader({ ...SCHEDULE_HEADER, iat: 1 })),
  refused('no kid', 'BAD_SIGNATURE', withHeader({ alg: 'EdDSA', typ: 'loa-schedule+jws' })),
  refused(
    'kid twice',
    'BAD_SIGNATURE',
    withHeader(`{"alg":"EdDSA","kid":"x","kid":"${COMMUNE.kid}","typ":"loa-schedule+jws"}`),
  ),
  refused('padded base64url', 'BAD_SIGNATURE', `${GOOD}==`),
  refused('base64 with + and /', 'BAD_SIGNATURE', `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -2)}+/`),
  refused(
    'base64url that is not canonical',
    'BAD_SIGNATURE',
    `${HEADER}.${PAYLOAD}.${uncanonical(SIGNATURE)}`,
  ),
  refused('a line end', 'BAD_SIGNATURE', `${GOOD}\n`),
  refused(
    'a payload that was changed',
    'BAD_SIGNATURE',
    `${HEADER}.${base64url(bytes({ ...schedule, rev: 43 }))}.${SIGNATURE}`,
  ),
  refused('a signature cut short', 'BAD_SIGNATURE', `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 64)}`),
  refused('bare JSON', 'BAD_SIGNATURE', JSON.stringify(schedule)),
  refused(
    'trust as a compact JWS',
    'BAD_SIGNATURE',
    withHeader({ alg: 'EdDSA', kid: ROOTS[0].kid, typ: 'loa-trust+jws' }, { ...trust, rev: 2 }, ROOTS[0]),
    'trust',
  ),
  refused(
    'trust by one root of two',
    'BAD_SIGNATURE',
    seal('trust', bytes({ ...trust, rev: 2 }), [ROOTS[0]]),
    'trust',
  ),
  refused(
    'trust by a publisher',
    'BAD_SIGNATURE',
    seal('trust', bytes({ ...trust, rev: 2 }), [PROVINCE, COMMUNE]),
    'trust',
  ),
  refused('a key in no trust document', 'UNKNOWN_KEY', seal('schedule', bytes(schedule), [STRANGER])),
  refused('a root key on a schedule', 'UNKNOWN_KEY', seal('schedule', bytes(schedule), [ROOTS[0]])),
  refused(
    'a commune for its province',
    'OUT_OF_SCOPE',
    seal('schedule', bytes({ ...schedule, area: '75' }), [COMMUNE]),
    'province',
  ),
  refused(
    'a commune with an alert',
    'OUT_OF_SCOPE',
    seal('alert', bytes({ ...alert, area: '75/26068' }), [COMMUNE]),
    'alert',
  ),
  refused(
    'a class above that of the key',
    'OUT_OF_SCOPE',
    seal(
      'schedule',
      bytes({ ...schedule, items: schedule.items.map((item) => ({ ...item, class: 'emergency' })) }),
      [COMMUNE],
    ),
  ),
  refused(
    'a document that is over',
    'EXPIRED',
    seal('schedule', bytes({ ...schedule, exp: '2026-11-22T07:59:59+07:00' }), [COMMUNE]),
  ),
  refused(
    'a command that is over',
    'EXPIRED',
    seal('command', bytes({ ...command, exp: '2026-11-22T07:59:59+07:00' }), [PROVINCE]),
    'command',
  ),
  refused(
    'a command for another boot',
    'WRONG_BOOT',
    seal('command', bytes({ ...command, boot: 'f'.repeat(32) }), [PROVINCE]),
    'command',
  ),
  refused(
    'another commune',
    'WRONG_DEVICE',
    seal('schedule', bytes({ ...schedule, area: '75/26069' }), [PROVINCE]),
  ),
  refused(
    'another device',
    'WRONG_DEVICE',
    seal('desired', bytes({ ...desired, device: 'd-other' }), [PROVINCE]),
    'desired',
  ),
  refused(
    'a time of day that is none',
    'INVALID',
    seal(
      'schedule',
      bytes({
        ...schedule,
        items: schedule.items.map((item) => ({ ...item, when: { times: ['25:00:00'] } })),
      }),
      [COMMUNE],
    ),
  ),
]
