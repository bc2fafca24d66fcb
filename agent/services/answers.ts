import { LoaError } from '../core/error.ts'
import type { LogReport, MediaReport, ScheduleReport, StatusReport } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { VerifyReport } from '../core/verify-report.ts'
import type { Clock } from '../ports/clock.ts'
import type { ControlHandlers } from '../ports/control.ts'
import type { Playout } from '../ports/playout.ts'
import type { Outbox, OutboxEntry } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'
import type { Guide } from './guide.ts'
import type { Library } from './library.ts'
import type { LocalPlay } from './local-play.ts'

export type AnswersOptions = {
  readonly clock: Clock
  readonly timezone: string
  readonly status: () => StatusReport
  readonly guide: Guide
  readonly library: Library
  readonly outbox: Outbox
  readonly playout: Playout
  readonly condition: Condition
  readonly localPlay: LocalPlay
  readonly verify: (message: Uint8Array) => VerifyReport
}

const DAY_MS = 86_400_000
const DEFAULT_LOG_HOURS = 48
const MAX_LOG_ENTRIES = 2000
const FOLLOW_EVERY_MS = 500
const AMPLIFIER_SECONDS = 60
const AMPLIFIER_WITHIN_MS = 1000
const MEBIBYTE = 1024 * 1024

/** What the agent answers to the `loa` command. */
export function createAnswers(options: AnswersOptions): ControlHandlers {
  const { clock, status, guide, localPlay } = options
  return {
    status: {
      answer: status,
      stream: async function* (_args, { signal }) {
        for (;;) {
          yield status()
          await clock.sleep(1000, signal)
        }
      },
    },
    schedule: { answer: ({ days }) => scheduleReport(guide, options.timezone, days ?? 1) },
    media: { answer: () => mediaReport(options) },
    log: {
      answer: ({ since, limit }) => logReport(options, since, limit),
      stream: ({ since, limit }, { signal }) => followLog(options, since, limit, signal),
    },
    play: { stream: (args, { body, signal }) => localPlay.run(args, body, signal) },
    verify: { answer: async (_args, { body }) => options.verify(await gathered(body)) },
    amplifier: { answer: (args, { signal }) => switchAmplifier(options, args, signal) },
  }
}

/** The server lets in no more than the verb allows. */
async function gathered(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

function scheduleReport(guide: Guide, timezone: string, days: number): ScheduleReport {
  const { from, until, items } = guide.days(days)
  return { timezone, from: isoUtc(from), until: isoUtc(until), items }
}

function mediaReport({ library, timezone }: AnswersOptions): MediaReport {
  const { wanted, present, heldBytes, quotaBytes, files } = library.overview()
  return {
    timezone,
    wanted,
    present,
    quotaMb: Math.round(quotaBytes / MEBIBYTE),
    usedMb: Math.round((heldBytes / MEBIBYTE) * 10) / 10,
    files,
  }
}

function logReport(
  { outbox, clock, timezone }: AnswersOptions,
  since: string | undefined,
  limit: number | undefined,
): LogReport {
  const from = since === undefined ? clock.wall() - (DEFAULT_LOG_HOURS / 24) * DAY_MS : Date.parse(since)
  const entries = outbox.history(epochMs(from), limit ?? MAX_LOG_ENTRIES)
  return { timezone, entries: [...entries].reverse() }
}

async function* followLog(
  options: AnswersOptions,
  since: string | undefined,
  limit: number | undefined,
  signal: AbortSignal,
): AsyncIterable<OutboxEntry> {
  const { outbox, clock } = options
  const first = logReport(options, since, limit).entries
  yield* first
  let epoch = outbox.epoch
  let last = outbox.lastNumber()
  for (;;) {
    await clock.sleep(FOLLOW_EVERY_MS, signal)
    if (outbox.epoch !== epoch) {
      epoch = outbox.epoch
      last = 0
    }
    const missing = outbox.lastNumber() - last
    if (missing <= 0) continue
    const fresh = outbox
      .history(epochMs(0), Math.min(missing, MAX_LOG_ENTRIES))
      .filter(({ record }) => record.n > last)
    last = outbox.lastNumber()
    yield* [...fresh].reverse()
  }
}

async function switchAmplifier(
  { playout, condition, clock }: AnswersOptions,
  { id, on, seconds }: { readonly id: string; readonly on: boolean; readonly seconds?: number },
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly state: 'off' | 'on' | 'stuck'; readonly seconds?: number }> {
  const known = Object.keys(condition.amplifiers)
  if (!known.includes(id))
    throw new LoaError('INVALID', `this board has no amplifier ${id}; it has ${known.join(', ') || 'none'}`)
  const held = seconds ?? AMPLIFIER_SECONDS
  playout.amplifier(id, on, held)
  const deadline = clock.mono() + AMPLIFIER_WITHIN_MS
  const wanted = on ? 'on' : 'off'
  while (condition.amplifiers[id] !== wanted && clock.mono() < deadline) await clock.sleep(20, signal)
  const state = condition.amplifiers[id] ?? 'off'
  if (state !== wanted) throw new LoaError('AMPLIFIER', `the relay of ${id} is ${state} after a second`)
  return { id, state, ...(on ? { seconds: held } : {}) }
}
