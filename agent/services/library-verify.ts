import type { ImageRef } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import { type Measurement, type MediaCache, NO_SOUND } from '../ports/media-cache.ts'
import type { MediaProbe } from '../ports/media-probe.ts'
import type { PictureDecoder } from '../ports/picture-decoder.ts'
import { isTooShort } from './library-entry.ts'
import { stored } from './library-receive.ts'
import type { LibraryParts, WantedFile } from './library-types.ts'

/** `wrong-bytes`: not the declared file. `useless`: the declared file, which nobody can use. */
export type Verdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'wrong-bytes'; readonly message: string }
  | { readonly kind: 'useless'; readonly message: string }

/**
 * Hashes what is stored and only then lets the decoder see it; good files are marked complete.
 * @throws DECODER when the decoder cannot be run
 */
export const verify = async (
  { cache, probe, pictures }: Pick<LibraryParts, 'cache' | 'probe' | 'pictures'>,
  ref: WantedFile['ref'],
  signal: AbortSignal,
): Promise<Verdict> => {
  const digest = await cache.digest(ref.sha256, signal)
  if (digest !== ref.sha256) return { kind: 'wrong-bytes', message: `its SHA-256 is ${digest}` }
  let measured: Measurement
  try {
    measured =
      'seconds' in ref ? await measure(cache, probe, ref, signal) : await look(cache, pictures, ref, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof LoaError) || thrown.code !== 'BAD_MEDIA') throw thrown
    return { kind: 'useless', message: thrown.message }
  }
  signal.throwIfAborted()
  await cache.complete(ref.sha256, { format: ref.format, measured })
  return { kind: 'good' }
}

/** Big enough to need the whole picture, small enough to cost nothing. */
const TRIAL = { width: 16, height: 16, framesPerSecond: 1 }

const look = async (
  cache: MediaCache,
  pictures: PictureDecoder,
  { sha256, format }: ImageRef,
  signal: AbortSignal,
): Promise<Measurement> => {
  await pictures.decode(stored(cache, sha256), format, TRIAL, signal)
  return NO_SOUND
}

const measure = async (
  cache: MediaCache,
  probe: MediaProbe,
  ref: Extract<WantedFile['ref'], { readonly seconds: number }>,
  signal: AbortSignal,
): Promise<Measurement> => {
  const source = stored(cache, ref.sha256)
  const measured = await probe.measure(source, ref.format, ref.seconds, signal)
  if (isTooShort(measured.seconds, ref.seconds)) {
    const lasts = `lasts ${measured.seconds.toFixed(1)} s`
    throw new LoaError('BAD_MEDIA', `${lasts}, declared are ${ref.seconds} s`)
  }
  return measured
}
