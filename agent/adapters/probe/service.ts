import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { ServiceFacts } from '../../core/doctor/outside.ts'

const UNIT = 'loa-agent.service'
const WITHIN_MS = 2000
const MAX_BYTES = 262_144

/** `NAME=VALUE`, one a line. */
const propertiesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()]]
    }),
  )

const ask = (
  program: string,
  args: readonly string[],
): Promise<Readonly<Record<string, string>> | undefined> =>
  new Promise((resolve) => {
    const options = { timeout: WITHIN_MS, killSignal: 'SIGKILL', maxBuffer: MAX_BYTES } as const
    execFile(program, args, options, (error, stdout) =>
      resolve(error === null ? propertiesOf(stdout) : undefined),
    )
  })

/** What systemd says; nothing where it does not run the machine. `root` stands for `/`. */
export const askService = async (properties: readonly string[], root = ''): Promise<ServiceFacts> => {
  if (!existsSync(`${root}/run/systemd/system`)) return {}
  const [unit, time] = await Promise.all([
    ask('systemctl', ['show', UNIT, `--property=${properties.join(',')}`]),
    ask('timedatectl', ['show', '--property=NTP,NTPSynchronized']),
  ])
  return { ...(unit === undefined ? {} : { unit }), ...(time === undefined ? {} : { time }) }
}
