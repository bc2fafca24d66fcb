import type { MediaFile } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { CachedFile, MediaState } from '../ports/media-cache.ts'
import type { FileEntry, Task } from './library-entry.ts'

export const BUSY = { fetch: 'fetching', verify: 'checking', speak: 'speaking' } as const

type Work = {
  /** What is done with it just now. */
  readonly busy: Task['kind'] | undefined
  /** Wall time until which it is put off. */
  readonly waitsUntil: number | undefined
}

/** A wanted file as `loa media` shows it. */
export const describeFile = (
  { wanted: { ref, neededAt } }: FileEntry,
  state: MediaState,
  file: CachedFile | undefined,
  { busy, waitsUntil }: Work,
): MediaFile => {
  const at = busy === 'fetch' || busy === 'verify' ? BUSY[busy] : undefined
  return {
    sha256: ref.sha256,
    format: ref.format,
    bytes: ref.bytes,
    heldBytes: file?.bytes ?? 0,
    state: at ?? state.state,
    ...('code' in state && state.code !== undefined ? { code: state.code } : {}),
    ...('message' in state && state.message !== undefined ? { message: state.message } : {}),
    neededAt: isoUtc(neededAt),
    ...(waitsUntil === undefined || at !== undefined || state.state !== 'missing'
      ? {}
      : { waitsUntil: isoUtc(epochMs(waitsUntil)) }),
  }
}
