import { LoaError } from '../core/error.ts'
import type { EventBody } from '../core/records.ts'
import { isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { CachedFile, MediaCache } from '../ports/media-cache.ts'
import type { Facts } from '../ports/state-store.ts'

/** A file that nobody plays for a month is looked at once in that time. */
const NIGHTS_A_ROUND = 30
/** Where the next night goes on: the digest of the last file looked at. */
const FACT = 'scrub.last'

export type MediaScrubParts = {
  readonly cache: MediaCache
  readonly facts: Facts
  readonly clock: Clock
  readonly log: Logger
  readonly emit: (event: EventBody) => void
  /** While it is true the card belongs to what sounds. */
  readonly sounding: () => boolean
}

/**
 * Hashes each night a thirtieth of what the cache holds, at least one file, and drops what is no longer what it was:
 * cards forget what lies on them for months, and a file is only hashed when it comes.
 */
export class MediaScrub {
  readonly #parts: MediaScrubParts

  constructor(parts: MediaScrubParts) {
    this.#parts = parts
  }

  /** One night. Resolves with the number of files dropped; they are fetched or spoken again when they are wanted. */
  async run(signal: AbortSignal): Promise<number> {
    const { cache, facts, sounding, log } = this.#parts
    const share = cache.totalBytes() / NIGHTS_A_ROUND
    let hashed = 0
    let dropped = 0
    for (const file of this.#inTurn()) {
      if (hashed > 0 && hashed + file.bytes > share) break
      if (sounding()) break
      const outcome = await this.#check(file, signal)
      if (outcome === 'broken off') break
      if (outcome === 'damaged') dropped += 1
      hashed += file.bytes
      facts.set(FACT, file.sha256)
    }
    log.info({ hashed, dropped }, 'stored media were looked through')
    return dropped
  }

  /** Whole files by digest, from the one after the last on, round once. */
  #inTurn(): readonly CachedFile[] {
    const { cache, facts } = this.#parts
    const last = facts.get(FACT) ?? ''
    const whole = cache.inventory().filter((file) => file.verified !== undefined)
    const inOrder = whole.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
    return [...inOrder.filter((file) => file.sha256 > last), ...inOrder.filter((file) => file.sha256 <= last)]
  }

  async #check({ sha256 }: CachedFile, signal: AbortSignal): Promise<'good' | 'damaged' | 'broken off'> {
    const { cache, sounding, log } = this.#parts
    try {
      const digest = await cache.digest(sha256, signal)
      if (digest === sha256) return 'good'
      // What plays is not taken away from under its decoder, nor what was given up meanwhile counted.
      if (sounding() || cache.find(sha256)?.verified === undefined) return 'broken off'
      this.#tell(sha256, `it lies on the disk as ${digest}`)
      await cache.discard(sha256)
      return 'damaged'
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof LoaError)) throw thrown
      // A damaged store is already made anew; a disk that cannot be read is told by whoever needs it.
      log.warn({ sha256, code: thrown.code, reason: thrown.message }, 'a stored file cannot be looked at')
      return 'broken off'
    }
  }

  #tell(sha256: string, message: string): void {
    const { clock, emit, log } = this.#parts
    log.error({ code: 'BAD_MEDIA', sha256, message }, 'a stored file is damaged: it is dropped')
    const data = { sha256, message, source: 'scrub' }
    emit({ at: isoUtc(clock.wall()), code: 'BAD_MEDIA', severity: 'warning', data })
  }
}
