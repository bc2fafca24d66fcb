/** First and last byte, both inclusive. */
export type ByteRange = { readonly first: number; readonly last: number }

/**
 * What a `Range` header asks of a body of `length` bytes (RFC 9110, 14.1.2).
 * `whole` for everything that a server may pass over: none, another unit, several ranges, bad syntax.
 */
export const parseRange = (
  header: string | undefined,
  length: number,
): ByteRange | 'whole' | 'unsatisfiable' => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  const [, from = '', to = ''] = match ?? []
  if (match === null || (from === '' && to === '')) return 'whole'
  if (from === '') {
    const count = Math.min(Number(to), length)
    return count === 0 ? 'unsatisfiable' : { first: length - count, last: length - 1 }
  }
  const first = Number(from)
  const last = to === '' ? length - 1 : Math.min(Number(to), length - 1)
  if (first >= length) return 'unsatisfiable'
  // A last byte before the first makes the header invalid, and an invalid header is passed over.
  return last < first ? 'whole' : { first, last }
}
