import { readFileSync } from 'node:fs'
import { loadLibrary } from './koffi.ts'

/** The kernel forgets that the pages are mapped; the next touch maps them again from the file. @see madvise(2) */
const MADV_DONTNEED = 4
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) r-[-x]p \S+ \S+ \d+ +\//
const KIB = 1024

type Mapping = { readonly start: number; readonly bytes: number; readonly residentKib: number }

const kibOf = (mapping: string, field: string): number =>
  Number(new RegExp(`^${field}: +(\\d+) kB$`, 'm').exec(mapping)?.[1] ?? Number.NaN)

/**
 * The read-only mappings of files in the text of /proc/self/smaps. Those with a page of their own are left out:
 * what the loader wrote into them before it locked them is in no file.
 */
export const untouchedMappings = (smaps: string): readonly Mapping[] =>
  smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((mapping) => {
    const [, from, to] = MAPPING.exec(mapping) ?? []
    if (from === undefined || to === undefined || kibOf(mapping, 'Anonymous') !== 0) return []
    const start = Number.parseInt(from, 16)
    return [{ start, bytes: Number.parseInt(to, 16) - start, residentKib: kibOf(mapping, 'Rss') }]
  })

const readSmaps = (): string => {
  try {
    return readFileSync('/proc/self/smaps', 'utf8')
  } catch {
    // A kernel built without CONFIG_PROC_PAGE_MONITOR: then nothing is known to be safe to give back.
    return ''
  }
}

/**
 * Gives back the memory that only the start of this process needed: program pages that were read once, and freed
 * heap. What is still in use comes back by itself within microseconds a page, from the page cache.
 * Answers with the KiB that were mapped in what it let go.
 * @throws UNSUPPORTED when koffi has no binary for this machine
 */
export const giveBackStartPages = (): number => {
  const libc = loadLibrary(null, 'libc is always there')
  const madvise = libc.declare('int madvise(size_t start, size_t bytes, int advice)')
  const mallocTrim = libc.declare('int malloc_trim(size_t pad)')
  mallocTrim(16 * KIB)
  return untouchedMappings(readSmaps())
    .filter(({ start, bytes }) => madvise(start, bytes, MADV_DONTNEED) === 0)
    .reduce((sum, { residentKib }) => sum + residentKib, 0)
}
