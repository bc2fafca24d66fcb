import { CHECK_GROUPS, type Check, type Finding, warn } from './check.ts'
import { DEVICE_CHECKS } from './device-checks.ts'
import { DOCUMENT_CHECKS } from './document-checks.ts'
import type { DoctorFacts } from './facts.ts'
import { NETWORK_CHECKS } from './network-checks.ts'
import { SENSOR_CHECKS } from './sensor-checks.ts'
import { SOUND_CHECKS } from './sound-checks.ts'
import { TRUST_CHECKS } from './trust-checks.ts'
import type { DoctorWords } from './words.ts'

/** Every check; another one is one entry. */
export const CHECKS: readonly Check[] = [
  ...DEVICE_CHECKS,
  ...SENSOR_CHECKS,
  ...TRUST_CHECKS,
  ...DOCUMENT_CHECKS,
  ...NETWORK_CHECKS,
  ...SOUND_CHECKS,
]

/** A problem of the heartbeat that no check speaks for is told all the same. */
const others: Check['run'] = ({ agent }, say) => {
  const spokenFor = new Set(CHECKS.flatMap(({ codes = [] }) => codes))
  return (agent?.status.problems ?? [])
    .filter(({ code }) => !spokenFor.has(code))
    .map(({ code, detail }) => warn(say.other(code, detail ?? ''), code))
}

const OTHERS: Check = { group: 'device', name: 'problems', run: others }

const byGroup = (a: Finding, b: Finding): number =>
  CHECK_GROUPS.indexOf(a.group) - CHECK_GROUPS.indexOf(b.group)

/**
 * What every check has to say, group by group. `before` are findings made elsewhere: where one of them has failed with a
 * code, the checks do not tell that code again, for it is the cause (a sound card that is not there cannot be opened).
 */
export const diagnose = (
  facts: DoctorFacts,
  say: DoctorWords,
  before: readonly Finding[],
): readonly Finding[] => {
  const failed = new Set(before.flatMap(({ level, code }) => (level === 'FAIL' && code ? [code] : [])))
  const findings = [...CHECKS, OTHERS].flatMap(({ group, name, run }) =>
    run(facts, say)
      .filter(({ level, code }) => level === 'ok' || code === undefined || !failed.has(code))
      .map((told): Finding => ({ group, check: name, ...told })),
  )
  return [...before, ...findings].toSorted(byGroup)
}
