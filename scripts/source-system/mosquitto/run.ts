import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { LoaError } from '../../../agent/core/error.ts'

/** Debian puts it into a folder that is not on the path of an ordinary user. */
const PROGRAM = existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto'

/** Runs mosquitto until `stop`; its log goes to our standard error. @throws LoaError BROKER when it ends by itself */
export const runMosquitto = async (configFile: string, stop: AbortSignal): Promise<void> => {
  const child = spawn(PROGRAM, ['-c', configFile], { stdio: ['ignore', 'inherit', 'inherit'] })
  const end = (): void => void child.kill('SIGTERM')
  stop.addEventListener('abort', end, { once: true })
  const [code] = await once(child, 'exit').catch((cause: unknown) => {
    throw new LoaError('BROKER', 'mosquitto is not installed: apt-get install mosquitto', { cause })
  })
  if (!stop.aborted) throw new LoaError('BROKER', `mosquitto ended by itself with code ${code}`)
}
