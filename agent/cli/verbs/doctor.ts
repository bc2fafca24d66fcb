import { join } from 'node:path'
import { askAgent } from '../../adapters/control/client.ts'
import { CHECK_GROUPS, type CheckGroup, type Finding, isCheckGroup } from '../../core/doctor/check.ts'
import { diagnose } from '../../core/doctor/diagnose.ts'
import type { AgentFacts, DoctorFacts } from '../../core/doctor/facts.ts'
import { fail, ok, type Told } from '../../core/doctor/told.ts'
import { LoaError } from '../../core/error.ts'
import { atMostWords, type Call, print, printJson, textOption, usage, type Verb } from '../call.ts'
import { gatherLocal, type LocalFacts } from '../doctor-facts.ts'
import { lookAfterwards, lookAround, lookAtMachine } from '../doctor-looks.ts'
import type { ExitCode } from '../io.ts'
import { checkLines } from '../views/check-lines.ts'

type Asked = { readonly agent?: AgentFacts; readonly fault?: LoaError }

/** With the start of Node an agent that is stopped is told in three seconds. */
const ANSWER_WITHIN_MS = 1800

const ask = async (runtime: string | undefined): Promise<Asked> => {
  if (runtime === undefined) return {}
  try {
    const within = { withinMs: ANSWER_WITHIN_MS }
    return { agent: await askAgent(join(runtime, 'control.sock'), 'doctor', {}, within) }
  } catch (fault) {
    if (fault instanceof LoaError) return { fault }
    throw fault
  }
}

/** Why the agent did not say how it is, with what to do. */
const silence = ({ say }: Call, { code, message, path = '' }: LoaError): Told => {
  const next = say.next[code]
  const words = {
    NOT_RUNNING: say.faults.notRunning(path),
    NOT_ANSWERING: say.faults.notAnswering(path),
    NO_ACCESS: say.faults.noAccess(path),
  } as const
  const what = Object.entries(words).find(([each]) => each === code)?.[1]
  return what === undefined || next === undefined
    ? fail(say.doctor.agent.noAnswer(message))
    : fail([what, next])
}

const agentTold = (call: Call, { agent, fault }: Asked): readonly Told[] => {
  if (agent !== undefined) return [ok(call.say.doctor.agent.answers)]
  return fault === undefined ? [] : [silence(call, fault)]
}

/** What the agent says goes before what the command saw: it may read more, and it is what is in force. */
const withAgent = (local: DoctorFacts, agent: AgentFacts | undefined): DoctorFacts =>
  agent === undefined
    ? local
    : { ...local, settings: agent.settings, files: agent.files, diskMb: agent.diskMb, agent }

const EVERYTHING: ReadonlySet<CheckGroup> = new Set(CHECK_GROUPS)

/** @throws USAGE for a group that there is not */
const groupsOf = (call: Call): ReadonlySet<CheckGroup> => {
  const text = textOption(call, 'only')
  if (text === undefined) return EVERYTHING
  return new Set(
    text.split(',').map((word) => {
      const name = word.trim()
      if (!isCheckGroup(name)) throw usage(call.say.doctor.noGroup(name, CHECK_GROUPS.join(', ')))
      return name
    }),
  )
}

const exitCode = (findings: readonly Finding[], invalid: boolean, fault: LoaError | undefined): ExitCode => {
  if (invalid) return 2
  if (fault?.code === 'NOT_RUNNING' || fault?.code === 'NOT_ANSWERING') return 3
  return findings.some(({ level }) => level === 'FAIL') ? 1 : 0
}

/** Everything that is known, gathered at the same time: whatever hangs, hangs beside the rest. */
const gather = async (
  call: Call,
  local: LocalFacts,
  only: ReadonlySet<CheckGroup>,
): Promise<{ readonly facts: DoctorFacts; readonly asked: Asked }> => {
  const { timeServers, state } = local
  const around = (settings: DoctorFacts['settings']) => lookAround(call, settings, { only, timeServers })
  const asking = ask(local.runtime)
  const [asked, machine, seen, after] = await Promise.all([
    asking,
    lookAtMachine(call),
    // Where only the agent may read its configuration, only it can say where to look.
    around(local.facts.settings ?? (await asking).agent?.settings),
    asking.then(({ agent, fault }) =>
      lookAfterwards(call, {
        // Somebody waits for the word that the agent hangs: that is not put off by reading a slow card.
        state: only.has('storage') && fault?.code !== 'NOT_ANSWERING' ? state : undefined,
        pid: agent?.pid,
        inUse: agent !== undefined,
      }),
    ),
  ])
  const facts = { ...withAgent(local.facts, asked.agent), ...machine, ...seen, ...after }
  return { facts: { ...facts, seen: { ...facts.seen, agent: agentTold(call, asked) } }, asked }
}

/** An agent that does not answer and a configuration that is not valid explain the exit code. */
const isShown = ({ group, check, level }: Finding, only: ReadonlySet<CheckGroup>): boolean =>
  only.has(group) || (level === 'FAIL' && ['agent', 'configuration', 'board'].includes(check))

const count = (findings: readonly Finding[], wanted: Finding['level']): number =>
  findings.filter(({ level }) => level === wanted).length

export type Examination = {
  readonly checks: readonly Finding[]
  readonly code: ExitCode
  readonly facts: DoctorFacts
  /** Where the agent listens if it runs. */
  readonly runtime: string | undefined
  /** Why it did not answer. */
  readonly fault: LoaError | undefined
}

/** All that is wrong, as far as this call can see. */
export const examine = async (call: Call, only = EVERYTHING): Promise<Examination> => {
  const local = await gatherLocal(call)
  const { facts, asked } = await gather(call, local, only)
  const checks = diagnose(facts, call.say.doctor).filter((each) => isShown(each, only))
  const { fault } = asked
  return { checks, code: exitCode(checks, local.invalid, fault), facts, runtime: local.runtime, fault }
}

export const doctorReport = ({ checks, facts: { settings, at } }: Examination) => ({
  ok: count(checks, 'FAIL') === 0,
  ...(settings === undefined ? {} : { device: settings.device, area: settings.area }),
  at,
  counts: { ok: count(checks, 'ok'), warn: count(checks, 'warn'), fail: count(checks, 'FAIL') },
  checks,
})

/** `loa doctor [--only GROUP[,GROUP]]`. */
export const doctor: Verb = async (call) => {
  atMostWords(call, 0)
  const examination = await examine(call, groupsOf(call))
  if (call.json) printJson(call, doctorReport(examination))
  else
    print(
      call,
      examination.checks.flatMap((each) => checkLines(call, each)),
    )
  return examination.code
}
