import type { AgentConfig } from '../core/configuration.ts'
import { type AgentFacts, settingsOf, type TrustFacts } from '../core/doctor/facts.ts'
import type { TrustDocument } from '../core/documents.ts'
import { nextQuietChange, quietAt } from '../core/policy/quiet-hours.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { StatusReport } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import { isInDate, type JudgingTime } from '../core/trust/scope.ts'
import type { Clock } from '../ports/clock.ts'
import type { Machine } from '../ports/machine.ts'
import type { Outbox, OutboxEntry } from '../ports/state-store.ts'
import type { DocumentIntake } from './document-intake.ts'
import type { GuideOptions } from './guide.ts'
import type { Library } from './library.ts'
import type { Refusals } from './refusals.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type DoctorParts = {
  readonly config: AgentConfig
  readonly status: () => StatusReport
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state' | 'floor'>
  readonly machine: Pick<Machine, 'freeDiskMb'>
  readonly intake: Pick<DocumentIntake, 'inForce' | 'revisions' | 'allKeys'>
  readonly refusals: Pick<Refusals, 'recent'>
  readonly library: Pick<Library, 'overview'>
  readonly outbox: Pick<Outbox, 'pending' | 'history'>
  readonly zone: Zone
  readonly quietHours: GuideOptions['quietHours']
  readonly files: () => AgentFacts['files']
  readonly node: string
  readonly uid: number
  readonly pid: number
  /** Topics that the broker does not let this device listen to. */
  readonly unsubscribed: () => readonly string[]
  /** Why the status page is not served; undefined while it is. */
  readonly pageFault: () => string | undefined
}

const LATELY_MS = 7 * 86_400_000
const HISTORY = 2000
const MISSING_LISTED = 5

/** What the running agent knows that `loa doctor` judges; costs a look at disk and database. */
export const createDoctorFacts = (parts: DoctorParts) => (): AgentFacts => {
  const { config, status, machine, intake, refusals, node, uid, pid } = parts
  return {
    status: status(),
    settings: settingsOf(config),
    node,
    uid,
    pid,
    unsubscribed: parts.unsubscribed(),
    files: parts.files(),
    diskMb: machine.freeDiskMb(),
    revisions: intake.revisions,
    trust: intake.inForce('trust').map((document) => trustFacts(parts, document)),
    schedules: intake
      .inForce('schedule')
      .map(({ area, exp }) => ({ document: `${area}/schedule`, ...(exp === undefined ? {} : { exp }) })),
    refused: refusals.recent,
    missing: missingFiles(parts),
    ...oldestRecord(parts),
    ...lostLately(parts),
    ...quietUntil(parts),
    ...pageFacts(parts),
  }
}

function pageFacts({ config: { page }, pageFault }: DoctorParts): Pick<AgentFacts, 'page'> {
  if (page?.listen === undefined) return {}
  const fault = pageFault()
  return { page: { listen: page.listen, ...(fault === undefined ? {} : { fault }) } }
}

function trustFacts(
  { clock, time, intake }: DoctorParts,
  { area, rev, keys: granted }: TrustDocument,
): TrustFacts {
  const now: JudgingTime = { now: clock.wall(), floor: time.floor, unset: time.state === 'unset' }
  // A kid that stands for two keys counts for neither.
  const inDate = granted.filter(
    (key) => intake.allKeys.some((keys) => keys.has(key.kid)) && isInDate(key, now),
  )
  const [ends] = inDate.map(({ exp }) => Date.parse(exp)).toSorted((a, b) => a - b)
  return {
    document: `${area}/trust`,
    rev,
    keys: granted.length,
    inDate: inDate.length,
    ...(ends === undefined ? {} : { ends: isoUtc(epochMs(ends)) }),
  }
}

function missingFiles({ library }: DoctorParts): AgentFacts['missing'] {
  return library
    .overview()
    .files.filter(({ state }) => state !== 'ready')
    .slice(0, MISSING_LISTED)
    .map(({ sha256, state, code, waitsUntil }) => ({
      sha256,
      state,
      ...(code === undefined ? {} : { code }),
      ...(waitsUntil === undefined ? {} : { waitsUntil }),
    }))
}

const madeAt = ({ record }: OutboxEntry): string =>
  'at' in record ? record.at : (record.ended ?? record.planned)

function oldestRecord({ outbox }: DoctorParts): Pick<AgentFacts, 'oldestRecord'> {
  const [oldest] = outbox.pending(0, 1)
  return oldest === undefined ? {} : { oldestRecord: madeAt(oldest) }
}

function lostLately({ outbox, clock }: DoctorParts): Pick<AgentFacts, 'databaseLost' | 'cacheLost'> {
  const since = epochMs(clock.wall() - LATELY_MS)
  const losses = outbox
    .history(since, HISTORY)
    .filter(({ record }) => 'code' in record && record.code === 'DATABASE')
  const last = (severity: 'alarm' | 'warning', of: string | undefined): string | undefined => {
    const entry = losses.findLast(
      ({ record }) => 'severity' in record && record.severity === severity && record.data['source'] === of,
    )
    return entry && madeAt(entry)
  }
  const [databaseLost, cacheLost] = [last('alarm', undefined), last('warning', 'media.db')]
  return {
    ...(databaseLost === undefined ? {} : { databaseLost }),
    ...(cacheLost === undefined ? {} : { cacheLost }),
  }
}

function quietUntil({ clock, zone, quietHours }: DoctorParts): Pick<AgentFacts, 'quietUntil'> {
  const at = clock.wall()
  if (!quietAt(quietHours(), zone, at)) return {}
  const until = nextQuietChange(quietHours(), zone, at)
  return until === undefined ? {} : { quietUntil: isoUtc(until) }
}
