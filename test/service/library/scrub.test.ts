import { expect, test } from 'vitest'
import type { EventBody } from '../../../agent/core/records.ts'
import type { Verified } from '../../../agent/ports/media-cache.ts'
import { MediaScrub } from '../../../agent/services/media-scrub.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryMediaCache } from '../../fakes/memory-media-cache.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { audioOf, fileOf, makeRig, needed, publish } from './rig.ts'

const never = new AbortController().signal
const verified: Verified = {
  format: 'mp3',
  measured: { seconds: 60, integratedLufs: -20, truePeakDb: -1 },
}

/** Counts which files are hashed, in order. */
class WatchedCache extends MemoryMediaCache {
  readonly hashed: string[] = []

  override digest(sha256: string, signal: AbortSignal): Promise<string> {
    this.hashed.push(sha256)
    return super.digest(sha256, signal)
  }
}

const scrubOf = (cache: MemoryMediaCache, sounding = () => false) => {
  const events: EventBody[] = []
  const { facts } = new MemoryStateStore()
  const scrub = () =>
    new MediaScrub({
      cache,
      facts,
      clock: new ManualClock(),
      log: silentLogger,
      emit: (event) => events.push(event),
      sounding,
    }).run(never)
  return { scrub, events }
}

/** Changes a whole file in the cache without anybody noticing. */
const rot = async (cache: MemoryMediaCache, sha256: string): Promise<void> => {
  const length = cache.heldBytes(sha256)
  await cache.discard(sha256)
  await cache.append(sha256, Buffer.alloc(length, 'rotten'))
  await cache.complete(sha256, verified)
}

const fill = async (cache: MemoryMediaCache, count: number): Promise<readonly string[]> => {
  const digests: string[] = []
  for (let n = 0; n < count; n += 1) {
    const bytes = fileOf(`file ${n}`)
    const { sha256 } = audioOf(bytes, [])
    await cache.append(sha256, bytes)
    await cache.complete(sha256, verified)
    digests.push(sha256)
  }
  return digests.sort()
}

test('a night looks at a thirtieth of what is stored, and thirty nights and no more at all of it', async () => {
  const cache = new WatchedCache()
  const digests = await fill(cache, 60)
  const { scrub, events } = scrubOf(cache)
  await scrub()
  expect(cache.hashed).toEqual(digests.slice(0, 2))
  for (let night = 1; night < 30; night += 1) await scrub()
  expect(cache.hashed).toEqual(digests)
  await scrub()
  expect(cache.hashed.slice(60)).toEqual(digests.slice(0, 2))
  expect(events).toEqual([])
})

test('a damaged file is dropped with an event and fetched again', async () => {
  await using rig = makeRig()
  const ref = publish(rig, 'news')
  rig.library.want(needed(ref))
  await rig.quiet()
  await rot(rig.cache, ref.sha256)
  expect(rig.library.stateOf(ref.sha256).state).toBe('ready')
  const { scrub, events } = scrubOf(rig.cache)
  expect(await scrub()).toBe(1)
  expect(events).toMatchObject([
    { code: 'BAD_MEDIA', severity: 'warning', data: { sha256: ref.sha256, source: 'scrub' } },
  ])
  rig.library.want(needed(ref))
  await rig.quiet()
  expect(rig.library.stateOf(ref.sha256).state).toBe('ready')
  expect(await rig.cache.digest(ref.sha256, never)).toBe(ref.sha256)
  expect(await scrub()).toBe(0)
})

test('while something sounds nothing is read, and what began to sound meanwhile keeps its file', async () => {
  const cache = new WatchedCache()
  const [sha256 = ''] = await fill(cache, 1)
  await rot(cache, sha256)
  const playing = scrubOf(cache, () => true)
  expect(await playing.scrub()).toBe(0)
  expect(cache.hashed).toEqual([])
  const begins = scrubOf(cache, () => cache.hashed.length > 0)
  expect(await begins.scrub()).toBe(0)
  expect(cache.hashed).toEqual([sha256])
  expect(cache.heldBytes(sha256)).toBeGreaterThan(0)
})

test('a store that turns out damaged ends the night, not the agent', async () => {
  const cache = new MemoryMediaCache()
  await fill(cache, 3)
  const { scrub, events } = scrubOf(cache, () => {
    cache.damage()
    return false
  })
  expect(await scrub()).toBe(0)
  expect(events).toEqual([])
})
