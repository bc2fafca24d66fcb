import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** What a disk was told. `from` is where the bytes of a write are in the log, `to` where they go on the disk; in bytes. */
export type DiskWrite = { readonly from: number; readonly to: number; readonly length: number }
export type WriteLog = {
  /** What a disk must still have after a power cut, in order. */
  readonly flushed: readonly DiskWrite[]
  /** What came after the last flush: a disk may have any of it, or none. */
  readonly unflushed: readonly DiskWrite[]
}

export const SECTOR_BYTES = 512
const MAGIC = 0x6a_73_66_77_73_68_72n
const FLUSH = 1
const FUA = 2
const DISCARD = 4

type Entry = { readonly flags: number; readonly to: number; readonly sectors: number }

const readSector = (file: number, number: number): Buffer => {
  const bytes = Buffer.alloc(SECTOR_BYTES)
  readSync(file, bytes, 0, SECTOR_BYTES, number * SECTOR_BYTES)
  return bytes
}

const entryAt = (file: number, number: number): Entry => {
  const bytes = readSector(file, number)
  return {
    to: Number(bytes.readBigUInt64LE(0)),
    sectors: Number(bytes.readBigUInt64LE(8)),
    flags: Number(bytes.readBigUInt64LE(16)),
  }
}

const add = (log: WriteLog, { flags, to, sectors }: Entry, at: number): WriteLog => {
  const data = { from: (at + 1) * SECTOR_BYTES, to: to * SECTOR_BYTES, length: sectors * SECTOR_BYTES }
  const written = sectors > 0 && (flags & DISCARD) === 0 ? [data] : []
  if ((flags & FLUSH) !== 0) return { flushed: [...log.flushed, ...log.unflushed, ...written], unflushed: [] }
  if ((flags & FUA) !== 0) return { ...log, flushed: [...log.flushed, ...written] }
  return { ...log, unflushed: [...log.unflushed, ...written] }
}

/**
 * Reads a log of qemu's `blklogwrites` with sectors of 512 bytes, up to byte `until`. An entry that was being written when
 * qemu was killed was never acknowledged to the board; neither was anything after it.
 * @throws when the whole of it ends before the last flush that its head counts
 * @see qemu, block/blklogwrites.c; the kernel's documentation, device-mapper/log-writes
 */
export const readWriteLog = (path: string, until = Number.POSITIVE_INFINITY): WriteLog => {
  const file = openSync(path, 'r')
  try {
    const head = readSector(file, 0)
    // It is written with the first flush.
    const magic = head.readBigUInt64LE(0)
    if (magic !== MAGIC && magic !== 0n) throw new Error(`${path} is no log of blklogwrites`)
    const counted = Number(head.readBigUInt64LE(16))
    const end = Math.floor(Math.min(fstatSync(file).size, until) / SECTOR_BYTES)
    let log: WriteLog = { flushed: [], unflushed: [] }
    let entries = 0
    for (let at = 1; at < end; entries += 1) {
      const entry = entryAt(file, at)
      const data = (entry.flags & DISCARD) === 0 ? entry.sectors : 0
      if ((entry.flags === 0 && entry.sectors === 0) || at + 1 + data > end) break
      log = add(log, entry, at)
      at += 1 + data
    }
    if (entries < counted && until === Number.POSITIVE_INFINITY)
      throw new Error(`${path} has ${entries} of ${counted} entries`)
    return log
  } finally {
    closeSync(file)
  }
}
