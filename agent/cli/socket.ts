import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LoaError, messageOf } from '../core/error.ts'
import { type Call, textOption } from './call.ts'
import { runtimeOf } from './runtime-of.ts'

const DEFAULT_CONFIG = '/etc/loa/agent.yaml'
export const DEFAULT_RUNTIME = '/run/loa'

/** Which configuration this call means, and whether somebody asked for that one. */
export const configFile = (call: Call): { readonly file: string; readonly asked: boolean } => {
  const asked = textOption(call, 'config') ?? call.io.env.LOA_CONFIG
  return asked === undefined || asked === ''
    ? { file: `${call.io.root}${DEFAULT_CONFIG}`, asked: false }
    : { file: asked, asked: true }
}

const textOf = (file: string, asked: boolean, call: Call): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (!asked) return undefined
    throw new LoaError('CONFIG', call.say.faults.fileUnreadable(file, messageOf(cause)), { cause })
  }
}

/**
 * Where the agent of this configuration listens. The default file may be missing, or be readable by the agent alone.
 * @throws CONFIG when a file was asked for that cannot be read, or the file is not valid
 */
export const controlSocket = async (call: Call): Promise<string> => {
  const { file, asked } = configFile(call)
  const text = textOf(file, asked, call)
  // A file that never says `runtime` has the default: the YAML reader takes longer to load than the answer takes to come.
  if (text === undefined || !text.includes('runtime')) return join(DEFAULT_RUNTIME, 'control.sock')
  const plain = runtimeOf(text)
  if (plain !== undefined) return join(plain, 'control.sock')
  const { loadAgentConfig } = await import('../adapters/config/agent-config.ts')
  return join(loadAgentConfig(file).paths.runtime, 'control.sock')
}
