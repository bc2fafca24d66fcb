import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const FRESH = join(ROOT, 'test/rig/fresh.sh')
const BOOT = join(ROOT, 'test/rig/fresh-boot.sh')
const MAKE_MS = 1_800_000
const BOOT_MS = 90_000
/** Of the user that `fresh.sh` makes. */
const USER_ID = 1000

export type Typed = { readonly code: number | null; readonly printed: string }

/** A fresh Debian that systemd has booted, with the network of this machine and somebody at it who may use sudo. */
export class FreshMachine implements Disposable {
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  /** Makes a root of that release and boots it. @throws when none can be made, as without a mirror */
  static start(release: string): FreshMachine {
    const said = execFileSync(FRESH, [ROOT, 'true'], {
      encoding: 'utf8',
      timeout: MAKE_MS,
      // biome-ignore lint/style/noProcessEnv: how this machine reaches the archive is said there
      env: { ...process.env, DIST: release, LIMIT: '60', SYSTEMD: '1', KEEP: '1' },
    })
    const root = /^fresh: root kept: (.+)$/m.exec(said)?.[1]
    if (root === undefined) throw new Error(`no root of ${release}: ${said}`)
    const machine = new FreshMachine(root)
    machine.boot()
    return machine
  }

  boot(): void {
    this.#act(['start'], BOOT_MS)
  }

  shutDown(): void {
    this.#act(['stop'], BOOT_MS)
  }

  /** Puts a file into the folder in which the user logs in. */
  give(file: string): void {
    const there = join(this.#root, 'home/user', basename(file))
    copyFileSync(file, there)
    chownSync(there, USER_ID, USER_ID)
  }

  /** Does something to the card as the computer at which it was prepared would. */
  card(change: (root: string) => void): void {
    change(this.#root)
  }

  /** What root says there, as of a look from outside. @throws when it fails */
  look(code: string, limitSeconds = 60): string {
    return execFileSync(BOOT, [this.#root, 'exec', code], {
      encoding: 'utf8',
      timeout: limitSeconds * 1000 + 10_000,
      // biome-ignore lint/style/noProcessEnv: as above
      env: { ...process.env, LIMIT: String(limitSeconds) },
    }).trim()
  }

  /** Types a block of shell in a new login, as bash reads it line by line, and answers what it asks, a line a question. */
  type(code: string, language: string, limitSeconds: number, answers: readonly string[] = []): Typed {
    const at = (name: string): string => join(this.#root, 'home/user', name)
    writeFileSync(at('.typed'), `export LANG=${language}\n${code}`)
    writeFileSync(at('.answers'), answers.map((line) => `${line}\n`).join(''))
    const done = spawnSync(
      BOOT,
      [this.#root, 'exec', "runuser --login user --command 'bash -e .typed <.answers 2>&1'"],
      {
        encoding: 'utf8',
        timeout: limitSeconds * 1000 + 10_000,
        // biome-ignore lint/style/noProcessEnv: as above
        env: { ...process.env, LIMIT: String(limitSeconds) },
      },
    )
    return { code: done.status, printed: `${done.stdout}${done.stderr}` }
  }

  [Symbol.dispose](): void {
    spawnSync(BOOT, [this.#root, 'stop'], { timeout: BOOT_MS })
    for (const folder of [this.#root, `${this.#root}.boot`])
      spawnSync('rm', ['-rf', '--one-file-system', folder])
    rmSync(`${this.#root}.boot`, { recursive: true, force: true })
  }

  #act(words: readonly string[], timeout: number): void {
    execFileSync(BOOT, [this.#root, ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout,
      // biome-ignore lint/style/noProcessEnv: as above
      env: { ...process.env, NET: 'host' },
    })
  }
}
