import { parseDocument, stringify } from 'yaml'

type Path = readonly (string | number)[]

/** A value for a place of a YAML file; undefined takes the place away. */
export type Edit = { readonly path: Path; readonly value: unknown }

/** The text with some values changed, and its comments and manner kept. It must have been read without a fault. */
export const editYaml = (text: string, edits: readonly Edit[]): string => {
  const document = parseDocument(text)
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(path)
    else if (typeof value === 'object') document.setIn(path, document.createNode(value, { flow: true }))
    else document.setIn(path, value)
  }
  return document.toString({ lineWidth: 0 })
}

const without = (value: unknown, [key = '', ...rest]: readonly string[]): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value
  const { [key]: member, ...others } = value as Readonly<Record<string, unknown>>
  return rest.length === 0 ? others : { ...others, [key]: without(member, rest) }
}

/** The values of a file as YAML, without those of some paths and without any comment: what was commented out may be secret too. */
export const valuesWithout = (
  text: string,
  paths: readonly (readonly string[])[],
  added: Readonly<Record<string, unknown>>,
): string => {
  const value: unknown = parseDocument(text).toJS()
  const left = paths.reduce(without, value)
  return stringify(typeof left === 'object' ? { ...added, ...left } : added, { lineWidth: 0 })
}
