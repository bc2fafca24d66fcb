import { type BackOff, jittered } from '../../core/back-off.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { epochMs, isoUtc } from '../../core/time.ts'
import type { UpdateWait } from '../../core/update/progress.ts'
import type { ReleaseFile } from '../../core/update/release.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { MediaFetcher } from '../../ports/media-fetcher.ts'
import type { UpdateDesk } from '../../ports/update-desk.ts'

export type DownloadParts = {
  readonly clock: Clock
  readonly logger: Logger
  /** From 0 to below 1. */
  readonly random: () => number
  readonly desk: UpdateDesk
  readonly fetcher: MediaFetcher
  /** Why nothing may be fetched just now, with so many bytes still to come. */
  readonly hold: (sha256: string, bytes: number) => UpdateWait | undefined
  /** Whether the disk has room for so many bytes beside what is kept free on it. */
  readonly hasRoom: (bytes: number) => boolean
}

/** How a download goes: percent that is here, and what it waits for. */
export type DownloadTold = (progress: number, waits: UpdateWait | undefined) => void

const BACK_OFF: BackOff = { baseMs: 2000, maxMs: 600_000 }
/** What gave wrong bytes is asked again this late, and a disk without room looked at this often. */
const BAD_RETRY_MS = 3_600_000
const FULL_RETRY_MS = 60_000
const LOOK_EVERY_MS = 1000

type Source = { readonly url: string; failures: number; notBefore: number }

/** Why a download was put off; never leaves this file. */
class PutOff extends Error {}

/** Brings the package of a release onto the desk, by the rules that hold for media. */
export class PackageDownload {
  readonly #parts: DownloadParts
  readonly #file: ReleaseFile
  readonly #told: DownloadTold
  readonly #sources: readonly Source[]
  #fullUntil = Number.NEGATIVE_INFINITY
  /** Who gave the bytes that are here; undefined: partly they are from before this start. */
  #givers: Set<Source> | undefined

  constructor(parts: DownloadParts, file: ReleaseFile, told: DownloadTold) {
    this.#parts = parts
    this.#file = file
    this.#told = told
    this.#sources = file.urls
      .filter((url) => parts.fetcher.allows(url))
      .map((url) => ({ url, failures: 0, notBefore: Number.NEGATIVE_INFINITY }))
  }

  /**
   * Until the package is here, whole and with its digest.
   * @throws NO_MEDIA when there is no place that it may be fetched from; the signal's reason
   */
  async run(release: Uint8Array, signal: AbortSignal): Promise<void> {
    const { desk, clock } = this.#parts
    if (this.#sources.length === 0)
      throw new LoaError(
        'NO_MEDIA',
        this.#file.urls.length === 0
          ? 'the release names no URL: it is only given as a file, to `loa update`'
          : 'no URL of the release lies under content.allow of agent.yaml',
      )
    if ((await desk.begin(release)) === 0) this.#givers = new Set()
    while (!desk.isComplete()) {
      signal.throwIfAborted()
      const waits = this.#waits()
      this.#told(this.#progress, waits)
      if (waits !== undefined) await clock.sleep(LOOK_EVERY_MS, signal)
      else if (desk.heldBytes() >= this.#file.bytes) await this.#check()
      else await this.#fetch(signal)
    }
  }

  get #progress(): number {
    return Math.min(100, Math.floor((100 * this.#parts.desk.heldBytes()) / this.#file.bytes))
  }

  get #left(): number {
    return this.#file.bytes - this.#parts.desk.heldBytes()
  }

  #waits(): UpdateWait | undefined {
    const { clock, hold, hasRoom } = this.#parts
    if (this.#left <= 0) return undefined
    const now = clock.mono()
    if (!hasRoom(this.#left)) this.#fullUntil = now + FULL_RETRY_MS
    if (now < this.#fullUntil) return { for: 'disk' }
    const soonest = Math.min(...this.#sources.map(({ notBefore }) => notBefore))
    if (soonest > now) return { for: 'server', until: isoUtc(epochMs(clock.wall() + soonest - now)) }
    return hold(this.#file.sha256, this.#left)
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { clock, desk, fetcher, logger } = this.#parts
    const source = this.#sources.find(({ notBefore }) => notBefore <= clock.mono())
    if (source === undefined) return
    const putOff = new AbortController()
    const watching = this.#watch(putOff, signal)
    this.#givers?.add(source)
    const { url } = source
    try {
      const within = AbortSignal.any([signal, putOff.signal])
      await desk.receive(fetcher.fetch(url, desk.heldBytes(), this.#file.bytes, within))
      source.failures = 0
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof PutOff) return
      if (!(error instanceof LoaError)) throw error
      logger.info({ url, code: error.code, reason: error.message }, 'a release stopped on its way')
      this.#blame(source, error)
    } finally {
      putOff.abort(new PutOff())
      await watching
    }
  }

  /** Tells how it goes, and breaks off when something comes that goes before it. */
  async #watch(putOff: AbortController, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    const over = AbortSignal.any([signal, putOff.signal])
    for (;;) {
      await clock.sleep(LOOK_EVERY_MS, over).catch(() => undefined)
      if (over.aborted) return
      const waits = this.#waits()
      this.#told(this.#progress, waits)
      if (waits !== undefined) putOff.abort(new PutOff())
    }
  }

  #blame(source: Source, { code, message }: LoaError): void {
    const { clock, random, logger } = this.#parts
    const now = clock.mono()
    if (code === 'NO_MEDIA') {
      source.notBefore = now + jittered(BACK_OFF, source.failures, random)
      source.failures += 1
    } else if (code === 'BAD_MEDIA') source.notBefore = now + BAD_RETRY_MS
    else {
      logger.warn({ code, reason: message }, 'the disk takes no more of a release')
      this.#fullUntil = now + FULL_RETRY_MS
    }
  }

  /** Bytes of several servers, or of before this start: nobody knows whose were wrong. They are fetched once more. */
  async #check(): Promise<void> {
    const { desk, clock, logger } = this.#parts
    try {
      if (await desk.complete(this.#file.sha256)) return
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      logger.warn({ reason: messageOf(error) }, 'a release cannot be read')
      this.#fullUntil = clock.mono() + FULL_RETRY_MS
      return
    }
    logger.warn({ sha256: this.#file.sha256 }, 'what came of a release has another digest')
    const [only, ...others] = this.#givers ?? []
    if (only !== undefined && others.length === 0) only.notBefore = clock.mono() + BAD_RETRY_MS
    this.#givers = new Set()
  }
}
