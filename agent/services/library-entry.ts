import type { ReasonCode } from '../core/codes.ts'
import type { CachedFile, MediaState } from '../ports/media-cache.ts'
import { idOf, type WantedFile, type WantedMedia, type WantedSpeech } from './library-types.ts'

/** Back-off of one URL. Monotonic milliseconds. */
export type UrlRecord = {
  failures: number
  notBefore: number
  /** The last time it gave something else than the declared file. */
  bad: boolean
}

/** How it stands with something wanted. */
type Progress = {
  /** Found bad: stays so until it turns out well or its document changes. */
  bad: { readonly code: ReasonCode; readonly message: string } | undefined
  /** What was in the way the last time. */
  problem: { readonly code: ReasonCode; readonly message: string } | undefined
  /** Nothing is tried before this. Monotonic milliseconds. */
  notBefore: number
}

/** What is remembered of a wanted file as long as it is wanted. */
export type FileEntry = Progress & {
  readonly kind: 'file'
  wanted: WantedFile
  /** Those that the allow-list lets through. */
  urls: readonly string[]
  readonly records: Map<string, UrlRecord>
  /** Where the bytes held came from; undefined: partly from before this start. */
  sources: Set<string> | undefined
}

/** A text that is to be spoken, as long as it is wanted. */
export type SpeechEntry = Progress & { readonly kind: 'speech'; wanted: WantedSpeech }

export type Entry = FileEntry | SpeechEntry

export type Task =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'verify' }
  | { readonly kind: 'fetch'; readonly url: string }
  | { readonly kind: 'speak' }

/** Lasts over a second and 2 % less than declared (contract, section 3; issue of the media cache). */
export const isTooShort = (seconds: number, declaredSeconds: number): boolean =>
  declaredSeconds - seconds > Math.max(1, declaredSeconds * 0.02)

const declaredSeconds = (ref: WantedFile['ref']): number | undefined =>
  'seconds' in ref ? ref.seconds : undefined

/** True when what is in the cache is what this reference declares. */
export const satisfies = (file: CachedFile | undefined, ref: WantedFile['ref']): boolean => {
  if (file?.verified === undefined || file.bytes !== ref.bytes) return false
  const seconds = declaredSeconds(ref)
  if (file.verified.format !== ref.format) return false
  return seconds === undefined || !isTooShort(file.verified.measured.seconds, seconds)
}

/** What to do next. `now` is monotonic. */
export const taskFor = (entry: Entry, file: CachedFile | undefined, now: number): Task => {
  if (entry.kind === 'file') return fileTask(entry, file, now)
  if (file?.verified !== undefined) return { kind: 'none' }
  return entry.notBefore > now ? { kind: 'wait', until: entry.notBefore } : { kind: 'speak' }
}

/** The same, but for a download that is put off. `until` and `now` are monotonic. */
export const notBefore = (until: number, task: Task, now: number): Task =>
  task.kind === 'fetch' && until > now ? { kind: 'wait', until } : task

const fileTask = (entry: FileEntry, file: CachedFile | undefined, now: number): Task => {
  const { ref } = entry.wanted
  if (satisfies(file, ref) || entry.urls.length === 0) return { kind: 'none' }
  if (entry.notBefore > now) return { kind: 'wait', until: entry.notBefore }
  if (file?.bytes === ref.bytes) return { kind: 'verify' }
  let until = Number.POSITIVE_INFINITY
  for (const url of entry.urls) {
    const record = entry.records.get(url)
    if (record === undefined || record.notBefore <= now) return { kind: 'fetch', url }
    until = Math.min(until, record.notBefore)
  }
  return { kind: 'wait', until }
}

export const stateFor = (entry: Entry, file: CachedFile | undefined): MediaState => {
  const is = entry.kind === 'file' ? satisfies(file, entry.wanted.ref) : file?.verified !== undefined
  if (is) return stateOfFile(file)
  if (entry.bad !== undefined) return { state: 'bad', ...entry.bad }
  return { state: 'missing', bytes: file?.bytes ?? 0, ...entry.problem }
}

/** The state of a file that nobody wants just now. */
export const stateOfFile = (file: CachedFile | undefined): MediaState =>
  file?.verified === undefined
    ? { state: 'missing', bytes: file?.bytes ?? 0 }
    : { state: 'ready', bytes: file.bytes, measured: file.verified.measured }

/** True when two references to the same content declare the same. */
export const sameDeclaration = (a: WantedFile['ref'], b: WantedFile['ref']): boolean =>
  a.bytes === b.bytes && a.format === b.format && declaredSeconds(a) === declaredSeconds(b)

/** One entry a file or text, in order of need; a file that several items name may come from the URLs of all of them. */
export const mergeWanted = (list: readonly WantedMedia[]): readonly WantedMedia[] => {
  const merged = new Map<string, WantedMedia>()
  for (const wanted of list) {
    const id = idOf(wanted)
    const first = merged.get(id)
    merged.set(id, first === undefined ? wanted : withUrlsOf(first, wanted))
  }
  return [...merged.values()]
}

const withUrlsOf = (first: WantedMedia, other: WantedMedia): WantedMedia =>
  'ref' in first && 'ref' in other
    ? { ...first, ref: { ...first.ref, urls: [...new Set([...first.ref.urls, ...other.ref.urls])] } }
    : first

/** What came of it is good: nothing more stands in its way. */
export const settle = (entry: Entry): void => {
  entry.bad = undefined
  entry.problem = undefined
  if (entry.kind === 'file') entry.records.clear()
}
