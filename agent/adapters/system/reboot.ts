import { execFile } from 'node:child_process'
import { LoaError } from '../../core/error.ts'

/** A service that systemd supervises has this in its environment; an agent started by hand reboots nobody's desk. */
type Environment = { readonly NOTIFY_SOCKET?: string | undefined }

const WITHIN_MS = 10_000

/**
 * Asks systemd to reboot the machine; SIGTERM follows. Whether the account of the agent may is for polkit to say.
 * @throws UNSUPPORTED with what is in the way
 */
export const createReboot =
  (environment: Environment, program = 'systemctl') =>
  (): Promise<void> =>
    new Promise((resolve, reject) => {
      if ((environment.NOTIFY_SOCKET ?? '') === '') {
        reject(
          new LoaError(
            'UNSUPPORTED',
            'the agent is not a service of systemd here: it does not reboot this machine',
          ),
        )
        return
      }
      execFile(program, ['--no-ask-password', 'reboot'], { timeout: WITHIN_MS }, (error, _stdout, stderr) => {
        if (error === null) resolve()
        else
          reject(
            new LoaError(
              'UNSUPPORTED',
              `systemd does not reboot for this account: ${stderr.trim().slice(0, 200)}`,
              {
                cause: error,
              },
            ),
          )
      })
    })
