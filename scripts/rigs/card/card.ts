import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { copyFromFat, namesInFat, putIntoFat, readFromFat } from '../../imaging/fat.ts'

type Part = { readonly from: number; readonly bytes: number }

/** The image of a card in a folder, as large as a card is, and what can be read on it while no board has it. */
export class Card {
  readonly file: string
  readonly #folder: string

  constructor(image: string, folder: string) {
    this.#folder = folder
    this.file = join(folder, 'card.img')
    execFileSync('cp', ['--sparse=always', '--reflink=auto', image, this.file])
    // qemu takes no card whose size is no power of two.
    truncateSync(this.file, 2 ** Math.ceil(Math.log2(statSync(image).size + 1)))
  }

  get bytes(): number {
    return statSync(this.file).size
  }

  /** From the table, as it is now; 1 to 3. */
  part(number: number): Part {
    const sector = Buffer.alloc(512)
    const file = openSync(this.file, 'r')
    try {
      readSync(file, sector, 0, sector.length, 0)
    } finally {
      closeSync(file)
    }
    const at = 446 + (number - 1) * 16
    return { from: sector.readUInt32LE(at + 8) * 512, bytes: sector.readUInt32LE(at + 12) * 512 }
  }

  /** Takes a file of the boot partition out; answers where it is now. */
  takeOut(name: string): string {
    const to = join(this.#folder, name)
    copyFromFat(this.file, this.part(1).from, name, to)
    return to
  }

  onBoot(name: string): string {
    return readFromFat(this.file, this.part(1).from, name).toString('utf8')
  }

  /** As a technician does on any computer. */
  putOnBoot(name: string, text: string): void {
    putIntoFat(this.file, this.part(1).from, name, text)
  }

  /** Names in the root of the boot partition. */
  namesOnBoot(): readonly string[] {
    return namesInFat(this.file, this.part(1).from)
  }

  /** Whether these bytes stand anywhere on the boot partition, in a file or where one was. */
  bootHolds(text: string): boolean {
    const { from, bytes } = this.part(1)
    const step = 2 ** 24
    const block = Buffer.alloc(step + text.length)
    const file = openSync(this.file, 'r')
    try {
      for (let at = 0; at < bytes; at += step) {
        const length = readSync(file, block, 0, Math.min(block.length, bytes - at), from + at)
        if (block.subarray(0, length).includes(text)) return true
      }
      return false
    } finally {
      closeSync(file)
    }
  }

  /** The text of a file on an ext4; empty when there is none. */
  text(number: 2 | 3, path: string): string {
    const image = `${this.file}?offset=${this.part(number).from}`
    return execFileSync('debugfs', ['-R', `cat ${path}`, image], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  /** Exit code of a check that changes nothing: 0 is clean. A journal that waits to be read again is no fault. */
  check(number: 2 | 3): number {
    const image = `${this.file}?offset=${this.part(number).from}`
    try {
      execFileSync('e2fsck', ['-f', '-n', image], { stdio: 'ignore' })
      return 0
    } catch (error) {
      return error instanceof Error && 'status' in error ? Number(error.status) : -1
    }
  }
}
