import { statSync } from 'node:fs'
import { checkAgentConfig, loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { type Edit, editYaml } from '../../adapters/config/edit-yaml.ts'
import { replaceKeeping, textOf } from '../../adapters/identity/files.ts'
import type { AgentConfig } from '../../core/configuration.ts'
import { LoaError } from '../../core/error.ts'
import { type FormerPlace, isSamePlace, type Place } from '../../core/place.ts'
import { type Call, numberOption, printJson, usage } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { oldName } from './apply.ts'
import { askYes } from './ask.ts'
import { say } from './outcome.ts'
import { setupPaths } from './paths.ts'
import { brokenOff } from './plan.ts'

const DAY_MS = 86_400_000
const USUAL_OVERLAP_DAYS = 30
/** As many as the configuration takes. */
const MAX_FORMER_PLACES = 4

const placeOf = (call: Call, text: string): Place => {
  const [, province, commune] = /^(\d{2})\/(\d{5})$/.exec(text) ?? []
  if (province === undefined || commune === undefined) throw usage(call.say.setup.faults.moveWhat)
  return { province, commune }
}

/** The local date, which is how sv-SE writes it. */
const localDate = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)

/** Where it stood, newest last: the place it leaves, and those before whose overlap goes on. */
const formerly = (
  { device, timezone }: AgentConfig,
  to: Place,
  now: number,
  days: number,
): readonly FormerPlace[] => {
  const today = localDate(now, timezone)
  const { province, commune } = device
  const left = days === 0 ? [] : [{ province, commune, until: localDate(now + days * DAY_MS, timezone) }]
  const before = (device.formerly ?? []).filter(
    (place) => !isSamePlace(place, to) && !isSamePlace(place, device) && place.until.slice(0, 10) >= today,
  )
  return [...before, ...left].slice(-MAX_FORMER_PLACES)
}

const named = ({ province, commune }: Place): string => `${province}/${commune}`

/** `loa setup --move PROVINCE/COMMUNE`: writes the new place into agent.yaml, and the old one for the overlap. */
export const move = async (call: Call, text: string): Promise<ExitCode> => {
  const { faults, move: words, questions, done } = call.say.setup
  const to = placeOf(call, text)
  const days = numberOption(call, 'overlap', { min: 0, max: 365, whole: true }) ?? USUAL_OVERLAP_DAYS
  const { config: file } = setupPaths(call)
  const before = textOf(file)
  if (before === undefined) throw new LoaError('CONFIG', faults.notConfigured(file))
  const config = loadAgentConfig(file)
  const { device } = config
  if (isSamePlace(device, to)) throw usage(faults.samePlace)
  const places = formerly(config, to, call.io.now(), days)
  const edits: readonly Edit[] = [
    { path: ['device', 'province'], value: to.province },
    { path: ['device', 'commune'], value: to.commune },
    { path: ['device', 'formerly'], value: places.length === 0 ? undefined : places },
  ]
  const after = editYaml(before, edits)
  checkAgentConfig(file, after)
  say(call, [
    words.moved(named(device), named(to)),
    ...places.map((place) => words.overlap(named(place), place.until)),
    ...(days === 0 ? [words.noOverlap(named(device))] : []),
    words.same(device.id),
    words.topics(to.province),
    words.records,
  ])
  const dryRun = call.options['dry-run'] === true
  const old = oldName(file, call.io.now())
  if (!dryRun) {
    if (!(await askYes(call, questions.move, true))) throw brokenOff(call)
    const { mode, gid } = statSync(file)
    replaceKeeping(file, old, after, { mode: mode & 0o777, gid })
  }
  if (call.json)
    printJson(call, {
      written: !dryRun,
      device: device.id,
      ...to,
      formerly: places,
      kept: dryRun ? [] : [old],
    })
  else say(call, dryRun ? [done.nothingWritten] : [done.written(file), done.kept(old), words.restart])
  return 0
}
