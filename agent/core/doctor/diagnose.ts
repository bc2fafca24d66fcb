import { BROKER_CHECKS } from './broker-checks.ts'
import { CHECK_GROUPS, type Check, type CheckGroup, type Finding } from './check.ts'
import { CLOCK_CHECKS } from './clock-checks.ts'
import { CONTENT_CHECKS } from './content-checks.ts'
import { DEVICE_CHECKS } from './device-checks.ts'
import { DOCUMENT_CHECKS } from './document-checks.ts'
import type { DoctorFacts } from './facts.ts'
import { LINK_CHECKS } from './link-checks.ts'
import { PLACE_CHECKS } from './place-checks.ts'
import { SEEN } from './seen-checks.ts'
import { SENSOR_CHECKS } from './sensor-checks.ts'
import { SOUND_CHECKS } from './sound-checks.ts'
import { STORAGE_CHECKS } from './storage-checks.ts'
import { type Told, warn } from './told.ts'
import { TRUST_CHECKS } from './trust-checks.ts'
import { UNIT_CHECKS } from './unit-checks.ts'
import { UPDATE_CHECKS } from './update-checks.ts'
import type { DoctorWords } from './words.ts'

const TABLES: readonly (readonly Check[])[] = [
  SEEN,
  DEVICE_CHECKS,
  PLACE_CHECKS,
  UNIT_CHECKS,
  UPDATE_CHECKS,
  SENSOR_CHECKS,
  STORAGE_CHECKS,
  CLOCK_CHECKS,
  LINK_CHECKS,
  BROKER_CHECKS,
  TRUST_CHECKS,
  DOCUMENT_CHECKS,
  CONTENT_CHECKS,
  SOUND_CHECKS,
]

const places = new Map<CheckGroup, number>(CHECK_GROUPS.map((group, place) => [group, place]))

/** Every check, group by group; another one is one entry. */
export const CHECKS: readonly Check[] = TABLES.flat().toSorted(
  (a, b) => (places.get(a.group) ?? 0) - (places.get(b.group) ?? 0),
)

/** A problem of the heartbeat that no check speaks for is told all the same. */
const others: Check['run'] = ({ agent }, say) => {
  const spokenFor = new Set(CHECKS.flatMap(({ codes = [] }) => codes))
  return (agent?.status.problems ?? [])
    .filter(({ code }) => !spokenFor.has(code))
    .map(({ code, detail }) => warn(say.other(code, detail ?? ''), code))
}

const OTHERS: Check = {
  group: 'outbox',
  name: 'problems',
  about: 'problems of the heartbeat that no other check speaks for',
  run: others,
}

const hasFailed = (told: readonly Told[]): boolean => told.some(({ level }) => level === 'FAIL')

/** What every check has to say, group by group; what another one's failure explains is left out. */
export const diagnose = (facts: DoctorFacts, say: DoctorWords): readonly Finding[] => {
  const judged = [...CHECKS, OTHERS].map((check) => ({ check, told: check.run(facts, say) }))
  const failed = new Set(judged.flatMap(({ check, told }) => (hasFailed(told) ? [check.name] : [])))
  return judged.flatMap(({ check: { group, name, explainedBy = [] }, told }) =>
    told
      .filter(({ level }) => level === 'ok' || !explainedBy.some((cause) => failed.has(cause)))
      .map((each): Finding => ({ group, check: name, ...each })),
  )
}
