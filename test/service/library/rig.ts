import { createHash } from 'node:crypto'
import type { AudioRef, ImageRef } from '../../../agent/core/documents.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'
import { Library } from '../../../agent/services/library.ts'
import type { LibraryParts, WantedMedia } from '../../../agent/services/library-types.ts'
import { FakePictureDecoder } from '../../fakes/fake-picture-decoder.ts'
import { FakeSpeech } from '../../fakes/fake-speech.ts'
import { ManualClock, settled } from '../../fakes/manual-clock.ts'
import { FakeProbe, FakeServers } from '../../fakes/media-source.ts'
import { MemoryMediaCache } from '../../fakes/memory-media-cache.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const HOUR_MS = 3_600_000
export const url = (name: string): string => `https://content.example/${name}`

/** A file of its own kind: `name` decides its bytes. */
export const fileOf = (name: string, length = 5000): Buffer => Buffer.alloc(length, `${name}|`)
export const audioOf = (
  bytes: Uint8Array,
  urls: readonly string[],
  declared: Partial<AudioRef> = {},
): AudioRef => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  format: 'mp3',
  seconds: 60,
  urls,
  ...declared,
})
export const imageOf = (bytes: Uint8Array, urls: readonly string[]): ImageRef => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  format: 'png',
  urls,
})
const NEEDED: EpochMs = epochMs(Date.UTC(2026, 10, 22, 22, 0, 0))
export const needed = (...refs: readonly (AudioRef | ImageRef)[]): readonly WantedMedia[] =>
  refs.map((ref, index) => ({ ref, neededAt: epochMs(NEEDED + index * HOUR_MS) }))

export type Rig = ReturnType<typeof makeRig>

/** A running library over fakes. `quiet` resolves when it has nothing more to do before the clock moves. */
export const makeRig = (
  limits: {
    quotaMb?: number
    maxFileMb?: number
    cache?: MemoryMediaCache
    putOff?: NonNullable<LibraryParts['putOff']>
  } = {},
) => {
  const cache = limits.cache ?? new MemoryMediaCache()
  const servers = new FakeServers()
  const probe = new FakeProbe()
  const speech = new FakeSpeech()
  const clock = new ManualClock()
  const disk = { free: 1000, scarce: 0 }
  const library = new Library({
    cache,
    fetcher: servers,
    probe,
    pictures: new FakePictureDecoder(),
    speech,
    sha256Hex: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    clock,
    log: silentLogger,
    random: () => 0,
    quotaMb: limits.quotaMb ?? 4096,
    maxFileMb: limits.maxFileMb ?? 256,
    disk: { freeMb: () => disk.free, reserveMb: 10, scarceMb: () => disk.scarce },
    ...(limits.putOff === undefined ? {} : { putOff: limits.putOff }),
  })
  const stop = new AbortController()
  const running = library.run(stop.signal)
  return {
    cache,
    servers,
    probe,
    speech,
    clock,
    disk,
    library,
    running,
    quiet: async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await settled()
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('end of the test'))
      await running
    },
  }
}

/** Puts a file on servers and returns its reference. */
export const publish = (
  rig: Rig,
  name: string,
  { hosts = ['a'], length = 5000 }: { hosts?: readonly string[]; length?: number } = {},
): AudioRef => {
  const bytes = fileOf(name, length)
  const urls = hosts.map((host) => url(`${host}/${name}`))
  for (const each of urls) rig.servers.files.set(each, { bytes })
  return audioOf(bytes, urls)
}
