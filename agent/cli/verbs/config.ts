import { loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import { print, printJson, usage, type Verb } from '../call.ts'
import { configFile } from '../socket.ts'
import { faultLines } from '../views/fault-lines.ts'

const check = (file: string): ConfigFault | undefined => {
  try {
    loadAgentConfig(file)
    return undefined
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault
    throw fault
  }
}

/** `loa config check [FILE]`. */
export const config: Verb = (call) => {
  const [order, named, extra] = call.words
  if (order !== 'check' || extra !== undefined) throw usage(call.say.usage.configWhat)
  const file = named ?? configFile(call).file
  const fault = check(file)
  if (call.json) printJson(call, { file, valid: fault === undefined, faults: fault?.faults ?? [] })
  else
    print(
      call,
      fault === undefined ? [call.say.config.valid(file)] : faultLines(call.say, call.columns, fault),
    )
  return Promise.resolve(fault === undefined ? 0 : 2)
}
