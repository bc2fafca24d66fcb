import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { eventually } from '../../../test/rig/eventually.ts'

export type BoardOptions = {
  /** Arguments of qemu: the machine and everything in it. */
  readonly machine: readonly string[]
  /** File to which the machine writes what it says. */
  readonly console: string
  /** Gets the lines of qemu's own log: what its devices were told, each with the time of this machine. */
  readonly onTrace?: (line: string) => void
}

/**
 * An instruction takes 2^1 ns of the board's own time, about what a real one needs. Beside other work the board becomes
 * slower than its clocks, as every emulation does; this way it does not notice, and its watchdogs do not bite.
 */
export const OWN_TIME = ['-icount', 'shift=1,sleep=on'] as const

/** What takes an emulator long and tells nothing here is left off. */
export const KERNEL_OPTIONS =
  'quiet panic=-1 mitigations=off init_on_alloc=0 cryptomgr.notests audit=0 nokaslr'

/** What qemu puts before each line with `-msg timestamp=on`. */
const TRACE = /^\d+@\d+\.\d+:/

/** An emulated board, from power on. */
export class Board implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  readonly #console: string
  readonly #onMs = performance.now()
  #errors = ''

  constructor({ machine, console, onTrace }: BoardOptions) {
    this.#child = spawn('qemu-system-aarch64', machine, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#console = console
    if (this.#child.stderr !== null)
      createInterface({ input: this.#child.stderr }).on('line', (line) => {
        if (onTrace !== undefined && TRACE.test(line)) onTrace(line)
        else this.#errors += `${line}\n`
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
