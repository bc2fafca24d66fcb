import { type ExecFileException, execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { LoaError } from '../../core/error.ts'
import type { ModemReading } from '../../core/link/modem.ts'
import type { Modems } from '../../ports/links.ts'
import { isGone, modemPaths, readModem } from './answers.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type MmcliOptions = {
  /** Absolute; what is not there is not asked. */
  readonly program?: string
  /** Only the path and the address of the bus go on. */
  readonly environment: Environment
  /** Of each call; two or three are made for a modem. */
  readonly withinMs?: number
}

const PROGRAM = '/usr/bin/mmcli'
const WITHIN_MS = 8000
const MAX_ANSWER_BYTES = 262_144
const MOST_MODEMS = 2

/**
 * ModemManager's own client, by argument arrays: it comes with ModemManager and speaks its release of the interface, costs
 * this process no memory between two looks, and can be killed when the bus hangs.
 * @see mmcli(1)
 */
class Mmcli implements Modems {
  readonly #program: string
  readonly #environment: Environment
  readonly #withinMs: number

  constructor({ program = PROGRAM, environment, withinMs = WITHIN_MS }: MmcliOptions) {
    this.#program = program
    const { PATH, DBUS_SYSTEM_BUS_ADDRESS } = environment
    this.#environment = {
      LC_ALL: 'C',
      PATH,
      ...(DBUS_SYSTEM_BUS_ADDRESS === undefined ? {} : { DBUS_SYSTEM_BUS_ADDRESS }),
    }
    this.#withinMs = withinMs
  }

  async read(signal: AbortSignal): Promise<readonly ModemReading[] | undefined> {
    if (!existsSync(this.#program)) return undefined
    const list = await this.#ask(['-L'], signal)
    if (list === undefined) return undefined
    const readings: ModemReading[] = []
    for (const path of modemPaths(list).slice(0, MOST_MODEMS)) {
      const told = await this.#ask(['-m', path], signal)
      // It was pulled out meanwhile.
      if (told === undefined) continue
      // Not every modem tells it, and none does unless somebody asked ModemManager to measure.
      const cell = await this.#ask(['-m', path, '--signal-get'], signal).catch(() => undefined)
      readings.push(readModem(told, cell))
    }
    return readings
  }

  async restart(signal: AbortSignal): Promise<void> {
    const list = existsSync(this.#program) ? await this.#ask(['-L'], signal) : undefined
    const [path] = list === undefined ? [] : modemPaths(list)
    if (path === undefined) throw new LoaError('MODEM', 'ModemManager has no modem to start anew')
    await this.#run(['-m', path, '--reset'], signal)
  }

  /** Undefined when what was asked is not there. */
  async #ask(question: readonly string[], signal: AbortSignal): Promise<unknown> {
    const text = await this.#run(['-J', ...question], signal)
    return text === undefined ? undefined : parsed(text)
  }

  /** What it prints; undefined when what was asked is not there. */
  #run(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      execFile(
        this.#program,
        args,
        {
          env: { ...this.#environment },
          timeout: this.#withinMs,
          killSignal: 'SIGKILL',
          maxBuffer: MAX_ANSWER_BYTES,
          signal,
        },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout)
          else if (isGone(stderr)) resolve(undefined)
          else reject(this.#fault(error, stderr))
        },
      )
    })
  }

  #fault(error: ExecFileException, stderr: string): LoaError {
    const said = stderr.trim().slice(0, 200)
    const message =
      error.killed === true
        ? `ModemManager does not answer within ${this.#withinMs / 1000} s`
        : `mmcli: ${said === '' ? error.message.slice(0, 200) : said}`
    return new LoaError('MODEM', message, { cause: error })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LoaError('MODEM', 'mmcli says what is no JSON', { cause })
  }
}

/** What this machine's ModemManager tells, where there is one. */
export const createModems = (options: MmcliOptions): Modems => new Mmcli(options)
