import { atMostWords, type Call, textOption, usage, type Verb } from '../call.ts'
import { needRoot } from '../setup/paths.ts'
import type { OptionName } from '../syntax.ts'

const WAYS: readonly OptionName[] = ['from', 'enrol', 'move']

const way = (call: Call): OptionName | undefined => {
  const asked = WAYS.filter((name) => call.options[name] !== undefined)
  if (asked.length > 1) throw usage(call.say.setup.faults.what)
  if (call.options.overlap !== undefined && asked[0] !== 'move') throw usage(call.say.setup.faults.moveWhat)
  return asked[0]
}

/** `loa setup`: a dialogue, or answers from a file; `--enrol`: the certificate; `--move`: another place. */
export const setup: Verb = async (call) => {
  atMostWords(call, 0)
  const asked = way(call)
  needRoot(call)
  if (asked === 'from')
    return (await import('../setup/from-file.ts')).setupFromFile(call, textOption(call, 'from') ?? '')
  if (asked === 'enrol') return (await import('../setup/enrol.ts')).enrol(call)
  if (asked === 'move') return (await import('../setup/move.ts')).move(call, textOption(call, 'move') ?? '')
  return (await import('../setup/dialogue.ts')).dialogue(call)
}
