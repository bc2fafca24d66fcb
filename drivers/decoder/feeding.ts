import { setPriority } from 'node:os'
import type { Writable } from 'node:stream'
import type { DecoderChild } from './child.ts'

const LOWEST_PRIORITY = 19

export const lowerPriority = (child: DecoderChild): void => {
  try {
    setPriority(child.pid, LOWEST_PRIORITY)
  } catch (thrown) {
    // Gone already: its exit tells why.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SYSTEM_ERROR')) throw thrown
  }
}

/** False when the decoder wants no more. */
export const written = (stdin: Writable, bytes: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    stdin.write(bytes, (error) => resolve(error === null || error === undefined))
  })

/** What a decoder complained of, short and without anything that could steer a terminal. */
export const lastLines = (log: string, otherwise: string): string =>
  log
    .split('\n')
    .filter((line) => /error|invalid|fail|not |could/i.test(line))
    .slice(-2)
    .join('; ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 200) || otherwise
