import { CHUNK_BYTES, type MediaCache } from '../ports/media-cache.ts'

/**
 * Stores what a server sends in whole chunks, so that each is written once; what is left over when the source
 * ends or fails is stored too.
 */
export const receive = async (
  cache: MediaCache,
  sha256: string,
  source: AsyncIterable<Uint8Array>,
): Promise<void> => {
  const buffer = new Uint8Array(CHUNK_BYTES)
  // The first piece of a resumed file fills up the chunk that it stopped in.
  let room = CHUNK_BYTES - (cache.heldBytes(sha256) % CHUNK_BYTES)
  let filled = 0
  let storing = false
  const store = async (): Promise<void> => {
    storing = true
    await cache.append(sha256, buffer.subarray(0, filled))
    storing = false
    filled = 0
    room = CHUNK_BYTES
  }
  try {
    for await (const bytes of source) {
      for (let at = 0; at < bytes.length; ) {
        const taken = Math.min(room - filled, bytes.length - at)
        buffer.set(bytes.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled === room) await store()
      }
    }
  } finally {
    // Unless it was the store itself that failed.
    if (filled > 0 && !storing) await store()
  }
}

/** A stored file as a stream, chunk by chunk. */
export async function* stored(cache: MediaCache, sha256: string): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const bytes = cache.read(sha256, offset, CHUNK_BYTES)
    if (bytes.length > 0) yield bytes
    if (bytes.length < CHUNK_BYTES) return
  }
}
