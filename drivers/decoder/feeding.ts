import type { Writable } from 'node:stream'

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
