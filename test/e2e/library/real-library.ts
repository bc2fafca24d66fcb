import { createHash } from 'node:crypto'
import { createHttpFetcher } from '../../../agent/adapters/http/http-fetcher.ts'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import { epochMs, monoMs } from '../../../agent/core/time.ts'
import type { Clock } from '../../../agent/ports/clock.ts'
import { Library } from '../../../agent/services/library.ts'
import { createPictureDecoder } from '../../../drivers/decoder/picture.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { createEspeakSpeech } from '../../../drivers/speech/espeak-speech.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const clock: Clock = {
  wall: () => epochMs(Date.now()),
  mono: () => monoMs(performance.now()),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}

/** The library over real HTTP, SQLite and ffmpeg. */
export const openRealLibrary = (path: string, allow: readonly string[]) => {
  const rebuilt: string[] = []
  const cache = openMediaCache(path, { onRebuilt: (message) => rebuilt.push(message) })
  const library = new Library({
    cache,
    fetcher: createHttpFetcher(allow),
    probe: createFfmpegProbe(1),
    pictures: createPictureDecoder(),
    speech: createEspeakSpeech(),
    sha256Hex: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    clock,
    log: silentLogger,
    random: Math.random,
    quotaMb: 64,
    maxFileMb: 32,
    disk: { freeMb: () => 1000, reserveMb: 10, scarceMb: () => 0 },
  })
  const stop = new AbortController()
  const running = library.run(stop.signal)
  return {
    library,
    rebuilt,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('end of the test'))
      await running
      await cache[Symbol.asyncDispose]()
    },
  }
}
