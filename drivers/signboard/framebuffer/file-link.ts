import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { LoaError, messageOf } from '../../../agent/core/error.ts'
import type { SerialHandlers, SerialLink } from '../../serial/serial-link.ts'
import { BYTES_PER_PIXEL, type Geometry } from './geometry.ts'

type FileSettings = {
  readonly path: string
  /** Pixels of the panel. */
  readonly width: number
  readonly height: number
  /** Looked up at every opening: the mode of a screen changes with what is plugged in. */
  readonly geometry: () => Promise<Geometry>
  readonly retryMs: { readonly least: number; readonly most: number }
}

const ignoreEnd = (): void => undefined

/** A framebuffer as a line: each write is the whole panel, row by row; it is opened again when it fails. */
export const openFileLink = (settings: FileSettings, handlers: SerialHandlers): SerialLink =>
  new FileLink(settings, handlers)

class FileLink implements SerialLink {
  readonly #settings: FileSettings
  readonly #handlers: SerialHandlers
  readonly #ending = new AbortController()
  readonly #done: Promise<void>
  #file: { readonly handle: FileHandle; readonly geometry: Geometry } | undefined
  #lost = Promise.withResolvers<void>()
  #reason: string | undefined

  constructor(settings: FileSettings, handlers: SerialHandlers) {
    this.#settings = settings
    this.#handlers = handlers
    this.#done = this.#keepOpen()
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#file === undefined) throw new LoaError('SIGN', this.#reason ?? 'the framebuffer is not open')
    const { handle, geometry } = this.#file
    const { width, height } = this.#settings
    const rowBytes = width * BYTES_PER_PIXEL[geometry.format]
    try {
      if (geometry.strideBytes === rowBytes) await handle.write(bytes, 0, bytes.length, geometry.startBytes)
      else
        for (let row = 0; row < height; row += 1)
          await handle.write(
            bytes,
            row * rowBytes,
            rowBytes,
            geometry.startBytes + row * geometry.strideBytes,
          )
    } catch (error) {
      this.#lose(messageOf(error))
      throw new LoaError('SIGN', messageOf(error), { cause: error })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    this.#lost.resolve()
    await this.#done
  }

  async #keepOpen(): Promise<void> {
    const { least, most } = this.#settings.retryMs
    let waitMs = least
    while (!this.#ending.signal.aborted) {
      const isOpened = await this.#openOnce()
      waitMs = isOpened ? least : Math.min(waitMs * 2, most)
      await wait(waitMs, undefined, { signal: this.#ending.signal }).catch(ignoreEnd)
    }
  }

  /** Opens the file, if it can be, and stays until it fails; says whether it was open. */
  async #openOnce(): Promise<boolean> {
    const { path, geometry } = this.#settings
    try {
      const found = await geometry()
      await this.#use(await open(path, 'r+'), found)
      return true
    } catch (error) {
      this.#lose(messageOf(error))
      return false
    }
  }

  async #use(handle: FileHandle, geometry: Geometry): Promise<void> {
    this.#lost = Promise.withResolvers()
    this.#file = { handle, geometry }
    this.#reason = undefined
    if (!this.#ending.signal.aborted) {
      this.#handlers.onOpen()
      await this.#lost.promise
    }
    this.#file = undefined
    await handle.close()
  }

  #lose(reason: string): void {
    this.#lost.resolve()
    if (this.#reason === reason || this.#ending.signal.aborted) return
    this.#reason = reason
    this.#handlers.onDown(reason)
  }
}
