import { loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { withPairInForce } from '../../adapters/identity/in-force.ts'
import { type FileFinding, findFileFaults } from '../../adapters/system/secret-files.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import { print, printJson, usage, type Verb } from '../call.ts'
import { configFile } from '../socket.ts'
import { faultLines, warningLines } from '../views/fault-lines.ts'

type Checked = { readonly fault?: ConfigFault; readonly warnings: readonly FileFinding[] }

const check = (file: string): Checked => {
  try {
    const config = withPairInForce(loadAgentConfig(file), undefined)
    return { warnings: findFileFaults(config, undefined, Date.now()) }
  } catch (fault) {
    if (fault instanceof ConfigFault) return { fault, warnings: [] }
    throw fault
  }
}

/** `loa config check [FILE]`. */
export const config: Verb = (call) => {
  const [order, named, extra] = call.words
  if (order !== 'check' || extra !== undefined) throw usage(call.say.usage.configWhat)
  const file = named ?? configFile(call).file
  const { fault, warnings } = check(file)
  if (call.json) printJson(call, { file, valid: fault === undefined, faults: fault?.faults ?? [], warnings })
  else
    print(
      call,
      fault === undefined
        ? [call.say.config.valid(file), ...warningLines(call.say, call.columns, warnings)]
        : faultLines(call.say, call.columns, fault),
    )
  return Promise.resolve(fault === undefined ? 0 : 2)
}
