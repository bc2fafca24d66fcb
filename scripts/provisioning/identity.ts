/** Lower-case letters and digits of which no two look alike on a label, or over a telephone. */
const CLEAR = '23456789abcdefghjkmnpqrstuvwxyz'
/** Bytes from here on would make the first letters likelier than the last. */
const FAIR = Math.floor(256 / CLEAR.length) * CLEAR.length

export type RandomBytes = (count: number) => Uint8Array

const letters = (count: number, bytes: RandomBytes): string => {
  let text = ''
  while (text.length < count)
    for (const byte of bytes(count))
      if (byte < FAIR && text.length < count) text += CLEAR[byte % CLEAR.length]
  return text
}

/** An id that is none of those taken, and does not contain the commune by chance: receivers move. */
export const newId = (commune: string, taken: ReadonlySet<string>, bytes: RandomBytes): string => {
  for (;;) {
    const id = `d-${letters(8, bytes)}`
    if (!taken.has(id) && !id.includes(commune)) return id
  }
}

/** A one-time code: four groups of five letters, 99 bits. */
export const newCode = (bytes: RandomBytes): string =>
  (letters(20, bytes).toUpperCase().match(/.{5}/g) ?? []).join('-')
