import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import type { PlannedDevice } from './rows.ts'

/** What all receivers of a province have alike, as it stands in a loa.yaml. */
export type CommonPart = Readonly<Record<string, unknown>>

const OWN = ['id', 'place', 'board', 'code', 'cert', 'key', 'password']

/**
 * Reads the part for all; a file that `ca` names beside it is put in.
 * @throws CONFIG
 */
export const readCommon = (file: string): CommonPart => {
  let value: unknown
  try {
    value = parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new LoaError('CONFIG', `cannot read ${file}: ${messageOf(cause)}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LoaError('CONFIG', `${file}: lines such as brokers: ["mqtts://broker.example:8883"] are wanted`)
  const common: Record<string, unknown> = { ...value }
  const own = OWN.find((name) => name in common)
  if (own !== undefined) throw new LoaError('CONFIG', `${file}: ${own} is of one receiver, not of all`)
  const { ca } = common
  if (typeof ca !== 'string' || ca.includes('-----BEGIN')) return common
  const place = resolve(dirname(file), ca)
  try {
    return { ...common, ca: readFileSync(place, 'utf8') }
  } catch (cause) {
    throw new LoaError('CONFIG', `${file}: ca: cannot read ${place}: ${messageOf(cause)}`, { cause })
  }
}

/** By what a receiver gets in. */
export type Admission = { readonly code: string } | { readonly cert: string; readonly key: string }

/** The loa.yaml of one card. */
export const bootText = (
  device: PlannedDevice & { readonly id: string },
  common: CommonPart,
  admission: Admission,
): string => {
  const { id, province, commune, label, board, groups, languages, brokers } = device
  const value = {
    id,
    place: { province, commune },
    ...common,
    ...(groups.length === 0 ? {} : { groups }),
    ...(languages.length === 0 ? {} : { languages }),
    ...(brokers.length === 0 ? {} : { brokers }),
    board,
    ...admission,
  }
  return `# ${label}\n# Of this one receiver: no second card with it. / Chỉ cho một cụm loa này, không chép sang thẻ khác.\n${stringify(value, { lineWidth: 0 })}`
}
