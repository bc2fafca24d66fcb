import type { Check } from './check.ts'
import { ofAgent } from './of-agent.ts'
import { ok, warn } from './told.ts'

const update = ofAgent(({ status, settings }, say) => {
  const { update: report } = status
  if (report === undefined) return [ok(say.update.none)]
  const { state, version = '?', message = '', code } = report
  if (state === 'done') return [ok(say.update.done(version))]
  if (state === 'back') return [warn(say.update.back(version, message), 'UPDATE')]
  if (state === 'idle' || state === 'cancelled') return [ok(say.update.none)]
  if (state !== 'refused' && state !== 'failed') return [ok(say.update.underWay(version, state))]
  // Of a job that is refused as a document the documents are asked.
  const isKeyless = code === 'UNKNOWN_KEY' && settings.updateKeys?.length === 0
  return [isKeyless ? warn(say.update.noKeys, code) : warn(say.update.refused(message), code ?? 'UPDATE')]
})

/** What became of the last release that was given to this device. */
export const UPDATE_CHECKS: readonly Check[] = [
  {
    group: 'versions',
    name: 'update',
    about: 'the last update went well or is under way; warn after one that was refused or gone back from',
    run: update,
  },
]
