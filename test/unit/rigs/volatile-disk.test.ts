import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VolatileDisk } from '../../../scripts/rigs/board/volatile-disk.ts'
import { readWriteLog, SECTOR_BYTES } from '../../../scripts/rigs/board/write-log.ts'

const FLUSH = 1
const FUA = 2
const DISCARD = 4

type Entry = {
  readonly flags?: number
  readonly to?: number
  readonly fill?: string
  readonly sectors?: number
}

/** A log as qemu writes it. `counted`: the entries that its head knows of. */
const logOf = (entries: readonly Entry[], counted = 0): Buffer => {
  const head = Buffer.alloc(SECTOR_BYTES)
  head.writeBigUInt64LE(0x6a_73_66_77_73_68_72n, 0)
  head.writeBigUInt64LE(BigInt(counted), 16)
  const parts = entries.flatMap(({ flags = 0, to = 0, fill, sectors = fill?.length ?? 0 }) => {
    const entry = Buffer.alloc(SECTOR_BYTES)
    entry.writeBigUInt64LE(BigInt(to), 0)
    entry.writeBigUInt64LE(BigInt(sectors), 8)
    entry.writeBigUInt64LE(BigInt(flags), 16)
    return [entry, ...[...(fill ?? '')].map((letter) => Buffer.alloc(SECTOR_BYTES, letter))]
  })
  return Buffer.concat([head, ...parts])
}

/** One letter a sector. */
const lettersOf = (image: string): string =>
  [...readFileSync(image, 'latin1')].filter((_, i) => i % SECTOR_BYTES === 0).join('')

describe('a disk that forgets', () => {
  let folder = ''
  let file = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loa-volatile-'))
    file = join(folder, 'disk')
    writeFileSync(file, Buffer.alloc(6 * SECTOR_BYTES, '.'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** A power cut after these entries, where `chance` decides what stays of what was not flushed. */
  const afterCut = (entries: readonly Entry[], ...chances: readonly number[]) => {
    const disk = new VolatileDisk(file)
    disk.plug(0)
    writeFileSync(`${file}.log`, logOf(entries))
    let thrown = 0
    return disk.forget(() => chances[thrown++] ?? 0)
  }

  test('has what was flushed, and of the rest what it happened to have written', () => {
    const entries = [{ to: 0, fill: 'aa' }, { flags: FLUSH }, { to: 1, fill: 'b' }, { to: 3, fill: 'cc' }]
    expect(afterCut(entries, 0.8, 0.1)).toEqual({ unflushed: 2, forgotten: 1 })
    expect(lettersOf(file)).toBe('aa.cc.')
  })

  test('may have the beginning of a write', () => {
    expect(afterCut([{ to: 0, fill: 'abcd' }], 0.95, 0.6)).toEqual({ unflushed: 1, forgotten: 1 })
    expect(lettersOf(file)).toBe('ab....')
  })

  test('keeps what was written through its cache, flushed or not', () => {
    expect(
      afterCut(
        [
          { flags: FUA, to: 0, fill: 'a' },
          { to: 1, fill: 'b' },
        ],
        0.8,
      ),
    ).toEqual({
      unflushed: 1,
      forgotten: 1,
    })
    expect(lettersOf(file)).toBe('a.....')
  })

  test('begins each time with what the last cut left', () => {
    afterCut([{ to: 0, fill: 'a' }, { flags: FLUSH }])
    afterCut([{ to: 1, fill: 'b' }, { flags: FLUSH }])
    expect(lettersOf(file)).toBe('ab....')
  })

  test('passes over an entry that was not whole when the power went, and what may follow it', () => {
    writeFileSync(file, logOf([{ to: 0, fill: 'a' }, { flags: FLUSH }, { to: 1, sectors: 9, fill: 'b' }]))
    expect(readWriteLog(file).flushed).toHaveLength(1)
    expect(readWriteLog(file).unflushed).toEqual([])
  })

  test('is read although it never was flushed, or never written', () => {
    writeFileSync(file, logOf([{ to: 0, fill: 'a' }]).fill(0, 0, SECTOR_BYTES))
    expect(readWriteLog(file).unflushed).toHaveLength(1)
    writeFileSync(file, '')
    expect(readWriteLog(file)).toEqual({ flushed: [], unflushed: [] })
  })

  test('does not take the sectors of a discard for data', () => {
    writeFileSync(
      file,
      logOf([{ flags: DISCARD, to: 0, sectors: 4 }, { to: 1, fill: 'b' }, { flags: FLUSH }]),
    )
    expect(readWriteLog(file).flushed).toEqual([
      { from: 3 * SECTOR_BYTES, to: SECTOR_BYTES, length: SECTOR_BYTES },
    ])
  })

  test('names the next instant at which something is written and not flushed', () => {
    const disk = new VolatileDisk(file)
    disk.plug(0)
    const flush = { flags: FLUSH }
    writeFileSync(
      `${file}.log`,
      logOf([{ fill: 'a' }, flush, { fill: 'b' }, flush, { flags: FUA, fill: 'c' }, { fill: 'd' }]),
    )
    const sectors = [0, 4, 7, 12].map((from) => disk.unflushedFrom(from * SECTOR_BYTES))
    expect(sectors).toEqual([3 * SECTOR_BYTES, 6 * SECTOR_BYTES, 11 * SECTOR_BYTES, undefined])
  })

  test('is waited for until something is written that is not flushed', async () => {
    const disk = new VolatileDisk(file)
    disk.plug(0)
    const [calm, busy] = [logOf([{ fill: 'a' }, { flags: FLUSH }]), logOf([{ fill: 'b' }])]
    writeFileSync(`${file}.log`, calm)
    let over = false
    const waited = disk.unflushed(30_000).then(() => {
      over = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(over).toBe(false)
    appendFileSync(`${file}.log`, busy.subarray(SECTOR_BYTES))
    await waited
    expect(readWriteLog(`${file}.log`).unflushed).toHaveLength(1)
  })

  test('is not believed when its log lacks entries that were flushed, or is none', () => {
    writeFileSync(file, logOf([{ to: 0, fill: 'a' }], 2))
    expect(() => readWriteLog(file)).toThrow('1 of 2 entries')
    copyFileSync(import.meta.filename, file)
    expect(() => readWriteLog(file)).toThrow('no log')
  })
})
