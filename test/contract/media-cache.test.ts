import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMediaCache } from '../../agent/adapters/sqlite/media-db.ts'
import { CHUNK_BYTES, type MediaCache, type Verified } from '../../agent/ports/media-cache.ts'
import { MemoryMediaCache } from '../fakes/memory-media-cache.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const never = new AbortController().signal
const verified: Verified = {
  format: 'mp3',
  measured: { seconds: 612.25, integratedLufs: -19.4, truePeakDb: -1.2 },
}
const pattern = (length: number, seed = 7): Buffer => {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + seed + (at >> 8)) & 0xff
  return bytes
}

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-media-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const MAKERS: readonly { readonly name: string; readonly make: () => MediaCache }[] = [
  { name: 'memory', make: () => new MemoryMediaCache() },
  {
    name: 'SQLite',
    make: () =>
      openMediaCache(join(directory, 'media.db'), {
        onRebuilt: (message) => {
          throw new Error(message)
        },
      }),
  },
]

describe.each(MAKERS)('MediaCache ($name)', ({ make }) => {
  it('gives back what was appended, in pieces of any size, from any offset', async () => {
    await using cache = make()
    const bytes = pattern(CHUNK_BYTES * 2 + 12_345)
    for (let at = 0; at < bytes.length; ) {
      const take = [1, 65_536, CHUNK_BYTES, 100_001][at % 4] ?? 1
      await cache.append(A, bytes.subarray(at, at + take))
      at += take
    }
    expect(cache.heldBytes(A)).toBe(bytes.length)
    expect(Buffer.from(cache.read(A, 0, bytes.length)).equals(bytes)).toBe(true)
    for (const [offset, length] of [
      [0, 10],
      [CHUNK_BYTES - 5, 10],
      [CHUNK_BYTES, CHUNK_BYTES],
      [12_345, CHUNK_BYTES],
      [bytes.length - 3, 10],
      [bytes.length, 10],
      [bytes.length + 99, 10],
    ] as const) {
      const expected = bytes.subarray(offset, offset + length)
      expect(Buffer.from(cache.read(A, offset, length)).equals(expected), `${offset}`).toBe(true)
    }
  })

  it('keeps files apart and lists them oldest first', async () => {
    await using cache = make()
    await cache.append(B, pattern(1000))
    await cache.append(A, pattern(2000, 9))
    await cache.append(B, pattern(500))
    expect(cache.inventory()).toEqual([
      { sha256: B, bytes: 1500, verified: undefined },
      { sha256: A, bytes: 2000, verified: undefined },
    ])
    expect(cache.totalBytes()).toBe(3500)
    expect(cache.heldBytes('c'.repeat(64))).toBe(0)
    expect(cache.read('c'.repeat(64), 0, 10)).toHaveLength(0)
    expect(cache.find('c'.repeat(64))).toBeUndefined()
  })

  it('digests what is stored, a whole number of chunks and none included', async () => {
    await using cache = make()
    for (const length of [0, 1, CHUNK_BYTES, CHUNK_BYTES * 2, CHUNK_BYTES + 1]) {
      const bytes = pattern(length, length)
      await cache.discard(A)
      await cache.append(A, bytes)
      expect(await cache.digest(A, never)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('remembers what was verified until more is appended or the file is discarded', async () => {
    await using cache = make()
    await cache.append(A, pattern(1000))
    await cache.complete(A, verified)
    expect(cache.find(A)).toEqual({ sha256: A, bytes: 1000, verified })
    await cache.append(A, pattern(1))
    expect(cache.find(A)?.verified).toBeUndefined()
    await cache.complete(A, verified)
    await cache.discard(A)
    expect(cache.find(A)).toBeUndefined()
    expect(cache.totalBytes()).toBe(0)
  })

  it('knows what a file was made from until the file is discarded', async () => {
    await using cache = make()
    const [recipe, another] = ['1'.repeat(64), '2'.repeat(64)]
    await cache.noteMade(recipe, A)
    expect(cache.made(recipe), 'of a file that is not held').toBeUndefined()
    await cache.append(A, pattern(1000))
    await cache.append(B, pattern(10))
    await cache.noteMade(recipe, B)
    await cache.noteMade(recipe, A)
    await cache.noteMade(another, A)
    await cache.complete(A, verified)
    expect(cache.made(recipe)).toEqual({ sha256: A, bytes: 1000, verified })
    expect(cache.made(another)?.sha256).toBe(A)
    await cache.discard(B)
    expect(cache.made(recipe)?.sha256).toBe(A)
    await cache.discard(A)
    await cache.append(A, pattern(1000))
    expect([cache.made(recipe), cache.made(another)]).toEqual([undefined, undefined])
  })

  it('discards a long file whole and takes it anew', async () => {
    await using cache = make()
    await cache.append(A, pattern(CHUNK_BYTES * 3 + 1))
    await cache.append(B, pattern(5))
    await cache.discard(A)
    await cache.discard(A)
    expect([cache.heldBytes(A), cache.heldBytes(B)]).toEqual([0, 5])
    await cache.append(A, pattern(10, 3))
    expect(Buffer.from(cache.read(A, 0, 99)).equals(pattern(10, 3))).toBe(true)
  })
})
