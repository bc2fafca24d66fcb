import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { remove, textOf } from '../../adapters/identity/files.ts'
import { LoaError } from '../../core/error.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import { type Call, printJson } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { digestOf, readJournal, setupSteps } from './apply.ts'
import {
  type BootFile,
  type BootPlaces,
  bootPlaces,
  explainBeside,
  finishWiping,
  type Reason,
  readBootFile,
  reasonOf,
  scrub,
} from './boot-file.ts'
import { say, tellOutcome } from './outcome.ts'
import { type SetupPaths, setupPaths } from './paths.ts'
import { planSetup } from './plan.ts'

/** The id that stands in the configuration that is there, if it can be read. */
export const configuredId = ({ config }: SetupPaths): string | undefined => {
  try {
    return existsSync(config) ? loadAgentConfig(config).device.id : undefined
  } catch (fault) {
    if (fault instanceof ConfigFault) return undefined
    throw fault
  }
}

/** A configuration that somebody else made. */
class AlreadyThere extends LoaError {
  readonly file: string

  constructor(file: string, message: string) {
    super('CONFIG', message)
    this.file = file
  }
}

const reasonFor = (error: unknown): Reason =>
  error instanceof AlreadyThere ? (say) => [say.setup.faults.exists(error.file)] : reasonOf(error)

const obey = (call: Call, paths: SetupPaths, places: BootPlaces, boot: BootFile): void => {
  const dryRun = call.options['dry-run'] === true
  const answers = digestOf(boot.text)
  const journal = readJournal(paths)
  const resumes = journal?.answers === answers
  if (existsSync(paths.config) && !resumes && call.options.force !== true)
    throw new AlreadyThere(paths.config, call.say.setup.faults.exists(paths.config))
  const plan = planSetup(call, paths, boot.answers, resumes ? journal.id : undefined)
  const again = resumes || configuredId(paths) === plan.id
  const { steps, kept } = setupSteps(call, paths, plan, { answers, again })
  if (!dryRun) {
    finishWiping(places)
    for (const { run } of steps) run()
    const asked = plan.certificate && boot.answers.mqtt.cert === undefined
    scrub(call, places, boot, { id: plan.id, request: asked ? textOf(paths.request) : undefined })
    remove(paths.journal)
  }
  tellOutcome(call, paths, plan, { dryRun, kept, ...(dryRun ? {} : { scrubbed: places.done }) })
}

/** Nothing is to be done: it was obeyed before, perhaps by a run that was cut off at its last step. */
const doneBefore = (call: Call, paths: SetupPaths, places: BootPlaces): ExitCode => {
  if (call.options['dry-run'] !== true) {
    finishWiping(places)
    remove(paths.journal)
  }
  if (call.json) printJson(call, { written: false, left: places.done })
  else say(call, [call.say.setup.done.already(places.done)])
  return 0
}

/** `loa setup --from FILE`: no question is asked; what is wrong is written beside the file as well. */
export const setupFromFile = async (call: Call, named: string): Promise<ExitCode> => {
  const paths = setupPaths(call)
  const places = bootPlaces(resolve(named))
  if (!existsSync(places.file) && (existsSync(places.done) || existsSync(places.wiping)))
    return doneBefore(call, paths, places)
  try {
    obey(call, paths, places, readBootFile(call, places.file))
    return 0
  } catch (error) {
    if (call.options['dry-run'] !== true && existsSync(places.file))
      await explainBeside(call, places, reasonFor(error))
    throw error
  }
}
