import type { Arguments, OptionSpecs } from './arguments.ts'

/** What a verb may touch of the outside. */
export type Io = {
  /** One line on standard output. */
  readonly out: (line: string) => void
  /** One line on standard error: everything that is not the asked-for value. */
  readonly note: (line: string) => void
  readonly json: boolean
  readonly terminal: boolean
  /** Aborted by SIGINT and SIGTERM. */
  readonly stop: AbortSignal
  /** `-` reads standard input. */
  readonly read: (file: string) => Promise<Uint8Array>
}

export type Verb = {
  readonly name: string
  readonly summary: string
  /** The lines below the summary in `--help`. */
  readonly help: string
  readonly options: OptionSpecs
  /** Resolves with the exit code. */
  readonly run: (args: Arguments, io: Io) => Promise<number>
}

/** Resolves when the process was told to stop. */
export const untilStopped = ({ stop }: Io): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })
