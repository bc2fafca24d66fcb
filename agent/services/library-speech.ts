import { LoaError } from '../core/error.ts'
import type { Measurement } from '../ports/media-cache.ts'
import { type SpeechEntry, settle } from './library-entry.ts'
import type { LibraryEviction } from './library-eviction.ts'
import { receive } from './library-receive.ts'
import type { LibraryParts } from './library-types.ts'
import { BAD_RETRY_MS, DECODER_RETRY_MS } from './library-work.ts'

/** No voice speaks with less than 8 kHz of 16 bits: bounds the length of what is measured. */
const LEAST_BYTES_A_SECOND = 16_000

/** Speaks one text into the cache and writes what came of it into its entry. */
export class LibrarySpeech {
  readonly #parts: LibraryParts
  readonly #eviction: LibraryEviction

  constructor(parts: LibraryParts, eviction: LibraryEviction) {
    this.#parts = parts
    this.#eviction = eviction
  }

  /** @throws the signal's reason when aborted; DISK_FULL when nothing more can be stored nor evicted */
  async speak(entry: SpeechEntry, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts
    const { key } = entry.wanted.utterance
    try {
      await this.#make(entry, signal)
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof LoaError)) throw thrown
      const { code, message } = thrown
      log.info({ key, code, reason: message }, 'a text cannot be spoken')
      if (code === 'DATABASE') return
      if (code !== 'DECODER' && code !== 'BAD_MEDIA') throw thrown
      entry.bad = { code, message }
      entry.notBefore = clock.mono() + (code === 'DECODER' ? DECODER_RETRY_MS : BAD_RETRY_MS)
    }
  }

  async #make(entry: SpeechEntry, signal: AbortSignal): Promise<void> {
    const { cache, speech, sha256Hex, log } = this.#parts
    const { key, text, voice } = entry.wanted.utterance
    const wav = await speech.render(text, voice, signal)
    const sha256 = sha256Hex(wav)
    const held = cache.find(sha256)
    if (held?.verified === undefined) {
      const measured = await this.#measure(wav, signal)
      if (!(await this.#store(entry, sha256, wav))) return
      await cache.noteMade(key, sha256)
      await cache.complete(sha256, { format: 'wav', measured })
      log.info({ key, sha256, voice, seconds: measured.seconds }, 'a text was spoken')
    } else await cache.noteMade(key, sha256)
    settle(entry)
  }

  #measure(wav: Uint8Array, signal: AbortSignal): Promise<Measurement> {
    return this.#parts.probe.measure(once(wav), 'wav', wav.length / LEAST_BYTES_A_SECOND, signal)
  }

  /** False: there is no room. */
  async #store(entry: SpeechEntry, sha256: string, wav: Uint8Array): Promise<boolean> {
    const { cache } = this.#parts
    // What an earlier start left of it.
    if (cache.heldBytes(sha256) > 0) await cache.discard(sha256)
    if (!(await this.#eviction.makeRoom(entry, sha256, wav.length))) return false
    try {
      await receive(cache, sha256, once(wav))
      return true
    } catch (thrown) {
      if (!(thrown instanceof LoaError) || thrown.code !== 'DISK_FULL') throw thrown
      await cache.discard(sha256)
      await this.#eviction.evictOne(entry, sha256, thrown)
      return false
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
