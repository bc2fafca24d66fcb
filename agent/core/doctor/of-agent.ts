import type { Code } from '../codes.ts'
import { createZone, dateText } from '../schedule/zone.ts'
import { epochMs } from '../time.ts'
import type { Check } from './check.ts'
import type { AgentFacts, DoctorFacts } from './facts.ts'
import type { Told } from './told.ts'
import type { DoctorWords } from './words.ts'

/** A check of what only the running agent knows: without it, it says nothing. */
export const ofAgent =
  (
    run: (agent: AgentFacts, say: DoctorWords, facts: DoctorFacts) => readonly (Told | undefined)[],
  ): Check['run'] =>
  (facts, say) =>
    facts.agent === undefined
      ? []
      : run(facts.agent, say, facts).filter((told): told is Told => told !== undefined)

export const hasProblem = ({ status }: AgentFacts, code: Code): boolean =>
  status.problems.some((problem) => problem.code === code)

/** What the component said; empty when it said nothing. */
export const detailOf = ({ status }: AgentFacts, code: Code): string =>
  status.problems.find((problem) => problem.code === code)?.detail ?? ''

/** Nothing comes in and nothing goes out: what follows of that is not told as a fault of its own. */
export const isCutOff = ({ status }: AgentFacts): boolean => !status.broker.connected

const DAY_MS = 86_400_000

/** Days from the answer of the agent until `iso`; negative when that is over. */
export const daysUntil = ({ status }: AgentFacts, iso: string): number =>
  (Date.parse(iso) - Date.parse(status.at)) / DAY_MS

const pad = (value: number): string => String(value).padStart(2, '0')

/** `YYYY-MM-DD HH:MM` as the clock on the wall of the device shows it. */
export const timeOf = ({ status }: AgentFacts, iso: string): string => {
  const { day, ms } = createZone(status.timezone).localTime(epochMs(Date.parse(iso)))
  const minutes = Math.floor(ms / 60_000)
  return `${dateText(day)} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
