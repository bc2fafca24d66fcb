import { createHash } from 'node:crypto'

export const FIRST_PREV = '0'.repeat(64)

/** A numbered record as received, before anything else about it is believed. */
export type ChainedRecord = {
  readonly n: number
  readonly prev: string
  readonly hash: string
} & Readonly<Record<string, unknown>>

/** RFC 8785 for JSON values: members sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** Hex SHA-256 of `prev` + "\n" + the record without `hash` in RFC 8785 form. */
export const recordHash = (record: ChainedRecord): string => {
  const { hash: _, ...body } = record
  return createHash('sha256')
    .update(`${record.prev}\n${canonicalJson(body)}`)
    .digest('hex')
}

const NUMBER = /^-?\d{1,12}(\.\d{1,3})?$/

/** Paths of numbers that other JSON writers may spell otherwise: over 3 decimals, 1e12 and more. Keys that are not ASCII too. */
export const uncanonical = (value: unknown, path = ''): readonly string[] => {
  if (typeof value === 'number') return NUMBER.test(String(value)) ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const here = path === '' ? key : `${path}.${key}`
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly this range
    return [...(/^[\x00-\x7f]*$/.test(key) ? [] : [here]), ...uncanonical(member, here)]
  })
}

/** Records `from`..`to` that the device dropped, from its GAP event; `hash` is that of record `to`. */
export type Gap = { readonly from: number; readonly to: number; readonly hash: string }

/** The range a GAP event covers; undefined for every other record, and for one that covers itself or nothing. */
export const gapOf = (record: ChainedRecord): Gap | undefined => {
  const { code, data } = record
  if (code !== 'GAP' || typeof data !== 'object' || data === null) return undefined
  const { from, to, hash }: Record<string, unknown> = { ...data }
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return undefined
  if (typeof from !== 'number' || typeof to !== 'number' || typeof hash !== 'string') return undefined
  return from >= 1 && from <= to && to < record.n ? { from, to, hash } : undefined
}
