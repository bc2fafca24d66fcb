import type * as v from 'valibot'
import { LoaError } from '../core/error.ts'

/** One fault of a document or file: where, in dots, and what was expected there. */
export type Fault = { readonly path: string; readonly message: string }

const MAX_SHOWN = 60
const MAX_KEY = 40

/** At most `max` characters of foreign text, without what would steer a terminal or turn the writing direction. */
export const printable = (text: string, max: number): string => {
  const shown = text.slice(0, max).toWellFormed().replaceAll(/\p{C}/gu, '?')
  return text.length > max ? `${shown}…` : shown
}

/** A key may be the publisher's own: it must neither bloat nor break up the path. */
const segment = (key: unknown): string =>
  printable(String(key), MAX_KEY).replaceAll(/[^\p{L}\p{M}\p{N}_…-]/gu, '?')

const pathOf = (issue: v.BaseIssue<unknown>): string =>
  (issue.path ?? []).map((item) => segment(item.key)).join('.')

const inWords: Readonly<Record<string, string>> = {
  string: 'text',
  Object: 'an object',
  Array: 'a list',
  number: 'a number',
  boolean: 'true or false',
}

const expectation = (issue: v.BaseIssue<unknown>): string => {
  const expected = issue.expected ?? ''
  if (expected.startsWith('("') || expected.includes(' | '))
    return `one of ${expected.replaceAll(/[()"]/g, '').split(' | ').join(', ')}`
  return inWords[expected] ?? expected
}

const sentence = (issue: v.BaseIssue<unknown>): string => {
  if (issue.kind === 'schema' && issue.received === 'undefined') return 'is missing'
  const own = !issue.message.startsWith('Invalid ')
  if (own && !issue.message.startsWith('expected')) return issue.message
  return `${own ? issue.message : `expected ${expectation(issue)}`}, got ${printable(issue.received, MAX_SHOWN)}`
}

/** Where an issue stands in the text that was read; a missing member stands after those that are there. */
const positionOf = (issue: v.BaseIssue<unknown>): readonly number[] =>
  (issue.path ?? []).map((item) => {
    if (typeof item.key === 'number') return item.key
    const index = Object.keys(item.input as object).indexOf(String(item.key))
    return index < 0 ? Number.MAX_SAFE_INTEGER : index
  })

const comparePositions = (a: readonly number[], b: readonly number[]): number => {
  for (const [index, position] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (other !== position) return position - other
  }
  return a.length - b.length
}

/** Faults in the order of the text, at most one for each path. */
export const faultsOf = (issues: readonly v.BaseIssue<unknown>[]): readonly Fault[] => {
  const placed = issues.map((issue) => ({
    position: positionOf(issue),
    fault: { path: pathOf(issue), message: sentence(issue) },
  }))
  placed.sort((a, b) => comparePositions(a.position, b.position))
  const byPath = new Map<string, Fault>()
  for (const { fault } of placed) if (!byPath.has(fault.path)) byPath.set(fault.path, fault)
  return [...byPath.values()]
}

/** The refusal of a document, with the path of its first fault; the empty path is the document itself. */
export const invalid = (fault: Fault): LoaError =>
  new LoaError('INVALID', fault.path === '' ? fault.message : `${fault.path}: ${fault.message}`, {
    path: fault.path,
  })
