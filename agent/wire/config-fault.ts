import { LoaError } from '../core/error.ts'

/** One fault of a configuration or board file; `path` in dots, empty for the file itself; line and column from 1. */
export type ConfigFaultEntry = {
  readonly path: string
  readonly message: string
  readonly line?: number
  readonly column?: number
}

const shown = ({ path, message }: ConfigFaultEntry): string => (path === '' ? message : `${path}: ${message}`)

/** Everything that is wrong with one file, at once; at least one fault, in the order of the file. */
export class ConfigFault extends LoaError {
  /** The file, as it was asked for. */
  readonly file: string
  readonly faults: readonly ConfigFaultEntry[]

  constructor(file: string, faults: readonly ConfigFaultEntry[], options: { cause?: unknown } = {}) {
    const path = faults[0]?.path
    super('CONFIG', `${file}: ${faults.map(shown).join('; ')}`, {
      ...options,
      ...(path === undefined ? {} : { path }),
    })
    this.file = file
    this.faults = faults
  }
}
