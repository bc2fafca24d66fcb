import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

/** A bus on which everybody may do everything. */
const POLICY = `<busconfig>
  <type>custom</type>
  <listen>unix:path=SOCKET</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

export type ModemOrder = 'ok' | 'missing' | 'locked' | 'roaming' | 'gone' | 'vanish' | 'hang' | 'guarded'

/** What of this machine is lacking for a real bus and a real mmcli; undefined when nothing is. */
export const lackingForModems = (): string | undefined => {
  const needed = {
    modemmanager: '/usr/bin/mmcli',
    'dbus-daemon': '/usr/bin/dbus-daemon',
    'libsystemd-dev': '/usr/include/systemd/sd-bus.h',
  }
  const lacking = Object.entries(needed).filter(([, path]) => !existsSync(path))
  return lacking.length === 0 ? undefined : lacking.map(([name]) => name).join(', ')
}

/** A dbus-daemon of its own, with a stand-in for ModemManager on it. */
export class ModemBus implements AsyncDisposable {
  readonly #folder: string
  readonly #daemon: ChildProcess
  readonly #manager: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  private constructor(folder: string, daemon: ChildProcess, manager: ChildProcess, reader: Interface) {
    this.#folder = folder
    this.#daemon = daemon
    this.#manager = manager
    this.#reader = reader
    this.#lines = reader[Symbol.asyncIterator]()
  }

  static async open(): Promise<ModemBus> {
    const folder = mkdtempSync(join(tmpdir(), 'loa-bus-'))
    const program = join(folder, 'modem-manager')
    execFileSync('gcc', ['-O1', '-o', program, join(import.meta.dirname, 'modem-manager.c'), '-lsystemd'])
    const config = join(folder, 'bus.conf')
    writeFileSync(config, POLICY.replace('SOCKET', join(folder, 'socket')))
    const daemon = spawn(
      '/usr/bin/dbus-daemon',
      [`--config-file=${config}`, '--nofork', '--print-address=1'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    await once(daemon.stdout, 'data')
    const manager = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'], env: environmentOf(folder) })
    const bus = new ModemBus(folder, daemon, manager, createInterface(manager.stdout))
    await bus.#hear('ready')
    return bus
  }

  /** What a client needs to find the bus. */
  get environment(): Readonly<Record<string, string | undefined>> {
    return environmentOf(this.#folder)
  }

  async order(order: ModemOrder): Promise<void> {
    this.#manager.stdin?.write(`${order}\n`)
    await this.#hear('done')
  }

  /** ModemManager dies; the bus stays. */
  async killManager(): Promise<void> {
    this.#manager.kill('SIGKILL')
    await once(this.#manager, 'exit')
  }

  /** The bus goes on to take connections, and answers nothing. */
  stopBus(): void {
    this.#daemon.kill('SIGSTOP')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reader.close()
    for (const child of [this.#manager, this.#daemon]) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #hear(word: string): Promise<void> {
    const { value } = await this.#lines.next()
    if (value !== word) throw new Error(`the stand-in said ${value} instead of ${word}`)
  }
}

const environmentOf = (folder: string): Readonly<Record<string, string | undefined>> => ({
  PATH: '/usr/bin:/bin',
  DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(folder, 'socket')}`,
})
