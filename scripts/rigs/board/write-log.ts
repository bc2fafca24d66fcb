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

/** The first is the head. */
const FIRST = 1

/** `at`: the sector of the log where it begins; `next`: where the following one does. */
type Entry = {
  readonly at: number
  readonly next: number
  readonly flags: number
  readonly to: number
  readonly sectors: number
}

const readSector = (file: number, number: number): Buffer => {
  const bytes = Buffer.alloc(SECTOR_BYTES)
  readSync(file, bytes, 0, SECTOR_BYTES, number * SECTOR_BYTES)
  return bytes
}

const headOf = (file: number, number: number): Omit<Entry, 'at' | 'next'> => {
  const bytes = readSector(file, number)
  return {
    to: Number(bytes.readBigUInt64LE(0)),
    sectors: Number(bytes.readBigUInt64LE(8)),
    flags: Number(bytes.readBigUInt64LE(16)),
  }
}

const add = (log: WriteLog, { at, flags, to, sectors }: Entry): WriteLog => {
  const data = { from: (at + 1) * SECTOR_BYTES, to: to * SECTOR_BYTES, length: sectors * SECTOR_BYTES }
  const written = sectors > 0 && (flags & DISCARD) === 0 ? [data] : []
  if ((flags & FLUSH) !== 0) return { flushed: [...log.flushed, ...log.unflushed, ...written], unflushed: [] }
  if ((flags & FUA) !== 0) return { ...log, flushed: [...log.flushed, ...written] }
  return { ...log, unflushed: [...log.unflushed, ...written] }
}

/** An entry that was being written when qemu was killed was never acknowledged to the board; neither was anything after it. */
function* entriesFrom(file: number, first: number, end: number): Generator<Entry> {
  for (let at = first; at < end; ) {
    const head = headOf(file, at)
    const next = at + 1 + ((head.flags & DISCARD) === 0 ? head.sectors : 0)
    if ((head.flags === 0 && head.sectors === 0) || next > end) return
    yield { ...head, at, next }
    at = next
  }
}

/**
 * Reads a log of qemu's `blklogwrites` with sectors of 512 bytes, up to byte `until`.
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
    for (const entry of entriesFrom(file, FIRST, end)) {
      log = add(log, entry)
      entries += 1
    }
    if (entries < counted && until === Number.POSITIVE_INFINITY)
      throw new Error(`${path} has ${entries} of ${counted} entries`)
    return log
  } finally {
    closeSync(file)
  }
}

/** Follows a log from its beginning, while it grows or as it is. */
export class WriteLogTail implements Disposable {
  readonly #file: number
  #at = FIRST
  #unflushed = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  /** Reads on, past byte `from`, to where something is written and not flushed: up to which byte, or undefined at its end. */
  toUnflushed(from: number): number | undefined {
    const end = Math.floor(fstatSync(this.#file).size / SECTOR_BYTES)
    for (const { flags, next } of entriesFrom(this.#file, this.#at, end)) {
      this.#at = next
      if ((flags & FLUSH) !== 0) this.#unflushed = 0
      else if ((flags & (FUA | DISCARD)) === 0) this.#unflushed += 1
      const mark = next * SECTOR_BYTES
      if (this.#unflushed > 0 && mark >= from) return mark
    }
    return undefined
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
