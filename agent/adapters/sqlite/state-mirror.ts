import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What must outlive state.db. Revisions and `n` never fall within an epoch. */
export type MirrorContent = {
  readonly epoch: string | undefined
  readonly n: number
  readonly revisions: Readonly<Record<string, number>>
  readonly facts: Readonly<Record<string, string>>
}

const EMPTY_MIRROR: MirrorContent = { epoch: undefined, n: 0, revisions: {}, facts: {} }

const entriesOf = <Value>(
  thing: unknown,
  isValue: (value: unknown) => value is Value,
): Record<string, Value> => {
  if (typeof thing !== 'object' || thing === null) return {}
  const entries = Object.entries(thing).filter((entry): entry is [string, Value] => isValue(entry[1]))
  return Object.fromEntries(entries)
}
const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const parseMirror = (text: string): MirrorContent => {
  const read: Readonly<Record<string, unknown>> = Object(JSON.parse(text))
  return {
    epoch: isText(read['epoch']) ? read['epoch'] : undefined,
    n: isCount(read['n']) ? read['n'] : 0,
    revisions: entriesOf(read['revisions'], isCount),
    facts: entriesOf(read['facts'], isText),
  }
}

export type Mirror<Content> = { readonly content: Content; readonly problem?: unknown }

/** A mirror as it was last written; `problem` says why a file that is there could not be read. */
export const readMirrorFile = <Content>(
  path: string,
  parse: (text: string) => Content,
  empty: Content,
): Mirror<Content> => {
  try {
    return { content: parse(readFileSync(path, 'utf8')) }
  } catch (problem) {
    const missing = problem instanceof Error && 'code' in problem && problem.code === 'ENOENT'
    return missing ? { content: empty } : { content: empty, problem }
  }
}

export const readMirror = (path: string): Mirror<MirrorContent> =>
  readMirrorFile(path, parseMirror, EMPTY_MIRROR)

/** A fact as the mirror of a state folder remembers it, for an agent that must not open the database. */
export const mirroredFact = (folder: string, name: string): string | undefined =>
  readMirror(join(folder, 'facts.json')).content.facts[name]

const syncDirectory = (path: string): void => {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/** Replaces a mirror so that after a power cut it is the old one or the new one, never half of one. */
export const writeMirror = (path: string, content: object): void => {
  const temporary = `${path}.tmp`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(content))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}
