import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatusReport } from '../../agent/core/status.ts'
import { type AgentPaths, type AgentSettings, pathsIn, writeAgentFiles } from './agent-files.ts'
import { ask } from './ask.ts'
import { eventually } from './eventually.ts'
import { buildVirtualDac, type DacEvent, readDacLog, type VirtualDac } from './virtual-dac.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LOA = join(ROOT, 'scripts/loa')
const READY_MS = 20_000
const DROPOUT_MS = 300

export type AgentOptions = AgentSettings & {
  readonly env?: Readonly<Record<string, string>>
  /** The loa script to start; that of this checkout when absent. */
  readonly program?: string
  /** How long a start may take; 20 s when absent. */
  readonly readyMs?: number
}

export type Heard = { readonly on: number; readonly off?: number }
export type RelayChange = { readonly at: string; readonly id: string; readonly on: boolean }
export type SignChange = {
  readonly at: string
  readonly id: string
  readonly png: string
  readonly text: string
}
export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }
export type LoaResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

let sharedDac: VirtualDac | undefined
const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL')
  sharedDac?.[Symbol.dispose]()
})

/** The plugin is compiled once for all agents of a test file; each agent has its own log. */
const dacLibrary = (): VirtualDac => {
  if (sharedDac !== undefined) return sharedDac
  sharedDac = buildVirtualDac()
  return sharedDac
}

const linesOf = <T>(file: string): readonly T[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : []

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** One receiver: a folder that outlives the processes started in it, and the built agent as a child process. */
export class Agent implements AsyncDisposable {
  readonly paths: AgentPaths
  readonly #env: NodeJS.ProcessEnv
  readonly #program: string
  readonly #readyMs: number
  #child: ChildProcess | undefined
  #exited: Promise<Ended> | undefined
  #output = ''
  readonly #orphans = new Set<number>()

  constructor(options: AgentOptions = {}) {
    if (!existsSync(join(ROOT, 'dist/agent/main.js'))) throw new Error('not built: run scripts/setup')
    this.paths = pathsIn(mkdtempSync(join(tmpdir(), 'loa-e2e-')))
    this.configure(options)
    this.#program = options.program ?? LOA
    this.#readyMs = options.readyMs ?? READY_MS
    this.#env = {
      // biome-ignore lint/style/noProcessEnv: the agent is given the environment of the test, and the rig's
      ...process.env,
      ...dacLibrary().env,
      VDAC_LOG: this.paths.dacLog,
      ...options.env,
    }
  }

  /** Writes agent.yaml and the board file anew, from the bench's own. */
  configure(settings: AgentSettings): void {
    writeAgentFiles(this.paths, settings)
  }

  /** Starts the agent and resolves when its control socket answers. */
  async start(): Promise<void> {
    this.launch()
    await this.waitReady()
  }

  /** Starts the agent without waiting for anything. */
  launch(): void {
    const child = spawn(this.#program, ['run', '--config', this.paths.config], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const note = (chunk: Buffer): void => {
      this.#output += chunk.toString('utf8')
    }
    child.stdout?.on('data', note)
    child.stderr?.on('data', note)
    living.add(child)
    this.#child = child
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        living.delete(child)
        resolve({ code, signal })
      })
    })
  }

  async waitReady(): Promise<void> {
    const child = this.#child
    await eventually(
      'the agent is ready',
      () => {
        if (child === undefined || isGone(child)) throw new Error(`the agent ended:\n${this.#output}`)
        return this.status().catch(() => undefined)
      },
      this.#readyMs,
    )
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('the agent was not started')
    return pid
  }

  /** How the process that was started last ended. */
  get exited(): Promise<Ended> {
    return this.#exited ?? Promise.reject(new Error('the agent was not started'))
  }

  /** Everything it printed, all starts together. */
  get output(): string {
    return this.#output
  }

  /** Until it has printed this; what it printed last may come after its end. */
  async says(what: string | RegExp): Promise<void> {
    const said = (): boolean =>
      typeof what === 'string' ? this.#output.includes(what) : what.test(this.#output)
    await eventually(`the agent says ${what}`, said)
  }

  /** Ids of the agent's own children, by what is in their command line. */
  childrenWith(word: string): readonly number[] {
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8')
    return children
      .split(' ')
      .map(Number)
      .filter((pid) => pid > 0 && commandLine(pid).includes(word))
  }

  /** The playout process. */
  playout(): Promise<number> {
    return eventually('there is a playout process', () => this.childrenWith('playout/main')[0])
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** SIGTERM, and how it ended. */
  stop(): Promise<Ended> {
    this.kill('SIGTERM')
    return this.exited
  }

  /** SIGKILL. Its children are on their own then. */
  async crash(): Promise<void> {
    for (const pid of this.childrenWith('')) this.#orphans.add(pid)
    this.kill('SIGKILL')
    await this.exited
  }

  /** Resolves when no child of a crashed agent is left; ends those that stay, and throws. */
  async #bury(): Promise<void> {
    const left = (): readonly number[] => [...this.#orphans].filter((pid) => commandLine(pid) !== '')
    try {
      await eventually('the children of the agent are gone', () => left().length === 0 || undefined, 5000)
    } finally {
      for (const pid of left()) process.kill(pid, 'SIGKILL')
    }
  }

  status(): Promise<StatusReport> {
    return ask<StatusReport>(this.paths.socket, 'status')
  }

  /** The `loa` command with this agent's configuration. */
  loa(...args: readonly string[]): Promise<LoaResult> {
    return this.loaIn({}, ...args)
  }

  /** The same in another environment than the agent's, such as one with another clock. */
  loaIn(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<LoaResult> {
    return new Promise((resolve) => {
      const child = execFile(
        LOA,
        ['--config', this.paths.config, ...args],
        { env: { ...this.#env, ...env } },
        (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      )
    })
  }

  relay(): readonly RelayChange[] {
    return linesOf(this.paths.relayTrace)
  }

  sign(): readonly SignChange[] {
    return linesOf(this.paths.signTrace)
  }

  dac(ev?: DacEvent['ev']): readonly DacEvent[] {
    return readDacLog(this.paths.dacLog, ev)
  }

  /** What was heard so far, in milliseconds of wall time; a short dropout on a busy machine makes no second sound. */
  get sounds(): readonly Heard[] {
    const sounds: Heard[] = []
    for (const { ev, t } of this.dac()) {
      const last = sounds.at(-1)
      const ends = ev === 'off' || ((ev === 'stop' || ev === 'xrun') && last?.off === undefined)
      if (ends && last !== undefined) sounds[sounds.length - 1] = { on: last.on, off: t * 1000 }
      if (ev !== 'on' || (last?.off !== undefined && t * 1000 - last.off < DROPOUT_MS)) continue
      sounds.push({ on: t * 1000 })
    }
    return sounds
  }

  /** The `index`th time that sound began, or ended, in milliseconds of wall time. */
  heard(what: 'on' | 'off', index = 0, deadlineMs = 20_000): Promise<number> {
    return eventually(`sound ${what} #${index}`, () => this.sounds[index]?.[what], deadlineMs)
  }

  /** The `index`th time that the relay closed, or opened, in milliseconds of wall time. */
  async relayed(on: boolean, index = 0, deadlineMs = 20_000): Promise<number> {
    const change = await eventually(
      `relay ${on ? 'on' : 'off'} #${index}`,
      () => this.relay().filter((entry) => entry.on === on)[index],
      deadlineMs,
    )
    return Date.parse(change.at)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== undefined && !isGone(this.#child)) await this.crash()
    await this.#bury()
    rmSync(this.paths.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
