import type { Call } from '../call.ts'
import { printJson } from '../call.ts'
import { tell } from '../selftest/ask.ts'
import { plain, wrap } from '../text/width.ts'
import type { SetupPaths } from './paths.ts'
import type { SetupPlan } from './plan.ts'

export type Outcome = {
  readonly dryRun: boolean
  readonly kept: readonly string[]
  /** What is left of the file with the answers. */
  readonly scrubbed?: string
}

/** Where a line begins says to what it belongs; what has to be wrapped stands below it. */
const laidOut = (line: string, columns: number): readonly string[] => {
  const text = plain(line)
  const margin = text.slice(0, text.length - text.trimStart().length)
  return wrap(text.trimStart(), columns - margin.length).map((part) => `${margin}${part}`)
}

export const say = (call: Call, lines: readonly string[]): void =>
  tell(
    call,
    lines
      .flatMap((line) => laidOut(line, call.columns))
      .map((line) => `${line}\n`)
      .join(''),
  )

const filesOf = (paths: SetupPaths, plan: SetupPlan): readonly string[] => {
  const { mqtt, enrolment } = plan.answers
  const certificate = plan.certificate
    ? [paths.key, mqtt.cert === undefined ? paths.request : paths.cert]
    : []
  return [
    paths.config,
    ...(plan.boardYaml === undefined ? [] : [paths.board]),
    ...(mqtt.ca === undefined ? [] : [paths.ca]),
    ...(mqtt.password === undefined ? [] : [paths.password]),
    ...certificate,
    ...(enrolment === undefined || mqtt.cert !== undefined ? [] : [paths.enrolment]),
  ]
}

/** How the device comes by its certificate. */
const certificateOf = ({ certificate, answers }: SetupPlan): 'none' | 'given' | 'code' | 'request' => {
  if (!certificate) return 'none'
  if (answers.mqtt.cert !== undefined) return 'given'
  return answers.enrolment === undefined ? 'request' : 'code'
}

const nextLines = (call: Call, paths: SetupPaths, plan: SetupPlan): readonly string[] => {
  const { done } = call.say.setup
  const how = certificateOf(plan)
  const certificate =
    how === 'request'
      ? [done.request(paths.request), done.certificateTo(paths.cert)]
      : how === 'code'
        ? [done.enrolNext]
        : []
  return [...certificate, done.start, done.selftest].map((line) => `- ${line}`)
}

/** Says what was done, or would be, and what comes next. */
export const tellOutcome = (call: Call, paths: SetupPaths, plan: SetupPlan, outcome: Outcome): void => {
  const { done } = call.say.setup
  const { dryRun, kept, scrubbed } = outcome
  const files = filesOf(paths, plan)
  if (call.json) {
    const { id, board } = plan
    const left = scrubbed === undefined ? {} : { left: scrubbed }
    printJson(call, {
      written: !dryRun,
      device: id,
      board,
      files,
      kept,
      certificate: certificateOf(plan),
      ...left,
    })
    return
  }
  say(call, [
    ...files.map(dryRun ? done.wouldWrite : done.written),
    ...(dryRun ? [] : kept.map(done.kept)),
    ...(scrubbed === undefined ? [] : [done.scrubbed(scrubbed)]),
    dryRun ? done.nothingWritten : done.device(plan.id),
    ...(dryRun ? [] : [done.next, ...nextLines(call, paths, plan)]),
  ])
}
