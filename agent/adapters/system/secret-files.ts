import { X509Certificate } from 'node:crypto'
import { readFileSync, type Stats, statSync } from 'node:fs'
import type { AgentConfig } from '../../core/configuration.ts'
import { credentialPath } from '../../core/credential.ts'
import { messageOf } from '../../core/error.ts'
import { type Holders, secretFileFault } from '../../core/secret-file.ts'

/** `path`: the key of the configuration that names the file. */
export type FileFinding = { readonly path: string; readonly message: string }

type FileKey = 'mqtt.ca' | 'mqtt.cert' | 'mqtt.key' | 'mqtt.passwordFile' | 'page.tokenFile'
const SECRET: readonly FileKey[] = ['mqtt.key', 'mqtt.passwordFile', 'page.tokenFile']

/** The files that a configuration names, by their keys. */
const namedFiles = ({ mqtt, page }: AgentConfig): readonly (readonly [FileKey, string | undefined])[] => [
  ['mqtt.ca', mqtt.ca],
  ['mqtt.cert', mqtt.cert],
  ['mqtt.key', mqtt.key],
  ['mqtt.passwordFile', mqtt.passwordFile],
  ['page.tokenFile', page?.tokenFile],
]
/** Time enough for somebody to come by. */
const RENEW_BEFORE_MS = 30 * 86_400_000

/** Root, ourselves, and whoever the state folder belongs to: `loa config check` may be run by somebody else. */
const holdersOf = (stateFolder: string): Holders => {
  const own = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0]
  try {
    const { uid, gid } = statSync(stateFolder)
    return { uids: [0, own[0] ?? 0, uid], gids: [0, own[1] ?? 0, gid] }
  } catch {
    // It is made at the first start.
    return { uids: [0, own[0] ?? 0], gids: [0, own[1] ?? 0] }
  }
}

const validityFault = (file: string, now: number): string | undefined => {
  const { validTo } = new X509Certificate(readFileSync(file))
  const left = Date.parse(validTo) - now
  if (left > RENEW_BEFORE_MS) return undefined
  const when = left < 0 ? 'ended' : 'ends'
  return `${file}: the certificate ${when} on ${validTo}: have it made anew by the province's authority`
}

/**
 * What is wrong with the certificates, keys, passwords and tokens that the configuration names. Nothing of it keeps the agent
 * from starting: it plays what it holds, whatever the broker thinks of it.
 * `credentials`: `$CREDENTIALS_DIRECTORY`; where there is none, files that only systemd hands over are passed over.
 */
export const findFileFaults = (
  config: AgentConfig,
  credentials: string | undefined,
  now: number,
): readonly FileFinding[] => {
  const holders = holdersOf(config.paths.state)
  return namedFiles(config).flatMap(([path, value]) => {
    const file = value === undefined ? undefined : credentialPath(value, credentials)
    if (file === undefined) return []
    const message = faultOf(path, file, holders, now)
    return message === undefined ? [] : [{ path, message }]
  })
}

const faultOf = (key: FileKey, file: string, holders: Holders, now: number): string | undefined => {
  try {
    const facts: Stats = statSync(file)
    const open = SECRET.includes(key) ? secretFileFault(facts, holders) : undefined
    if (open !== undefined) return `${file}: ${open}`
    return key === 'mqtt.cert' ? validityFault(file, now) : undefined
  } catch (error) {
    return messageOf(error)
  }
}
