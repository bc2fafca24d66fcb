import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = 'socat'

/** Tests on a real pty are skipped, and say why, where the program for it is missing. */
export const noPty = spawnSync(PROGRAM, ['-V']).error !== undefined
if (noPty) process.stderr.write('SKIP tests on a pty: socat is not installed\n')

/** A serial port with a name that stays, whose cable can be pulled and put in again. What is written to it goes to `onData`. */
export class FakePort implements AsyncDisposable {
  readonly path: string
  readonly #folder: string
  readonly #onData: (bytes: Uint8Array) => void
  #socat: ChildProcess | undefined

  private constructor(folder: string, onData: (bytes: Uint8Array) => void) {
    this.#folder = folder
    this.path = join(folder, 'usb-panel')
    this.#onData = onData
  }

  static async create(onData: (bytes: Uint8Array) => void): Promise<FakePort> {
    return new FakePort(await mkdtemp(join(tmpdir(), 'loa-port-')), onData)
  }

  /** Resolves when the port can be opened. */
  async plug(): Promise<void> {
    const socat = spawn(PROGRAM, ['-d', '-d', `pty,raw,echo=0,link=${this.path}`, '-'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#socat = socat
    socat.stdout.on('data', this.#onData)
    socat.stdin.on('error', () => undefined)
    const ready = Promise.withResolvers<void>()
    socat.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('starting data transfer')) ready.resolve()
    })
    socat.once('exit', () => ready.reject(new Error('socat ended before the port was there')))
    await ready.promise
  }

  /** The device at the other end says something. */
  send(bytes: Uint8Array): void {
    const { stdin } = this.#socat ?? {}
    if (stdin?.writable === true) stdin.write(bytes)
  }

  /** Nobody takes what is written any more, and nobody says so. */
  stall(): void {
    this.#socat?.stdout?.pause()
    this.#socat?.kill('SIGSTOP')
  }

  /** What was written is taken again. */
  resume(): void {
    this.#socat?.kill('SIGCONT')
    this.#socat?.stdout?.resume()
  }

  async unplug(): Promise<void> {
    const socat = this.#socat
    this.#socat = undefined
    if (socat === undefined || socat.exitCode !== null || socat.signalCode !== null) return
    const exited = once(socat, 'exit')
    socat.kill('SIGKILL')
    await exited
    await rm(this.path, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
