import { join } from 'node:path'
import { askAgent } from '../../adapters/control/client.ts'
import { type Finding, fail, type Told } from '../../core/doctor/check.ts'
import { diagnose } from '../../core/doctor/diagnose.ts'
import type { AgentFacts, DoctorFacts } from '../../core/doctor/facts.ts'
import { LoaError } from '../../core/error.ts'
import { atMostWords, type Call, print, printJson, type Verb } from '../call.ts'
import { gatherLocal } from '../doctor-facts.ts'
import type { ExitCode } from '../io.ts'
import { checkLines } from '../views/check-lines.ts'

type Asked = { readonly agent: AgentFacts } | { readonly fault: LoaError }

const ask = async (runtime: string): Promise<Asked> => {
  try {
    return { agent: await askAgent(join(runtime, 'control.sock'), 'doctor', {}) }
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

/** What the agent says goes before what the command saw: it may read more, and it is what is in force. */
const withAgent = (local: DoctorFacts, agent: AgentFacts): DoctorFacts => {
  const { settings, files, diskMb } = agent
  return { ...local, settings, files, diskMb, agent }
}

const exitCode = (findings: readonly Finding[], invalid: boolean, fault: LoaError | undefined): ExitCode => {
  if (invalid) return 2
  if (fault?.code === 'NOT_RUNNING' || fault?.code === 'NOT_ANSWERING') return 3
  return findings.some(({ level }) => level === 'FAIL') ? 1 : 0
}

export type Examination = {
  readonly checks: readonly Finding[]
  readonly code: ExitCode
  /** Where the agent listens if it runs. */
  readonly runtime: string | undefined
  /** Why it did not answer. */
  readonly fault: LoaError | undefined
}

/** All that is wrong, as far as this call can see. */
export const examine = async (call: Call): Promise<Examination> => {
  const local = await gatherLocal(call)
  const asked = local.runtime === undefined ? undefined : await ask(local.runtime)
  const fault = asked !== undefined && 'fault' in asked ? asked.fault : undefined
  const before: readonly Finding[] =
    fault === undefined
      ? local.findings
      : [{ group: 'device', check: 'agent', ...silence(call, fault) }, ...local.findings]
  const facts = asked !== undefined && 'agent' in asked ? withAgent(local.facts, asked.agent) : local.facts
  const checks = diagnose(facts, call.say.doctor, before)
  const code = exitCode(checks, local.invalid, fault)
  return { checks, code, runtime: local.runtime, fault }
}

export const doctorReport = (checks: readonly Finding[]) => ({
  ok: checks.every(({ level }) => level !== 'FAIL'),
  checks,
})

/** `loa doctor`. */
export const doctor: Verb = async (call) => {
  atMostWords(call, 0)
  const { checks, code } = await examine(call)
  if (call.json) printJson(call, doctorReport(checks))
  else
    print(
      call,
      checks.flatMap((each) => checkLines(call, each)),
    )
  return code
}
