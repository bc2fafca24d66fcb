import type { ModemReading } from '../../core/link/modem.ts'

/** What `mmcli -J` prints, read with care: names come from networks and modems. */

const LONGEST_WORD = 64
const MODEM_PATH = /^\/org\/freedesktop\/ModemManager1\/Modem\/\d{1,9}$/

const at = (answer: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    answer,
  )

/** `--` stands for what is not known. */
const wordAt = (answer: unknown, ...path: readonly string[]): string | undefined => {
  const value = at(answer, path)
  if (typeof value !== 'string' || value === '--') return undefined
  const plain = value.replaceAll(/\p{C}/gu, '').trim()
  return plain === '' ? undefined : plain.slice(0, LONGEST_WORD)
}

const numberAt = (answer: unknown, ...path: readonly string[]): number | undefined => {
  const value = Number(wordAt(answer, ...path) ?? Number.NaN)
  return Number.isFinite(value) ? value : undefined
}

const wordsAt = (answer: unknown, ...path: readonly string[]): readonly string[] => {
  const value = at(answer, path)
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

/** There is no bus, no ModemManager on it, or not the modem that was asked for: no fault of anybody. */
export const isGone = (stderr: string): boolean =>
  /Could not connect: (?:No such file|Connection refused)|couldn't find (?:the ModemManager process|modem)|ServiceUnknown|NameHasNoOwner|UnknownObject|UnknownMethod|object does not exist/i.test(
    stderr,
  )

/** Of `mmcli -L`. */
export const modemPaths = (answer: unknown): readonly string[] =>
  wordsAt(answer, 'modem-list').filter((path) => MODEM_PATH.test(path))

const simOf = (answer: unknown): ModemReading['sim'] => {
  const state = wordAt(answer, 'modem', 'generic', 'state')
  const reason = wordAt(answer, 'modem', 'generic', 'state-failed-reason') ?? ''
  if (state === 'failed') return reason === 'sim-missing' ? 'missing' : 'failed'
  return state === 'locked' ? 'locked' : 'ok'
}

/** dBm of the cell in use, by the generation that has one. */
const SIGNALS = [
  ['5g', 'rsrp'],
  ['lte', 'rsrp'],
  ['umts', 'rscp'],
  ['umts', 'rssi'],
  ['gsm', 'rssi'],
] as const

const dbmOf = (signal: unknown): number | undefined =>
  SIGNALS.map(([generation, figure]) => numberAt(signal, 'modem', 'signal', generation, figure)).find(
    (dbm) => dbm !== undefined,
  )

const present = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Each in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [Each in Name]: Value })

/** Of `mmcli -m` and, where there is one, of `--signal-get`. */
export const readModem = (answer: unknown, signal: unknown): ModemReading => ({
  ...present('model', wordAt(answer, 'modem', 'generic', 'model')),
  state: wordAt(answer, 'modem', 'generic', 'state') ?? 'unknown',
  sim: simOf(answer),
  ...present('operator', wordAt(answer, 'modem', '3gpp', 'operator-name')),
  roaming: wordAt(answer, 'modem', '3gpp', 'registration-state') === 'roaming',
  ...present('technology', wordsAt(answer, 'modem', 'generic', 'access-technologies')[0]),
  ...present('quality', numberAt(answer, 'modem', 'generic', 'signal-quality', 'value')),
  ...present('dbm', dbmOf(signal)),
  devices: wordsAt(answer, 'modem', 'generic', 'ports').flatMap((port) => {
    const [, device] = /^([\w.-]{1,15}) \(net\)$/.exec(port) ?? []
    return device === undefined ? [] : [device]
  }),
})
