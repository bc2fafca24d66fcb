import type { AudioRef, ImageRef } from '../core/documents.ts'
import type { MediaFile } from '../core/status.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MediaCache } from '../ports/media-cache.ts'
import type { MediaFetcher } from '../ports/media-fetcher.ts'
import type { MediaProbe } from '../ports/media-probe.ts'

export type WantedMedia = { readonly ref: AudioRef | ImageRef; readonly neededAt: EpochMs }

export type LibraryParts = {
  readonly cache: MediaCache
  readonly fetcher: MediaFetcher
  readonly probe: MediaProbe
  readonly clock: Clock
  readonly log: Logger
  /** From 0 to below 1. */
  readonly random: () => number
  readonly quotaMb: number
  readonly maxFileMb: number
  /** Free space on the disk of the cache, MiB, and what of it is left to records and logs. */
  readonly disk: { readonly freeMb: () => number; readonly reserveMb: number }
}

export type LibraryOverview = {
  readonly wanted: number
  readonly present: number
  /** `full`: the disk is; tried again every minute. `paused`: checking waits for `resume`. */
  readonly activity: 'idle' | 'fetching' | 'checking' | 'paused' | 'full'
  readonly heldBytes: number
  readonly quotaBytes: number
  /** In order of need. */
  readonly files: readonly MediaFile[]
}
