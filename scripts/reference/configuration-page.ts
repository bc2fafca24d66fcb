import type { JsonSchema } from '@valibot/to-json-schema'

type Row = {
  readonly key: string
  readonly type: string
  readonly fallback: string
  readonly description: string
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const quoted = (value: unknown): string => `\`${JSON.stringify(value)}\``

const range = ({ minimum, maximum }: JsonSchema): string =>
  minimum === undefined || maximum === undefined ? '' : ` ${minimum} to ${maximum}`

const typeOf = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return quoted(schema.const)
  if (schema.enum) return schema.enum.map(quoted).join(', ')
  if (schema.oneOf) return 'one of several shapes'
  if (schema.type === 'array' && isSchema(schema.items) && !Array.isArray(schema.items))
    return `list of ${typeOf(schema.items)}, at most ${schema.maxItems}`
  if (schema.type === 'object') return 'map'
  if (schema.type === 'string') return 'text'
  return `${schema.type}${range(schema)}`
}

const rowOf = (key: string, schema: JsonSchema, required: boolean): Row => ({
  key,
  type: typeOf(schema),
  fallback: required ? '**required**' : schema.default === undefined ? '' : quoted(schema.default),
  description: schema.description ?? '',
})

const membersOf = (key: string, schema: JsonSchema): readonly Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    isSchema(member)
      ? rowsOf(key === '' ? name : `${key}.${name}`, member, schema.required?.includes(name) ?? false)
      : [],
  )

const insideOf = (key: string, schema: JsonSchema): readonly Row[] => {
  if (schema.oneOf)
    return schema.oneOf.flatMap((option) => {
      if (!isSchema(option)) return []
      const { driver } = option.properties ?? {}
      const name = isSchema(driver) && driver.const !== undefined ? String(driver.const) : ''
      return membersOf(`${key}(${name})`, option)
    })
  if (isSchema(schema.items)) return insideOf(`${key}[]`, schema.items)
  return membersOf(key, schema)
}

/** What contacts start has the shape that alerts of the province have. */
const AS_IN_ALERTS = /^contacts\[\]\.(?:siren|parts|sign)$/

const rowsOf = (key: string, schema: JsonSchema, required: boolean): readonly Row[] => {
  const row = rowOf(key, schema, required)
  if (!AS_IN_ALERTS.test(key)) return [row, ...insideOf(key, schema)]
  const type = '[as in an alert](schemas/alert.schema.json)'
  return [{ ...row, type }]
}

const table = (rows: readonly Row[]): string =>
  [
    '| key | type | default | what |',
    '|---|---|---|---|',
    ...rows.map(
      ({ key, type, fallback, description }) => `| \`${key}\` | ${type} | ${fallback} | ${description} |`,
    ),
  ].join('\n')

/** Every key of agent.yaml and of a board file with its type and default. */
export const configurationPage = (configuration: JsonSchema, board: JsonSchema): string => `# Configuration

Made by \`scripts/reference.ts\` from the schemas in \`agent/wire\`. An unknown key is an error; \`loa config check FILE\` reports every fault at once, with its line.
\`[]\` stands for each entry of a list, and a name in parentheses for the driver that an entry belongs to.

## agent.yaml

${table(membersOf('', configuration))}

## Board files

Relative paths in a board file stand below \`paths.state\`.

${table(membersOf('', board))}
`
