import { closeSync, constants, copyFileSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type DiskWrite, readWriteLog, SECTOR_BYTES, WriteLogTail } from './write-log.ts'

/** What a power cut took: writes that the board had made, and how many of them the disk forgot, whole or in part. */
export type Forgotten = { readonly unflushed: number; readonly forgotten: number }

const copyWrite = (log: number, image: number, { from, to, length }: DiskWrite): void => {
  const bytes = Buffer.alloc(length)
  readSync(log, bytes, 0, length, from)
  writeSync(image, bytes, 0, length, to)
}

/** All of it, none of it, or as many sectors of its beginning as were written when the power went. */
const survives = (length: number, chance: () => number): number => {
  const throwOf = chance()
  if (throwOf < 0.45) return length
  return throwOf < 0.9 ? 0 : Math.floor((chance() * length) / SECTOR_BYTES) * SECTOR_BYTES
}

/**
 * A disk with a volatile write cache, as SD cards and cheap SSDs are: after a power cut it holds what was there before a
 * flush that it acknowledged; of what was written since, any part, in any order, to a sector.
 */
export class VolatileDisk {
  /** An image of any content. */
  readonly file: string
  readonly #log: string
  readonly #before: string

  constructor(file: string) {
    this.file = file
    this.#log = `${file}.log`
    this.#before = `${file}.before`
  }

  /** For the next start of a board, as its disk of that number. Flushes are noted; this machine itself loses no power. */
  plug(number: number): string {
    copyFileSync(this.file, this.#before, constants.COPYFILE_FICLONE)
    rmSync(this.#log, { force: true })
    closeSync(openSync(this.#log, 'w'))
    return [
      `driver=blklogwrites,node-name=disk${number},log-sector-size=${SECTOR_BYTES}`,
      `file.driver=file,file.cache.no-flush=on,file.filename=${this.file}`,
      `log.driver=file,log.cache.no-flush=on,log.filename=${this.#log}`,
    ].join(',')
  }

  /** How far the board has come: an instant at which its power might have gone. */
  mark(): number {
    return statSync(this.#log).size
  }

  /** The first instant from that mark on at which something was written and not flushed. */
  unflushedFrom(mark: number): number | undefined {
    using tail = new WriteLogTail(this.#log)
    return tail.toUnflushed(mark)
  }

  /** Waits until the board has written something and not flushed it yet, or for so long. */
  async unflushed(limitMs: number): Promise<void> {
    using tail = new WriteLogTail(this.#log)
    const until = performance.now() + limitMs
    const now = this.mark()
    while (performance.now() < until) {
      const mark = tail.toUnflushed(now)
      if (mark !== undefined && mark === this.mark()) return
      if (mark === undefined) await wait(1)
    }
  }

  /** After the board has lost its power: the disk forgets what it may. `chance`: 0 to 1, evenly. */
  forget(chance: () => number): Forgotten {
    return this.#rebuild(this.file, chance)
  }

  /** Makes an image as this disk would be, had the power gone at that mark of the last run. */
  imageAt(mark: number, image: string, chance: () => number): Forgotten {
    return this.#rebuild(image, chance, mark)
  }

  #rebuild(to: string, chance: () => number, until?: number): Forgotten {
    const { flushed, unflushed } = readWriteLog(this.#log, until)
    copyFileSync(this.#before, to, constants.COPYFILE_FICLONE)
    const log = openSync(this.#log, 'r')
    const image = openSync(to, 'r+')
    try {
      for (const write of flushed) copyWrite(log, image, write)
      let forgotten = 0
      for (const write of unflushed) {
        const length = survives(write.length, chance)
        if (length < write.length) forgotten += 1
        copyWrite(log, image, { ...write, length })
      }
      return { unflushed: unflushed.length, forgotten }
    } finally {
      closeSync(log)
      closeSync(image)
    }
  }
}
