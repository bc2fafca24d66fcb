import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { eventually } from '../../../test/rig/eventually.ts'
import type { Kernel } from './kernel.ts'

export type BoardOptions = {
  readonly kernel: Kernel['image']
  /** A file. */
  readonly initrd: string
  /** Values of `-blockdev`, in the order of /dev/vda, vdb …; each with `node-name` `disk0`, `disk1` … */
  readonly disks: readonly string[]
  /** What the board says goes there. */
  readonly console: string
  /** Further arguments of qemu. */
  readonly extra?: readonly string[]
}

const MEMORY_MIB = 768
/** What takes an emulator long and tells nothing here is left off. */
const KERNEL_OPTIONS =
  'console=ttyAMA0 quiet panic=-1 mitigations=off init_on_alloc=0 cryptomgr.notests audit=0 nokaslr'
/**
 * An instruction takes 2^1 ns of the board's own time, about what a real one needs. Beside other work the board becomes
 * slower than its clocks, as every emulation does; this way it does not notice, and its watchdogs do not bite.
 */
const CLOCK_SHIFT = 1

export const readOnlyDisk = (number: number, file: string): string =>
  `driver=raw,node-name=disk${number},read-only=on,file.driver=file,file.filename=${file},file.read-only=on,file.locking=off`

/** An emulated board with one Cortex-A53; this machine is 10.0.2.2 to it. */
export class Board implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  readonly #console: string
  readonly #onMs = performance.now()
  #errors = ''

  constructor({ kernel, initrd, disks, console, extra = [] }: BoardOptions) {
    // biome-ignore format: one option and its value a group
    this.#child = spawn(
      'qemu-system-aarch64',
      [
        '-M', 'virt', '-cpu', 'cortex-a53', '-icount', `shift=${CLOCK_SHIFT},sleep=on`, '-m', String(MEMORY_MIB),
        '-nodefaults', '-display', 'none', '-no-reboot', '-rtc', 'base=utc',
        '-kernel', kernel, '-initrd', initrd, '-append', KERNEL_OPTIONS,
        '-serial', `file:${console}`,
        ...disks.flatMap((disk, i) => ['-blockdev', disk, '-device', `virtio-blk-pci,drive=disk${i}`]),
        '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile=',
        '-device', 'virtio-rng-pci',
        ...extra,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#console = console
    this.#child.stderr?.on('data', (chunk) => {
      this.#errors += String(chunk)
    })
    const endWithUs = (): unknown => this.#child.kill('SIGKILL')
    process.once('exit', endWithUs)
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#errors += error.message
        resolve()
      })
      this.#child.once('exit', () => {
        process.removeListener('exit', endWithUs)
        resolve()
      })
    })
  }

  get console(): string {
    return existsSync(this.#console) ? readFileSync(this.#console, 'utf8') : ''
  }

  /** Of this machine's time; the board's own runs slower while it is busy. */
  get onForMs(): number {
    return performance.now() - this.#onMs
  }

  get isOn(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves when the board has said it. @throws when it has not within the deadline, or went off */
  says(what: RegExp, deadlineMs: number): Promise<true> {
    return eventually(
      `the board says ${what}`,
      () => {
        if (what.test(this.console)) return true
        if (!this.isOn) throw new Error(`the emulator ended: ${this.#errors}\n${this.console.slice(-2000)}`)
        return undefined
      },
      deadlineMs,
    )
  }

  /** SIGKILL: what the board had not yet written to its disks is lost. */
  async cutPower(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cutPower()
  }
}
