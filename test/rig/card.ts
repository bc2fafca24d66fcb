import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A card with a file system of its own (ext4 on a loop device), which only root can make. */
export class Card implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'loa-card-'))
  readonly #image = `${this.folder}.img`

  readonly #options: readonly string[]

  /** `options`: of mount(8), beside loop and noatime. */
  constructor(mib: number, options: readonly string[] = []) {
    this.#options = options
    writeFileSync(this.#image, '')
    truncateSync(this.#image, mib * 1024 * 1024)
    // Of so small a file system it would make blocks of 1 KiB; those of a card have 4. What it would leave to the kernel to
    // write later would count as the agent's.
    const atOnce = 'lazy_itable_init=0,lazy_journal_init=0'
    execFileSync('mkfs.ext4', ['-q', '-b', '4096', '-E', atOnce, this.#image])
    this.#mount()
  }

  /** Bytes written to the device so far, what still waited in memory included. */
  written(): number {
    execFileSync('sync', ['-f', this.folder])
    return this.writtenByItself
  }

  /** Bytes that have been written so far without anybody asking: syncing costs a commit of the journal of its own. */
  get writtenByItself(): number {
    const device = execFileSync('findmnt', ['-no', 'MAJ:MIN', this.folder], { encoding: 'utf8' }).trim()
    const fields = readFileSync(`/sys/dev/block/${device}/stat`, 'utf8').trim().split(/\s+/)
    return Number(fields[6]) * 512
  }

  /** As the kernel does when the card fails: what is open for writing stays open, and nothing can be written any more. */
  fail(): void {
    execFileSync('mount', ['-o', 'remount,abort', this.folder])
  }

  /** As after a power cut: nobody may use it. The file system is put right and can be written again. */
  remount(): void {
    execFileSync('umount', [this.folder])
    this.#mount()
  }

  [Symbol.dispose](): void {
    execFileSync('umount', [this.folder])
    rmSync(this.folder, { recursive: true })
    rmSync(this.#image)
  }

  #mount(): void {
    const options = ['loop', 'noatime', ...this.#options].join(',')
    execFileSync('mount', ['-o', options, this.#image, this.folder])
  }
}
