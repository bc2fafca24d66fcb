import * as v from 'valibot'
import { id, integer } from './scalars.ts'
import { list } from './shape.ts'

/** Adds the sentence that the reference prints for a key. */
export const about = <const S extends v.GenericSchema>(schema: S, sentence: string) =>
  v.pipe(schema, v.description(sentence))

/** A code of digits. YAML reads one without quotes as a number, and loses its leading zeros. */
export const digits = (count: number, example: string) => {
  const expected = `${count} digits in quotes, such as "${example}"`
  return v.pipe(
    v.string((issue) =>
      typeof issue.input === 'number'
        ? `a number here: write it in quotes, such as "${example}"`
        : `expected ${expected}`,
    ),
    v.regex(new RegExp(`^\\d{${count}}$`), `expected ${expected}`),
  )
}

export const path = v.pipe(
  v.string(),
  v.maxLength(4_096, 'expected a path of at most 4096 characters'),
  v.regex(/^[^\0\n\r]+$/, 'expected a path'),
)

export const absolutePath = v.pipe(
  path,
  v.check((value) => value.startsWith('/'), 'expected a path that begins with /'),
)

/** A path, or `credential:NAME` for what systemd hands over. */
export const fileOrCredential = v.pipe(
  path,
  v.check(
    (value) => !value.startsWith('credential:') || /^credential:[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value),
    'expected credential:NAME, a name of letters, digits and . _ -',
  ),
)

/** A short list with a fault for each wrong entry. */
export const shortList = <const S extends v.GenericSchema>(item: S, max: number, min = 0) =>
  list(item, { min, max, reportAll: true })

/** A short list whose entries have an `id` each, all different. */
export const uniqueList = <const S extends v.GenericSchema>(item: S, max: number) =>
  list(item, { max, unique: 'id', reportAll: true })

export const ids = (max: number) => shortList(id, max)
export const milliseconds = (min: number, max: number) => integer(min, max)
