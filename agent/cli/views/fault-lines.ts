import type { ConfigFault } from '../../wire/config-fault.ts'
import type { Messages } from '../messages/messages.ts'
import { plain, wrap } from '../text/width.ts'

type Told = {
  readonly path: string
  readonly message: string
  readonly line?: number
  readonly column?: number
}

const lineOf = (columns: number, { path, message, line, column }: Told): readonly string[] => {
  const place = line === undefined ? '' : `${line}:${column ?? 1} `
  const words = path === '' ? message : `${path}: ${message}`
  const [first = '', ...rest] = wrap(plain(`${place}${words}`), columns - 4)
  return [`  ${first}`, ...rest.map((text) => `    ${text}`)]
}

/** What is not a fault of the file, but of what it names. */
export const warningLines = (say: Messages, columns: number, warnings: readonly Told[]): readonly string[] =>
  warnings.length === 0
    ? []
    : [say.config.warnings(warnings.length), ...warnings.flatMap((warning) => lineOf(columns, warning))]

/** Every fault of a file, each with its path and its place. */
export const faultLines = (say: Messages, columns: number, fault: ConfigFault): readonly string[] => [
  say.config.invalid(fault.file, fault.faults.length),
  ...fault.faults.flatMap((each) => lineOf(columns, each)),
]
