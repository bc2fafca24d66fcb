import { execFile } from 'node:child_process'
import { LoaError } from '../../core/error.ts'
import type { HubPower } from '../../ports/adapters.ts'

/** On top of the time without power: a hub may take long to answer. */
const PATIENCE_MS = 15_000
const MAX_OUTPUT_BYTES = 65_536

const run = (program: string, args: readonly string[], timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES },
      (error, _output, complaint) => {
        if (error === null) resolve()
        else if (error.code === 'ENOENT')
          reject(new LoaError('UNSUPPORTED', `${program} is not installed: apt install uhubctl`))
        else reject(new LoaError('IO', failureOf(program, timeoutMs, error, complaint), { cause: error }))
      },
    )
  })

const failureOf = (
  program: string,
  timeoutMs: number,
  { killed, message }: { readonly killed?: boolean | undefined; readonly message: string },
  complaint: string,
): string => {
  if (killed === true) return `${program} was not done after ${timeoutMs} ms`
  return `${program}: ${complaint.trim().split('\n')[0] || message}`.slice(0, 200)
}

/**
 * Switches sockets by uhubctl, without a shell.
 * @see https://github.com/mvp/uhubctl
 */
export const createHubPower = (program = 'uhubctl', patienceMs = PATIENCE_MS): HubPower => {
  const cycle: HubPower['cycle'] = async (hub, port, offSeconds) => {
    const socket = ['-l', hub, '-p', String(port)]
    try {
      await run(program, [...socket, '-a', 'cycle', '-d', String(offSeconds)], offSeconds * 1000 + patienceMs)
    } catch (fault) {
      // One that was ended half-way has left the socket without power.
      if (fault instanceof LoaError && fault.code === 'IO')
        await run(program, [...socket, '-a', 'on'], patienceMs).catch(() => undefined)
      throw fault
    }
  }
  return { cycle }
}
