import { dirname, join, resolve } from 'node:path'
import { groupId, type Rights } from '../../adapters/identity/files.ts'
import { LoaError } from '../../core/error.ts'
import type { Call } from '../call.ts'
import { configFile } from '../socket.ts'

/** Where setup writes: agent.yaml, and what belongs to it in the same folder. */
export type SetupPaths = {
  readonly config: string
  readonly folder: string
  readonly tls: string
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly request: string
  readonly password: string
  /** A board file of this device alone. */
  readonly board: string
  /** What a certificate is asked for with; there as long as it is wanted. */
  readonly enrolment: string
  /** What was begun, as long as it is not done. */
  readonly journal: string
}

export const setupPaths = (call: Call): SetupPaths => {
  const config = resolve(configFile(call).file)
  const folder = dirname(config)
  const tls = join(folder, 'tls')
  return {
    config,
    folder,
    tls,
    ca: join(tls, 'ca.pem'),
    cert: join(tls, 'device.pem'),
    key: join(tls, 'device.key'),
    request: join(tls, 'device.csr'),
    password: join(tls, 'mqtt-password'),
    board: join(folder, 'board.yaml'),
    enrolment: join(folder, 'enrolment.json'),
    journal: join(folder, 'setup.json'),
  }
}

/** What the agent reads: root:loa. */
export const agentMayRead = ({ io }: Call): Rights => ({ mode: 0o640, gid: groupId(io.root, 'loa') })
/** What it has no business with. */
export const ROOT_ALONE: Rights = { mode: 0o600 }

/** @throws USAGE in words, before anything is asked: the usual folder belongs to root */
export const needRoot = (call: Call): void => {
  const usual = !configFile(call).asked && call.io.root === ''
  if (usual && call.options['dry-run'] !== true && process.geteuid?.() !== 0)
    throw new LoaError('USAGE', call.say.setup.faults.root)
}
