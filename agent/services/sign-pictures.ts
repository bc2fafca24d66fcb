import type { ImageRef } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import type { Picture } from '../core/sign/picture.ts'
import type { Panel } from '../core/sign/raster.ts'
import type { Logger } from '../ports/logger.ts'
import { CHUNK_BYTES, type MediaState } from '../ports/media-cache.ts'
import type { PictureDecoder } from '../ports/picture-decoder.ts'

/** `waiting`: its file is not here yet, or it is being decoded. `bad`: it cannot be shown. */
export type PictureFor = Picture | 'waiting' | 'bad'

export type PicturePanel = Panel & { readonly framesPerSecond: number }

export type SignPicturesOptions = {
  readonly stateOf: (sha256: string) => MediaState
  /** At most `length` bytes of a file that is here. */
  readonly read: (sha256: string, offset: number, length: number) => Uint8Array
  readonly decoder: PictureDecoder
  readonly logger: Logger
  /** A picture that was waited for can be had, or never will be. */
  readonly onChange: () => void
  /** A fault that nobody foresaw. */
  readonly onFailure: (error: unknown) => void
}

/** Of all pictures that are kept ready; the one that was not asked for longest goes first. */
const MOST_BYTES = 8 * 1024 * 1024

type Job = { readonly key: string; readonly image: ImageRef; readonly panel: PicturePanel }

const bytesOf = (picture: PictureFor): number =>
  typeof picture === 'string' ? 0 : picture.frames.reduce((sum, { rgb }) => sum + rgb.length, 0)

/** Pictures in the size of the signs, each decoded once as long as there is room to keep it, one after the other. */
export class SignPictures implements AsyncDisposable {
  readonly #options: SignPicturesOptions
  /** In the order in which they were asked for last. */
  readonly #kept = new Map<string, Picture | 'bad'>()
  readonly #jobs = new Map<string, Job>()
  readonly #ending = new AbortController()
  #working: Promise<void> | undefined

  constructor(options: SignPicturesOptions) {
    this.#options = options
  }

  /** The picture for a panel; what is not ready is begun. */
  pictureFor(image: ImageRef, panel: PicturePanel): PictureFor {
    const key = `${image.sha256} ${panel.width} ${panel.height} ${panel.framesPerSecond}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const { state } = this.#options.stateOf(image.sha256)
    if (state === 'bad') return 'bad'
    if (state === 'ready') this.#begin({ key, image, panel })
    return 'waiting'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.#working
  }

  #begin(job: Job): void {
    this.#jobs.set(job.key, job)
    this.#working ??= this.#work().catch(this.#options.onFailure)
  }

  async #work(): Promise<void> {
    for (const [key, job] of this.#jobs) {
      if (this.#ending.signal.aborted) break
      const picture = await this.#decode(job)
      this.#jobs.delete(key)
      if (this.#ending.signal.aborted) break
      this.#keep(key, picture)
      this.#options.onChange()
    }
    this.#working = undefined
  }

  async #decode({ image, panel }: Job): Promise<Picture | 'bad'> {
    const { decoder, logger } = this.#options
    try {
      return await decoder.decode(this.#bytes(image), image.format, panel, this.#ending.signal)
    } catch (thrown) {
      if (this.#ending.signal.aborted) return 'bad'
      if (!(thrown instanceof LoaError)) throw thrown
      const { code, message } = thrown
      logger.warn({ sha256: image.sha256, code, reason: message }, 'a picture cannot be shown')
      return 'bad'
    }
  }

  async *#bytes({ sha256, bytes }: ImageRef): AsyncIterable<Uint8Array> {
    for (let offset = 0; offset < bytes; offset += CHUNK_BYTES)
      yield this.#options.read(sha256, offset, CHUNK_BYTES)
  }

  #keep(key: string, picture: Picture | 'bad'): void {
    this.#kept.set(key, picture)
    let held = [...this.#kept.values()].reduce((sum, each) => sum + bytesOf(each), 0)
    for (const [oldest, each] of this.#kept) {
      if (held <= MOST_BYTES || oldest === key) break
      this.#kept.delete(oldest)
      held -= bytesOf(each)
    }
  }
}
