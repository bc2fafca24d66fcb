import type { AgentFacts } from '../core/doctor/facts.ts'
import { LoaError } from '../core/error.ts'
import type {
  AmplifierReport,
  LineReport,
  LogReport,
  MediaReport,
  ScheduleReport,
  StatusReport,
} from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { VerifyReport } from '../core/verify-report.ts'
import type { Clock } from '../ports/clock.ts'
import type { ControlHandlers } from '../ports/control.ts'
import type { Outbox, OutboxEntry } from '../ports/state-store.ts'
import type { SwitchAmplifier } from './amplifier-switch.ts'
import type { GatherParts } from './bundle-parts.ts'
import type { Guide } from './guide.ts'
import type { Library } from './library.ts'
import type { LineWatch } from './line-watch.ts'
import type { LocalPlay } from './local-play.ts'
import type { LocalSign } from './local-sign.ts'
import type { Selftest } from './selftest/selftest.ts'
import type { SignControl } from './sign-control.ts'
import { followSignPictures, signPictures } from './sign-pictures-report.ts'
import type { Updates } from './update/updates.ts'

export type AnswersOptions = {
  readonly clock: Clock
  readonly timezone: string
  readonly status: () => StatusReport
  readonly guide: Guide
  readonly library: Library
  readonly outbox: Outbox
  readonly switchAmplifier: SwitchAmplifier
  readonly lines: Pick<LineWatch, 'reportOf' | 'learnAnew'>
  /** Lifts a mute; says whether there was one. */
  readonly unmute: () => boolean
  readonly localPlay: LocalPlay
  readonly localSign: LocalSign
  readonly signs: Pick<SignControl, 'pictures'>
  readonly verify: (message: Uint8Array) => VerifyReport
  readonly doctor: () => AgentFacts
  readonly selftest: {
    readonly run: Selftest['run']
    readonly answer: (...args: Parameters<Selftest['answer']>) => boolean | Promise<boolean>
  }
  readonly updates: Pick<Updates, 'install' | 'cancel'>
  readonly gather: GatherParts
}

const DAY_MS = 86_400_000
const DEFAULT_LOG_HOURS = 48
const MAX_LOG_ENTRIES = 2000
const FOLLOW_EVERY_MS = 500
const EVERY_SECOND_MS = 1000
const MEBIBYTE = 1024 * 1024

/** What the agent answers to the `loa` command. */
export function createAnswers(options: AnswersOptions): ControlHandlers {
  const { clock, status, guide, localPlay } = options
  return {
    status: {
      answer: status,
      stream: async function* ({ everyMs = EVERY_SECOND_MS }, { signal }) {
        for (;;) {
          const report = status()
          yield report
          await clock.sleep(report.playing === undefined ? EVERY_SECOND_MS : everyMs, signal)
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
    amplifier: {
      answer: async (args, { signal }) => withLine(options, await options.switchAmplifier(args, signal)),
    },
    'learn-line': { answer: ({ id }) => learnLine(options, id) },
    sign: { answer: async (args, { body }) => options.localSign.order(args, await gathered(body)) },
    doctor: { answer: () => options.doctor() },
    bundle: { stream: (_args, { signal }) => options.gather(signal) },
    'sign-pictures': {
      answer: (size) => signPictures(options.signs, size),
      stream: (size, { signal }) => followSignPictures(options.signs, size, clock, signal),
    },
    unmute: { answer: () => ({ muted: options.unmute() }) },
    selftest: {
      stream: ({ attended }, { signal }) =>
        options.selftest.run(attended ? 'technician' : 'unattended', signal),
    },
    update: {
      stream: ({ bytes }, { body, signal }) => options.updates.install({ bytes, body }, signal),
    },
    'update-cancel': {
      answer: async () => ({ cancelled: await options.updates.cancel() }),
    },
    'selftest-answer': {
      answer: async ({ run, question, answer }) => ({
        taken: await options.selftest.answer(run, question, answer),
      }),
    },
  }
}

const withLine = ({ lines }: AnswersOptions, report: AmplifierReport): AmplifierReport => {
  const line = lines.reportOf(report.id)
  return line === undefined ? report : { ...report, line }
}

function learnLine({ lines }: AnswersOptions, id: string): LineReport {
  lines.learnAnew(id)
  const report = lines.reportOf(id)
  if (report === undefined) throw new LoaError('INVALID', `the board file names no speakerLine of ${id}`)
  return report
}

/** The server lets in no more than the verb allows. */
async function gathered(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

export function scheduleReport(guide: Guide, timezone: string, days: number): ScheduleReport {
  const { from, until, items } = guide.days(days)
  return { timezone, from: isoUtc(from), until: isoUtc(until), items }
}

export function mediaReport({
  library,
  timezone,
}: Pick<AnswersOptions, 'library' | 'timezone'>): MediaReport {
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
