import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ChainReport } from '../../scripts/source-system/check.ts'
import type { Receipt } from '../../scripts/source-system/record-ledger.ts'
import { eventually } from './eventually.ts'

const PROVINCE = join(import.meta.dirname, '../../scripts/province')

/** `province records` as a process of its own that can be killed, and `province check` on what it stored. */
export class ProvinceRecords implements AsyncDisposable {
  /** Batches answered so far, and what was in them. */
  readonly received = { batches: 0, records: 0, duplicates: 0, refused: 0 }
  readonly #url: string
  readonly #db: string
  #child: ChildProcess | undefined
  #gone: Promise<void> = Promise.resolve()
  readonly #endWithUs = () => this.#child?.kill('SIGKILL')

  private constructor(url: string, db: string) {
    this.#url = url
    this.#db = db
    process.once('exit', this.#endWithUs)
  }

  /** @param db file of the ledger */
  static async start(url: string, db: string): Promise<ProvinceRecords> {
    const records = new ProvinceRecords(url, db)
    await records.restart()
    return records
  }

  /** SIGKILL, if it runs, and a new start. Resolves when it is subscribed; without a broker it is tried again. */
  async restart(): Promise<void> {
    await this.kill()
    await eventually('the record server is subscribed', () => this.#launch(), 30_000)
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#gone
  }

  /** `province check --json`. */
  check(): { readonly ok: boolean; readonly chains: readonly ChainReport[] } {
    const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
    return JSON.parse(execFileSync(PROVINCE, ['check', '--json', '--db', this.#db], options))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    process.removeListener('exit', this.#endWithUs)
  }

  /** True when it receives; undefined when it ended. */
  async #launch(): Promise<true | undefined> {
    const child = spawn(PROVINCE, ['records', '--json', '--url', this.#url, '--db', this.#db], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()))
    let rest = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#note(JSON.parse(line))
    })
    const receiving = new Promise<true>((resolve) =>
      child.stderr.on('data', (chunk: Buffer) => {
        if (String(chunk).includes('receiving from')) resolve(true)
      }),
    )
    return Promise.race([receiving, this.#gone.then(() => undefined)])
  }

  #note({ inserted, duplicates, refused }: Receipt): void {
    this.received.batches += 1
    this.received.records += inserted.length + duplicates + refused.length
    this.received.duplicates += duplicates
    this.received.refused += refused.length
  }
}
