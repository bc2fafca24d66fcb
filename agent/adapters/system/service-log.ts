import { execFile } from 'node:child_process'

const WITHIN_MS = 5000
const MOST_BYTES = 4 * 1024 * 1024
const MOST_LINES = 10_000

/** What systemd keeps of the service's log since an instant; undefined where it keeps none, or not for this account. */
export const readServiceLog = (sinceMs: number, program = 'journalctl'): Promise<string | undefined> =>
  new Promise((resolve) => {
    const since = `@${Math.floor(sinceMs / 1000)}`
    execFile(
      program,
      [
        '--unit=loa-agent',
        `--since=${since}`,
        '--output=cat',
        '--no-pager',
        '--quiet',
        `--lines=${MOST_LINES}`,
      ],
      { timeout: WITHIN_MS, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES },
      (error, output) => resolve(error === null && output !== '' ? output : undefined),
    )
  })
