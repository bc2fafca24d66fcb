import { namesItsPlace, type Place } from '../place.ts'

/** Lower-case letters and digits of which no two look alike on a label, or over a telephone. */
export const CLEAR_LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'
const LETTERS = 8
/** Bytes from here on would make the first letters likelier than the last. */
const FAIR_BYTES = Math.floor(256 / CLEAR_LETTERS.length) * CLEAR_LETTERS.length

/** `count` letters, each as likely as any other. `bytes` gives as many random bytes as it is asked for. */
export const randomLetters = (count: number, bytes: (count: number) => Uint8Array): string => {
  let letters = ''
  while (letters.length < count)
    for (const byte of bytes(count))
      if (byte < FAIR_BYTES && letters.length < count) letters += CLEAR_LETTERS[byte % CLEAR_LETTERS.length]
  return letters
}

/** A new id, `d-` and eight letters, that does not contain a code of the place by chance. */
export const createDeviceId = (place: Place, bytes: (count: number) => Uint8Array): string => {
  for (;;) {
    const id = `d-${randomLetters(LETTERS, bytes)}`
    if (!namesItsPlace({ id, ...place })) return id
  }
}
