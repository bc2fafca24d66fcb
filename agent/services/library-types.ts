import type { AudioRef, ImageRef } from '../core/documents.ts'
import type { Download } from '../core/link/latest-start.ts'
import type { MediaFile } from '../core/status.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MediaCache } from '../ports/media-cache.ts'
import type { MediaFetcher } from '../ports/media-fetcher.ts'
import type { MediaProbe } from '../ports/media-probe.ts'
import type { PictureDecoder } from '../ports/picture-decoder.ts'
import type { Speech } from '../ports/speech.ts'

/** A text to be spoken. */
export type Utterance = {
  /** SHA-256 of engine, voice and prepared text: what of all this decides how it sounds. */
  readonly key: string
  /** As `prepareSpeech` left it. */
  readonly text: string
  /** Name of the voice. */
  readonly voice: string
}

/** What somebody else has made, or what is made here. */
export type Content = { readonly ref: AudioRef | ImageRef } | { readonly utterance: Utterance }
/** `neededBy`: the item or alert that is due first. */
export type WantedFile = {
  readonly ref: AudioRef | ImageRef
  readonly neededAt: EpochMs
  readonly neededBy?: string
}
export type WantedSpeech = { readonly utterance: Utterance; readonly neededAt: EpochMs }
export type WantedMedia = WantedFile | WantedSpeech

/** Digest of a file, or key of an utterance. */
export const idOf = (content: Content): string =>
  'ref' in content ? content.ref.sha256 : content.utterance.key

export type LibraryParts = {
  readonly cache: MediaCache
  readonly fetcher: MediaFetcher
  readonly probe: MediaProbe
  readonly pictures: PictureDecoder
  readonly speech: Speech
  readonly sha256Hex: (bytes: Uint8Array) => string
  readonly clock: Clock
  readonly log: Logger
  /** From 0 to below 1. */
  readonly random: () => number
  readonly quotaMb: number
  readonly maxFileMb: number
  /**
   * Free space on the disk of the cache, MiB; what of it is left to records and logs whatever is wanted; below which
   * files go that nobody wants.
   */
  readonly disk: {
    readonly freeMb: () => number
    readonly reserveMb: number
    readonly scarceMb: () => number
  }
  /** Until when (wall time) files had better not be fetched; one that is not in it is fetched now. Absent: all are. */
  readonly putOff?: (files: () => readonly Download[]) => ReadonlyMap<string, number>
}

/** Files of others; what is spoken here is not counted. */
export type LibraryOverview = {
  readonly wanted: number
  readonly present: number
  /** `full`: the disk is; tried again every minute. `paused`: checking waits for `resume`. */
  readonly activity: 'idle' | 'fetching' | 'checking' | 'speaking' | 'paused' | 'full'
  readonly heldBytes: number
  readonly quotaBytes: number
  /** In order of need. */
  readonly files: readonly MediaFile[]
}
