import type { MediaFile } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { CachedFile, MediaState } from '../ports/media-cache.ts'
import type { FileEntry, Task } from './library-entry.ts'

export const BUSY = { fetch: 'fetching', verify: 'checking', speak: 'speaking' } as const

type Work = {
  /** What is done with it just now. */
  readonly busy: Task['kind'] | undefined
  /** On average, while it is fetched. */
  readonly bytesPerSecond: number | undefined
  /** Wall time until which it is put off. */
  readonly waitsUntil: number | undefined
}

/** A wanted file as `loa media` shows it. */
export const describeFile = (
  { wanted: { ref, neededAt, neededBy } }: FileEntry,
  state: MediaState,
  file: CachedFile | undefined,
  { busy, bytesPerSecond, waitsUntil }: Work,
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
    ...(neededBy === undefined ? {} : { neededBy }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    ...(waitsUntil === undefined || at !== undefined || state.state !== 'missing'
      ? {}
      : { waitsUntil: isoUtc(epochMs(waitsUntil)) }),
  }
}
