import {
  type BundlePart,
  INPUTS_PART,
  jsonPart,
  LOG_MS,
  LOG_PART,
  linesSince,
  pieces,
  RECORD_DAYS,
  RECORDS_PART,
  SCHEDULE_DAYS,
} from '../core/bundle/part.ts'
import { redactText } from '../core/bundle/redact.ts'
import { epochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Journal } from '../ports/journal.ts'
import type { Outbox } from '../ports/state-store.ts'

export type BundlePartsOptions = {
  readonly clock: Clock
  readonly outbox: Pick<Outbox, 'history'>
  readonly journal: Pick<Journal, 'stretches'>
  /** What was told until now is in the journal. */
  readonly writeInputs: () => void
  /** Lines of JSON, oldest first. */
  readonly log: () => string
  /** What else is asked at the moment of making, by the name of its part. */
  readonly reports: Readonly<Record<string, () => unknown>>
  readonly scheduleDays: (days: number) => unknown
}

const DAY_MS = 86_400_000
const MOST_RECORDS = 5000
const BREATH_MS = 5

/** What is known here for a support bundle, without secrets, in pieces; between them others have their turn. */
export type GatherParts = (signal: AbortSignal) => AsyncGenerator<BundlePart>

export const createBundleParts = (options: BundlePartsOptions): GatherParts =>
  async function* gather(signal) {
    for (const part of partsOf(options))
      for (const { name, text } of pieces(part)) {
        yield { name, text: redactText(text) }
        await options.clock.sleep(BREATH_MS, signal)
      }
  }

function* partsOf(options: BundlePartsOptions): Generator<BundlePart> {
  const { clock, outbox, journal, writeInputs, log, reports, scheduleDays } = options
  for (const [name, report] of Object.entries(reports)) yield jsonPart(`${name}.json`, report())
  yield jsonPart('schedule.json', scheduleDays(SCHEDULE_DAYS))
  const since = epochMs(clock.wall() - RECORD_DAYS * DAY_MS)
  const records = outbox.history(since, MOST_RECORDS).toReversed()
  yield { name: RECORDS_PART, text: records.map((entry) => `${JSON.stringify(entry)}\n`).join('') }
  writeInputs()
  for (const text of journal.stretches()) yield { name: INPUTS_PART, text }
  yield { name: LOG_PART, text: linesSince(log(), clock.wall() - LOG_MS) }
}
