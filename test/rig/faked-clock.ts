import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bench, type BenchOptions } from './bench.ts'

/** Path of libfaketime; undefined when it is not installed. */
export const libfaketime = (): string | undefined =>
  readdirSync('/usr/lib')
    .map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
    .find((library) => existsSync(library))

/** A wall clock that may be set for the processes started with `env`; the monotonic clock stays that of the machine. */
export class FakedClock implements Disposable {
  readonly env: Readonly<Record<string, string>>
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-clock-'))
  readonly #time = join(this.#folder, 'offset')
  readonly #quality = join(this.#folder, 'synchronised')
  #offsetMs = 0

  /** `offsetMs`: how far it is ahead of the true one. */
  constructor(offsetMs: number) {
    const faketime = libfaketime()
    if (faketime === undefined) throw new Error('apt-get install faketime')
    const adjtimex = join(this.#folder, 'adjtimex.so')
    execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', adjtimex, join(import.meta.dirname, 'adjtimex.c')])
    this.env = {
      LD_PRELOAD: `${faketime}:${adjtimex}`,
      FAKETIME_TIMESTAMP_FILE: this.#time,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
      ADJTIMEX_FILE: this.#quality,
    }
    this.step(offsetMs)
    this.synchronised(false)
  }

  /** What the agent takes for the time. */
  now(): number {
    return Date.now() + this.#offsetMs
  }

  step(byMs: number): void {
    this.#offsetMs += byMs
    const seconds = `${this.#offsetMs < 0 ? '-' : '+'}${Math.abs(this.#offsetMs) / 1000}`
    replace(this.#time, `${seconds}\n`)
  }

  /** To this wall time. */
  set(wallMs: number): void {
    this.step(wallMs - this.now())
  }

  /** What the kernel says of it. */
  synchronised(on: boolean): void {
    replace(this.#quality, on ? '1' : '0')
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}

/** Both are read at any moment. */
const replace = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

/** A bench whose agent and playout see a faked clock. */
export const benchAt = async (offsetMs: number, options: BenchOptions = {}) => {
  const clock = new FakedClock(offsetMs)
  const bench = await Bench.running({ ...options, env: clock.env }).catch((error: unknown) => {
    clock[Symbol.dispose]()
    throw error
  })
  return {
    bench,
    clock,
    [Symbol.asyncDispose]: async () => {
      await bench[Symbol.asyncDispose]()
      clock[Symbol.dispose]()
    },
  }
}
