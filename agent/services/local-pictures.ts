import type { ImageRef } from '../core/documents.ts'

/** Pictures of technicians, in memory as long as they are shown: they are no content of the province and never enter the cache. */
export class LocalPictures {
  readonly #files = new Map<string, Uint8Array>()

  /** Holds a picture for an item that shows it; those of items that are over are let go. */
  hold(image: ImageRef, bytes: Uint8Array, shown: ReadonlySet<string>): void {
    for (const sha256 of this.#files.keys()) if (!shown.has(sha256)) this.#files.delete(sha256)
    this.#files.set(image.sha256, bytes)
  }

  has(sha256: string): boolean {
    return this.#files.has(sha256)
  }

  read(sha256: string, offset: number, length: number): Uint8Array | undefined {
    return this.#files.get(sha256)?.subarray(offset, offset + length)
  }
}
