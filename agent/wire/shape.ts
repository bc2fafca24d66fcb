import * as v from 'valibot'

/**
 * Building blocks of the schemas. They differ from valibot's own where a hostile or a PHP publisher would notice:
 * a list is measured before it is walked and given up at its first faulty entry, an array never passes for an object
 * unless it is empty, and a choice between shapes is made by the key that is there, so that a fault is named where it is.
 */

type Issue = v.BaseIssue<unknown>
type Dataset = v.OutputDataset<unknown, Issue>
type Config = v.Config<Issue>
type Run = (dataset: v.UnknownDataset, config: Config) => Dataset

/** Keeps the type and the description of a schema and replaces how it runs. */
const rerun = <S extends v.GenericSchema>(schema: S, run: Run): S => Object.assign(schema, { '~run': run })

type Complaint = {
  readonly label: string
  readonly expected?: string
  readonly received?: string
  readonly message?: string
  readonly path?: [v.IssuePathItem, ...v.IssuePathItem[]]
}

/** Adds an issue; the value counts as untyped from then on. */
const complain = (
  schema: v.GenericSchema,
  dataset: Dataset,
  config: Config,
  complaint: Complaint,
): Dataset => {
  const { label, ...other } = complaint
  const open = dataset as v.OutputDataset<unknown, Issue> & v.UnknownDataset
  v._addIssue(schema, label, open, config, other)
  return dataset
}

const untyped = (value: unknown): Dataset => ({ typed: false, value }) as unknown as Dataset

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** PHP writes an empty object as an empty array. */
const emptyArrayAsObject = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 0 ? {} : value

const describe = (value: unknown): string => (Array.isArray(value) ? 'a list' : v._stringify(value))

const notAnObject = (schema: v.GenericSchema, value: unknown, config: Config): Dataset =>
  complain(schema, untyped(value), config, { label: 'type', received: describe(value) })

/** An object; unknown members are dropped. */
export const fields = <const E extends v.ObjectEntries>(entries: E): v.ObjectSchema<E, undefined> => {
  const schema = v.object(entries)
  const run: Run = schema['~run'].bind(schema)
  return rerun(schema, (dataset, config) => {
    const value = emptyArrayAsObject(dataset.value)
    if (!isObject(value) || Array.isArray(value)) return notAnObject(schema, value, config)
    return run({ value }, config)
  })
}

const MAX_UNKNOWN_KEYS = 50

/** An object whose every unknown member is a fault of its own. */
export const strictFields = <const E extends v.ObjectEntries>(
  entries: E,
): v.StrictObjectSchema<E, undefined> => {
  const schema = v.strictObject(entries)
  const known = v.object(entries)
  return rerun(schema, (dataset, config) => {
    const value = emptyArrayAsObject(dataset.value)
    if (!isObject(value) || Array.isArray(value)) return notAnObject(schema, value, config)
    const result: Dataset = known['~run']({ value }, config)
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(entries, key))
    for (const key of unknown.slice(0, MAX_UNKNOWN_KEYS))
      complain(schema, result, config, {
        label: 'key',
        message: `unknown key; known here: ${Object.keys(entries).join(', ')}`,
        path: [{ type: 'object', origin: 'key', input: value, key, value: value[key] }],
      })
    return result
  })
}

/** Takes over the issues of a member, with the member in front of their paths. */
const adopt = (dataset: Dataset, child: Dataset, at: v.IssuePathItem): Dataset => {
  if (!child.issues) return dataset
  const issues = child.issues.map((issue) => ({ ...issue, path: [at, ...(issue.path ?? [])] }))
  return {
    ...dataset,
    typed: dataset.typed && child.typed,
    issues: [...(dataset.issues ?? []), ...issues],
  } as Dataset
}

type ListOptions = {
  readonly min?: number
  readonly max: number
  /** Member that no two entries may share. */
  readonly unique?: string
  /** Go on after a faulty entry, to report them all. Only for lists with a small `max`. */
  readonly reportAll?: boolean
}

/** The entry's path when its identifying member was met before. */
const sharedMember = (entry: unknown, name: string, seen: Set<unknown>): boolean => {
  if (!isObject(entry) || !Object.hasOwn(entry, name)) return false
  const value = entry[name]
  if (seen.has(value)) return true
  seen.add(value)
  return false
}

const countFault = (length: number, options: ListOptions): string | undefined => {
  if (length > options.max) return `at most ${options.max} entries`
  return length < (options.min ?? 0) ? `at least ${options.min} entries` : undefined
}

/** A list of at most `max` entries, measured before it is walked. */
export const list = <S extends v.GenericSchema>(
  item: S,
  options: ListOptions,
): v.GenericSchema<v.InferInput<S>[], v.InferOutput<S>[]> & { readonly item: S } => {
  const schema = v.array(item)
  const runList: Run = ({ value: input }, config) => {
    if (!Array.isArray(input))
      return complain(schema, untyped(input), config, { label: 'type', received: v._stringify(input) })
    const expected = countFault(input.length, options)
    if (expected !== undefined)
      return complain(schema, untyped(input), config, {
        label: 'length',
        expected,
        received: `${input.length}`,
      })
    const seen = new Set<unknown>()
    const values: unknown[] = []
    let result: Dataset = { typed: true, value: values }
    for (const [key, value] of input.entries()) {
      const at: v.IssuePathItem = { type: 'array', origin: 'value', input, key, value }
      const child: Dataset = item['~run']({ value }, config)
      values.push(child.value)
      result = adopt(result, child, at)
      if (options.unique !== undefined && sharedMember(value, options.unique, seen)) {
        const member: v.IssuePathItem = {
          type: 'object',
          origin: 'value',
          input: value,
          key: options.unique,
          value,
        }
        complain(schema, result, config, { label: 'input', message: 'is used twice', path: [at, member] })
      }
      if (result.issues && options.reportAll !== true) break
    }
    return result
  }
  const measured = v.pipe(rerun(schema, runList), v.minLength(options.min ?? 0), v.maxLength(options.max))
  const described =
    options.unique === undefined
      ? measured
      : v.pipe(measured, v.description(`No two entries have the same ${options.unique}.`))
  return described as unknown as ReturnType<typeof list<S>>
}

/** An object whose value is prepared before it is judged. */
export const prepared = <S extends v.GenericSchema>(schema: S, prepare: (value: unknown) => unknown): S => {
  const run: Run = schema['~run'].bind(schema)
  return rerun(schema, ({ value }, config) => run({ value: prepare(value) }, config))
}

type Options = Readonly<Record<string, v.GenericSchema>>

/** One of several shapes, each known by the member it alone has. */
export const eitherBy = <const O extends Options>(
  options: O,
): v.GenericSchema<v.InferInput<O[keyof O]>, v.InferOutput<O[keyof O]>> => {
  const names = Object.keys(options)
  const schema = v.union(Object.values(options))
  const expected = `an object with exactly one of ${names.join(', ')}`
  const runChosen: Run = ({ value }, config) => {
    const present = isObject(value) ? names.filter((name) => Object.hasOwn(value, name)) : []
    const chosen = present.length === 1 ? options[present[0] ?? ''] : undefined
    if (chosen) return chosen['~run']({ value }, config)
    const received = isObject(value) ? present.join(' and ') || 'none of them' : v._stringify(value)
    return complain(schema, untyped(value), config, { label: 'type', expected, received })
  }
  return rerun(schema, runChosen) as unknown as ReturnType<typeof eitherBy<O>>
}

/** A table with keys that the publisher chooses; `__proto__` and its kin are dropped. */
export const table = <const V extends v.GenericSchema>(
  key: v.GenericSchema<string, string>,
  value: V,
  max: number,
): v.RecordSchema<v.GenericSchema<string, string>, V, undefined> => {
  const schema = v.record(key, value)
  const run: Run = schema['~run'].bind(schema)
  return rerun(schema, (dataset, config) => {
    const input = emptyArrayAsObject(dataset.value)
    if (!isObject(input) || Array.isArray(input)) return notAnObject(schema, input, config)
    const count = Object.keys(input).length
    if (count > max)
      return complain(schema, untyped(input), config, {
        label: 'length',
        expected: `at most ${max} members`,
        received: `${count}`,
      })
    return run({ value: input }, config)
  })
}
