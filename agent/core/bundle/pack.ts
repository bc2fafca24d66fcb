import { LoaError } from '../error.ts'
import { BEGINNING } from '../replay/journal.ts'
import { type EpochMs, isoUtc } from '../time.ts'
import { type BundlePart, INPUTS_PART } from './part.ts'
import { createTar } from './tar.ts'

/** What stands at the top of a bundle. */
export type BundleFacts = {
  readonly device: string
  readonly timezone: string
  /** Version of the software that made it. */
  readonly agent: string
  readonly at: EpochMs
  /** `command`: the province asked for it, and it is small. */
  readonly by: 'loa' | 'command'
  /** False: it holds what could be had without the agent. */
  readonly running: boolean
  /** What should be in it and is not. */
  readonly missing: readonly { readonly part: string; readonly why: string }[]
}

/** `lines`: how many of the oldest are not in it. */
type Cut = { readonly part: string; readonly lines: number }

export type Bundle = {
  /** A .tar.gz. */
  readonly bytes: Uint8Array
  readonly parts: readonly string[]
  readonly cut: readonly Cut[]
}

export type PackOptions = {
  /** Bytes of the whole. */
  readonly limit: number
  /** The folder in the archive. */
  readonly folder: string
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array>
}

const isCuttable = ({ name, text }: BundlePart): boolean => name.endsWith('.jsonl') && text !== ''

const countLines = (text: string): number => text.split('\n').length - 1

/** The newer half, in whole lines; of inputs in whole stretches, for nothing else can be replayed. */
const newerHalf = ({ name, text }: BundlePart): string => {
  const middle = text.indexOf('\n', Math.floor(text.length / 2) - 1) + 1
  if (name !== INPUTS_PART) return middle === 0 ? '' : text.slice(middle)
  const next = text.indexOf(`\n${BEGINNING}`, middle - 1) + 1
  return text.slice(next === 0 ? text.lastIndexOf(`\n${BEGINNING}`) + 1 || text.length : next)
}

const largest = (parts: readonly BundlePart[]): BundlePart | undefined =>
  parts.toSorted((a, b) => b.text.length - a.text.length)[0]

/** The parts without the older half of the longest, or without the longest when there is nothing to halve. */
const shortened = (parts: readonly BundlePart[]): readonly BundlePart[] => {
  const longest = largest(parts.filter(isCuttable)) ?? largest(parts)
  if (longest === undefined) throw new LoaError('TOO_LARGE', 'not even an empty bundle is small enough')
  if (!isCuttable(longest)) return parts.filter((part) => part !== longest)
  return parts.map((part) => (part === longest ? { ...part, text: newerHalf(part) } : part))
}

const cutsOf = (all: readonly BundlePart[], left: readonly BundlePart[]): readonly Cut[] =>
  all.flatMap(({ name, text }) => {
    const kept = left.find((part) => part.name === name)?.text
    const lines = kept === text ? 0 : countLines(text) - countLines(kept ?? '')
    return lines === 0 ? [] : [{ part: name, lines }]
  })

/**
 * One file of all parts and a manifest, at most `limit` bytes: of the longest parts the oldest lines are left out, and
 * the manifest says how many.
 * @throws TOO_LARGE when nothing is left to leave out
 */
export const packBundle = async (
  all: readonly BundlePart[],
  facts: BundleFacts,
  { limit, folder, gzip }: PackOptions,
): Promise<Bundle> => {
  const encoder = new TextEncoder()
  for (let parts = all; ; parts = shortened(parts)) {
    const cut = cutsOf(all, parts)
    const files = parts.map(({ name, text }) => ({ name, bytes: encoder.encode(text) }))
    const listed = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }))
    const { at, ...rest } = facts
    const manifest = { v: 1, ...rest, at: isoUtc(at), cut, parts: listed }
    const first = { name: 'manifest.json', bytes: encoder.encode(`${JSON.stringify(manifest, null, 1)}\n`) }
    const inFolder = [first, ...files].map((file) => ({ ...file, name: `${folder}/${file.name}` }))
    const bytes = await gzip(createTar(inFolder, at / 1000))
    if (bytes.length <= limit) return { bytes, parts: [first.name, ...files.map(({ name }) => name)], cut }
  }
}
