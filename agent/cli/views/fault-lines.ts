import type { ConfigFault } from '../../wire/config-fault.ts'
import type { Messages } from '../messages/messages.ts'
import { plain, wrap } from '../text/width.ts'

/** Every fault of a file, each with its path and its place. */
export const faultLines = (say: Messages, columns: number, fault: ConfigFault): readonly string[] => [
  say.config.invalid(fault.file, fault.faults.length),
  ...fault.faults.flatMap(({ path, message, line, column }) => {
    const place = line === undefined ? '' : `${line}:${column ?? 1} `
    const words = path === '' ? message : `${path}: ${message}`
    const [first = '', ...rest] = wrap(plain(`${place}${words}`), columns - 4)
    return [`  ${first}`, ...rest.map((text) => `    ${text}`)]
  }),
]
