import { execFileSync } from 'node:child_process'
import {
  fdatasync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import { CHUNK_BYTES } from '../../../agent/ports/media-cache.ts'
import { canMount } from '../../rig/can-mount.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const chunk = (fill: number): Buffer => Buffer.alloc(CHUNK_BYTES, fill)

let directory = ''
let path = ''
let rebuilt: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-media-'))
  path = join(directory, 'media.db')
  rebuilt = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))
const open = (options: { sync?: (descriptor: number) => Promise<void>; reserveBytes?: number } = {}) =>
  openMediaCache(path, { onRebuilt: (message) => rebuilt.push(message), ...options })

describe('media.db', () => {
  it('survives being closed, in the middle of a file too', async () => {
    {
      await using cache = open()
      await cache.append(A, Buffer.concat([chunk(1), chunk(2).subarray(0, 1000)]))
      await cache.append(B, Buffer.from('whole'))
      await cache.complete(B, {
        format: 'png',
        measured: { seconds: 0, integratedLufs: -70, truePeakDb: -100 },
      })
    }
    await using again = open()
    expect(again.heldBytes(A)).toBe(CHUNK_BYTES + 1000)
    expect(again.find(B)?.verified?.format).toBe('png')
    await again.append(A, chunk(3).subarray(0, 10))
    expect(again.read(A, CHUNK_BYTES + 999, 3)).toEqual(Buffer.from([2, 3, 3]))
    expect(rebuilt).toEqual([])
  })

  it('keeps the -wal file short and syncs in the order that survives a power cut', async () => {
    const order: string[] = []
    let longest = 0
    const sync = async (descriptor: number): Promise<void> => {
      const wal = statSync(`${path}-wal`)
      longest = Math.max(longest, wal.size)
      const isWal = readlinkSync(`/proc/self/fd/${descriptor}`).endsWith('-wal')
      order.push(`${isWal ? 'wal' : 'database'} while the wal is ${wal.size === 0 ? 'empty' : 'full'}`)
      await promisify(fdatasync)(descriptor)
    }
    await using cache = open({ sync })
    for (let n = 0; n < 24; n += 1) await cache.append(A, chunk(n))
    expect(longest).toBeLessThan(4 * 1024 * 1024)
    expect(statSync(`${path}-wal`).size).toBeLessThan(4 * 1024 * 1024)
    expect(order.slice(0, 3)).toEqual([
      'wal while the wal is full',
      'database while the wal is full',
      'wal while the wal is empty',
    ])
    expect(order).toHaveLength(9)
  })

  it('answers reads while the medium is slow', async () => {
    let release: (() => void) | undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await using cache = open({ sync: () => gate })
    await cache.append(A, chunk(1))
    const stuck = cache.complete(A, {
      format: 'mp3',
      measured: { seconds: 1, integratedLufs: -20, truePeakDb: -3 },
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(cache.read(A, 0, 1)).toEqual(Buffer.from([1]))
    release?.()
    await stuck
  })

  it('uses the room of a discarded file again', async () => {
    await using cache = open()
    for (let n = 0; n < 16; n += 1) await cache.append(A, chunk(n))
    await cache.discard(A)
    const size = statSync(path).size
    expect(cache.spareBytes()).toBeGreaterThan(15 * CHUNK_BYTES)
    for (let n = 0; n < 15; n += 1) await cache.append(B, chunk(n))
    expect(statSync(path).size).toBeLessThanOrEqual(size + CHUNK_BYTES)
  })

  it('gives the room of discarded files back to the disk when asked', async () => {
    await using cache = open()
    for (let n = 0; n < 16; n += 1) await cache.append(A, chunk(n))
    await cache.append(B, chunk(77))
    await cache.discard(A)
    const size = statSync(path).size
    await cache.shrink()
    expect(statSync(path).size).toBeLessThan(size - 15 * CHUNK_BYTES)
    expect(cache.spareBytes()).toBe(0)
    expect(cache.read(B, CHUNK_BYTES - 1, 9)).toEqual(Buffer.from([77]))
  })

  it('is made anew when the file is noise, and when it is of a later agent', async () => {
    writeFileSync(path, 'noise '.repeat(10_000))
    await using cache = open()
    expect(rebuilt).toHaveLength(1)
    await cache.append(A, chunk(1))
    expect(cache.heldBytes(A)).toBe(CHUNK_BYTES)
  })

  it('is made anew when damage shows while it is used, and tells the caller', async () => {
    {
      await using cache = open()
      for (let n = 0; n < 8; n += 1) await cache.append(A, chunk(n))
    }
    const bytes = readFileSync(path)
    // Behind the small tables, which are looked at when it is opened.
    bytes.fill(0xa5, 16_384 * 8)
    writeFileSync(path, bytes)
    await using cache = open()
    expect(rebuilt).toEqual([])
    expect(() => {
      for (let at = 0; at < 8; at += 1) cache.read(A, at * CHUNK_BYTES, CHUNK_BYTES)
    }).toThrow(expect.objectContaining({ code: 'DATABASE' }))
    expect(rebuilt).toHaveLength(1)
    expect(cache.inventory()).toEqual([])
    await cache.append(A, chunk(1))
    expect(cache.heldBytes(A)).toBe(CHUNK_BYTES)
  })
})

describe.skipIf(!canMount)('T17 media.db on a full disk', () => {
  let mount = ''
  beforeEach(() => {
    mount = join(directory, 'small')
    mkdirSync(mount)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', mount])
    path = join(mount, 'media.db')
  })
  afterEach(() => execFileSync('umount', [mount]))

  it.each([
    ['at its reserve', {}],
    ['at the last byte', { reserveBytes: 0 }],
  ])('says DISK_FULL %s, keeps what it has, and goes on when there is room again', async (_, options) => {
    await using cache = open(options)
    await cache.append(B, Buffer.alloc(CHUNK_BYTES * 2, 9))
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 200; n += 1) await cache.append(A, chunk(n))
    }
    await expect(fill()).rejects.toEqual(expect.objectContaining({ code: 'DISK_FULL' }))
    const held = cache.heldBytes(A)
    expect(held).toBeGreaterThan(CHUNK_BYTES * 8)
    for (let n = 0; n * CHUNK_BYTES < held; n += 1) {
      expect(cache.read(A, n * CHUNK_BYTES, 1)).toEqual(Buffer.from([n]))
    }
    execFileSync('mount', ['-o', 'remount,size=48m', mount])
    await cache.append(A, chunk(7))
    expect(cache.heldBytes(A)).toBe(held + CHUNK_BYTES)
    expect(cache.heldBytes(B)).toBe(CHUNK_BYTES * 2)
    expect(rebuilt).toEqual([])
  })

  it('gives up a file to make room for another, again and again', async () => {
    await using cache = open()
    const full = async (sha256: string): Promise<number> => {
      try {
        for (let n = 0; n < 64; n += 1) await cache.append(sha256, chunk(n))
      } catch (thrown) {
        expect(thrown).toEqual(expect.objectContaining({ code: 'DISK_FULL' }))
      }
      return cache.heldBytes(sha256)
    }
    const first = await full(A)
    for (const [old, fresh] of [
      [A, B],
      [B, A],
      [A, B],
    ] as const) {
      await cache.discard(old)
      expect(await full(fresh)).toBeGreaterThan(first - 8 * CHUNK_BYTES)
    }
    expect(rebuilt).toEqual([])
  })
})
