import { parseArgs } from 'node:util'
import { LoaError, messageOf } from './core/error.ts'
import { nodeFault } from './core/node-version.ts'

const STOP_WITHIN_MS = 8000
const DEFAULT_CONFIG = '/etc/loa/agent.yaml'

/** The foreground agent: starts, stops on SIGTERM or SIGINT within 8 s, ends at once on a second signal. */
async function main(): Promise<number> {
  const fault = nodeFault(process.versions.node)
  if (fault !== undefined) throw new LoaError('UNSUPPORTED', fault)
  const { values } = parseArgs({ options: { config: { type: 'string' }, lang: { type: 'string' } } })
  // biome-ignore lint/style/noProcessEnv: the process edge is where the environment is read
  const configFile = values.config ?? process.env['LOA_CONFIG'] ?? DEFAULT_CONFIG
  const { startAgent } = await import('./compose.ts')
  const agent = await startAgent(configFile)
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
        resolve('asked')
      })
  })
  const ordered = agent.restartOrdered.then(() => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    return 'asked' as const
  })
  const ended = await Promise.race([asked, ordered, agent.failure])
  await agent.stop()
  if (ended === 'asked') return 0
  process.stderr.write(`loa: the agent ends because of a fault: ${messageOf(ended)}\n`)
  return 1
}

/** A sentence; for a configuration file every fault on a line of its own. */
function explain(error: unknown): string {
  if (!(error instanceof Error && 'faults' in error && Array.isArray(error.faults) && 'file' in error))
    return `loa: ${messageOf(error)}`
  const faults: readonly { readonly path: string; readonly message: string }[] = error.faults
  const lines = faults.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`)
  return [`loa: ${String(error.file)} is not valid:`, ...lines].join('\n')
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  const usage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  // What was opened before the fault would keep the process alive; playout opens the relays when its pipe breaks.
  process.exit(usage || (error instanceof LoaError && error.code === 'CONFIG') ? 2 : 1)
}
