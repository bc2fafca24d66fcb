import { LoaError, messageOf } from '../core/error.ts'
import { invalid, printable } from './fault.ts'

/** Bytes of an MQTT payload as sent (contract, section 3). */
export const MAX_MESSAGE_BYTES = 1_000_000
/** The deepest document of the contract has eight levels; unknown members may go deeper. */
export const MAX_DEPTH = 32

const QUOTE = 0x22
const BACKSLASH = 0x5c
const STEP: Readonly<Record<number, number>> = { 91: 1, 123: 1, 93: -1, 125: -1 }

/** Index of the quote that ends the string begun at `start`. */
const endOfString = (bytes: Uint8Array, start: number): number => {
  let index = start + 1
  while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1
  return index
}

/** Nesting of brackets outside strings. */
const deeperThan = (bytes: Uint8Array, limit: number): boolean => {
  let depth = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    if (byte === QUOTE) index = endOfString(bytes, index)
    depth += STEP[byte] ?? 0
    if (depth > limit) return true
  }
  return false
}

/** @throws TOO_LARGE */
export const checkSize = (bytes: Uint8Array, max: number): void => {
  if (bytes.length > max) throw new LoaError('TOO_LARGE', `${bytes.length} bytes, at most ${max} are taken`)
}

const decodeText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new LoaError('INVALID', 'not UTF-8', { cause, path: '' })
  }
}

/**
 * Reads untrusted JSON: size, encoding and nesting are judged before anything is built from it.
 * @throws TOO_LARGE over `maxBytes`
 * @throws INVALID with an empty path: not UTF-8, nested deeper than 32, or not JSON
 */
export const readJson = (bytes: Uint8Array, maxBytes: number = MAX_MESSAGE_BYTES): unknown => {
  checkSize(bytes, maxBytes)
  const text = decodeText(bytes)
  if (deeperThan(bytes, MAX_DEPTH))
    throw invalid({ path: '', message: `nested deeper than ${MAX_DEPTH} levels` })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LoaError('INVALID', `not JSON: ${printable(messageOf(cause), 160)}`, {
      cause,
      path: '',
    })
  }
}
