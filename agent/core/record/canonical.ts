import { LoaError } from '../error.ts'

const MOST = 999_999_999_999

/** A clock set from 1970 to now jumps by more milliseconds than a record can hold: that must cost neither the record nor the agent. */
const normalNumber = (value: number): number => {
  if (!Number.isFinite(value)) throw new LoaError('INVALID', `a record cannot hold the number ${value}`)
  // Adding 0 turns -0 into 0, which RFC 8785 writes alike.
  return Math.max(-MOST, Math.min(MOST, Math.round(value * 1000) / 1000 + 0))
}

/**
 * A record as it is sent and hashed: numbers rounded to 3 decimals and cut off at magnitude 999,999,999,999, members that
 * are undefined left out, text well-formed.
 * @throws INVALID for what is no number, and for what JSON cannot say
 */
export const normalise = (value: unknown): unknown => {
  if (typeof value === 'number') return normalNumber(value)
  if (typeof value === 'string') return value.toWellFormed()
  if (value === null || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(normalise)
  if (typeof value !== 'object') throw new LoaError('INVALID', `a record cannot hold a ${typeof value}`)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, normalise(member)]),
  )
}

const write = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  // The default sort is by UTF-16 code units, which is what the RFC asks for.
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`)
  return `{${members.join(',')}}`
}

/** A normalised value in the canonical form of RFC 8785: sorted keys, no space, shortest decimals, no exponent. */
export const canonicalJson = (value: unknown): string => write(normalise(value))
