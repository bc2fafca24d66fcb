import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

/** Who writes the messages of a schema: publishers get the leniency of the contract spelled out. */
export type Author = 'publisher' | 'device' | 'installer'

type Override = NonNullable<NonNullable<Parameters<typeof toJsonSchema>[1]>['overrideSchema']>

const emptyObject = (schema: JsonSchema): boolean =>
  schema.type === 'object' && !schema.anyOf && (schema.required ?? []).length === 0

/** An empty array stands for an empty object, and a choice is for exactly one of its shapes. */
const overrideFor =
  (author: Author): Override =>
  ({ jsonSchema, valibotSchema }) => {
    const { anyOf, required, ...rest } = jsonSchema
    if (anyOf && valibotSchema.type === 'union') return { ...rest, oneOf: anyOf }
    const choice = anyOf ? { ...rest, anyOf } : rest
    const schema: JsonSchema = required && required.length > 0 ? { ...choice, required } : choice
    if (author === 'publisher' && emptyObject(schema))
      return { anyOf: [schema, { type: 'array', maxItems: 0 }] }
    return schema
  }

const hasMessage = (action: object): action is { readonly message: string } =>
  'message' in action && typeof action.message === 'string'

type Filling = { readonly filledBy: string; readonly members: readonly string[] }
const hasFilling = (action: object): action is { readonly metadata: Filling } =>
  'metadata' in action &&
  typeof action.metadata === 'object' &&
  action.metadata !== null &&
  'filledBy' in action.metadata

/** Members that another member fills in are required only without it. */
const fillable = (schema: JsonSchema & Partial<Filling>, filling: Filling): JsonSchema => {
  const { filledBy: _, members: __, ...rest } = schema
  return {
    ...rest,
    required: (schema.required ?? []).filter((name) => !filling.members.includes(name)),
    anyOf: [{ required: [...filling.members] }, { required: [filling.filledBy] }],
  }
}

/** Checks that JSON Schema cannot express stand as comments, in the words of the refusal. */
const commented = (schema: JsonSchema, action: { readonly type: string }): JsonSchema | undefined => {
  if (hasFilling(action)) return fillable(schema, action.metadata)
  if (action.type !== 'check' && action.type !== 'raw_check') return undefined
  const sentence = hasMessage(action) ? `also checked: ${action.message}` : 'more is checked between members'
  return { ...schema, $comment: [schema.$comment, sentence].filter(Boolean).join('; ') }
}

/** JSON Schema (draft-07, what AsyncAPI 3.0 embeds without further ado) of what may be written. */
export const jsonSchemaOf = (
  schema: GenericSchema,
  about: {
    readonly name: string
    readonly title: string
    readonly description: string
    readonly author: Author
  },
): JsonSchema => {
  const { $schema, ...body } = toJsonSchema(schema, {
    target: 'draft-07',
    typeMode: 'input',
    errorMode: 'ignore',
    overrideSchema: overrideFor(about.author),
    overrideAction: ({ jsonSchema, valibotAction }) => commented(jsonSchema, valibotAction),
  })
  const { name, title, description } = about
  return {
    ...($schema === undefined ? {} : { $schema }),
    $id: `${name}.schema.json`,
    title,
    description,
    ...body,
  }
}
