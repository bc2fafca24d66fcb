import { packageVersion } from '../../adapters/system/project.ts'
import { atMostWords, print, printJson, type Verb } from '../call.ts'

/** `loa version`: of the software that is installed, whatever runs. */
export const version: Verb = (call) => {
  atMostWords(call, 0)
  const facts = { name: 'loa-agent', version: packageVersion(), node: process.versions.node }
  if (call.json) printJson(call, facts)
  else print(call, [`${facts.name} ${facts.version} (${call.say.version.node} ${facts.node})`])
  return Promise.resolve(0)
}
