import fc from 'fast-check'

/** One change of bytes: what a line, a disk or an enemy does to them. */
type Edit =
  | { readonly kind: 'set'; readonly at: number; readonly byte: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }

const anyByte = fc.integer({ min: 0, max: 255 })
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: anyByte }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 12 }),
      fc
        .constantFrom(
          '{',
          '[',
          '"',
          '\\u0000',
          '.',
          '=',
          '__proto__',
          '1e999',
          '-',
          '<',
          '&lt;',
          '#EXT',
          '\n',
        )
        .map((text) => new TextEncoder().encode(text)),
    ),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 40 }),
    times: fc.integer({ min: 2, max: 200 }),
  }),
)

const applied = (bytes: Uint8Array, change: Edit): Uint8Array => {
  const at = bytes.length === 0 ? 0 : change.at % bytes.length
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (change.kind) {
    case 'set': {
      const copy = Uint8Array.from(bytes)
      copy[at] = change.byte
      return copy
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(change.length)])
    case 'insert':
      return Buffer.concat([before, change.bytes, after])
    case 'repeat':
      return Buffer.concat([
        before,
        ...Array.from({ length: change.times }, () => after.subarray(0, change.length)),
        after,
      ])
  }
}

/** Entries of a corpus, whole or with a few changes, and now and then something else altogether. */
export const mutated = (corpus: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(fc.constantFrom(...corpus), fc.array(edit, { maxLength: 5 }))
        .map(([seed, edits]) => Uint8Array.from(edits.reduce(applied, seed))),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
    { weight: 1, arbitrary: fc.json().map((text) => new TextEncoder().encode(text)) },
  )

export const mutatedText = (corpus: readonly string[]): fc.Arbitrary<string> =>
  mutated(corpus.map((text) => new TextEncoder().encode(text))).map((bytes) =>
    Buffer.from(bytes).toString('utf8'),
  )
