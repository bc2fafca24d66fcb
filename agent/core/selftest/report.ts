import type { Code } from '../codes.ts'
import type { EventBody } from '../records.ts'

export const STEP_KINDS = ['amplifier', 'sweep', 'siren', 'pilot', 'sign', 'broker', 'clock'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** `absent`: this device has nothing of the kind. `skipped`: it was not tried, for the reason in `code`. */
export type StepResult = 'ok' | 'problem' | 'absent' | 'skipped'

export type SelftestStep = {
  readonly step: StepKind
  /** Of the amplifier or the sign. */
  readonly id?: string
  readonly result: StepResult
  readonly code?: Code
  /** What the part that failed said, in English. */
  readonly message?: string
  /** What was measured; keys are ASCII, numbers have at most three decimals. */
  readonly facts: Readonly<Record<string, string | number | boolean>>
}

/** `quiet` is asked before anything sounds at night; `remark` is answered in words. */
export type QuestionKind = 'quiet' | 'sweep' | 'siren' | 'sign' | 'remark'
export const YES_NO_SKIP = ['yes', 'no', 'skip'] as const
export type YesNoSkip = (typeof YES_NO_SKIP)[number]

/** What somebody answered who stood there. */
export type SelftestAnswer = {
  readonly question: Exclude<QuestionKind, 'quiet' | 'remark'>
  /** Of the sign. */
  readonly id?: string
  readonly answer: YesNoSkip
}

/** What ended a run before its last step. */
export type SelftestCut = { readonly code: Code; readonly item?: string }

/** What a commissioning run found. */
export type SelftestReport = {
  readonly v: 1
  readonly device: string
  readonly province: string
  readonly commune: string
  /** Name of the board file. */
  readonly board: string
  /** Version of the agent. */
  readonly agent: string
  /** When it ended, ISO 8601 UTC. */
  readonly at: string
  readonly by: 'technician' | 'unattended' | 'command'
  readonly steps: readonly SelftestStep[]
  readonly answers: readonly SelftestAnswer[]
  readonly remark?: string
  readonly cut?: SelftestCut
  /** No problem was found, nothing was denied, and it ran to its end. */
  readonly ok: boolean
}

/** A compact JWS over the JSON text of the report without this member. */
export type ReportSignature = {
  readonly alg: string
  /** SHA-256 of the certificate of the key, base64url; absent where the key has none. @see RFC 7515, 4.1.8 */
  readonly x5t?: string
  /** Of a key without certificate. @see RFC 7638 */
  readonly kid?: string
  readonly jws: string
}

/** `unsigned` of a device that logs in without a certificate. */
export const NO_KEY = 'this device has no key (mqtt.key)'

/** As it is written and shown: exactly one of `signature` and `unsigned`, which says why there is none. */
export type SignedReport = SelftestReport & {
  readonly signature?: ReportSignature
  readonly unsigned?: string
}

export const isFine = ({ steps, answers, cut }: Pick<SelftestReport, 'steps' | 'answers' | 'cut'>): boolean =>
  cut === undefined &&
  steps.every(({ result }) => result !== 'problem') &&
  answers.every(({ answer }) => answer !== 'no')

/** `amplifier main`, `broker`. */
export const nameOf = ({ step, id }: Pick<SelftestStep, 'step' | 'id'>): string =>
  id === undefined ? step : `${step} ${id}`

const factOf = (
  report: SelftestReport,
  step: StepKind,
  fact: string,
): Readonly<Record<string, string | number | boolean>> => {
  const value = report.steps.find((each) => each.step === step)?.facts[fact]
  return value === undefined ? {} : { [step === 'pilot' ? fact : `${step}_${fact}`]: value }
}

/** A batch of records has 16 KiB; a larger report is known by its hash alone. */
const MOST_SENT = 12_000

/** The report as it is signed, its SHA-256, and how it travels: the JWS, or the text itself where there is no key. */
export type SealedReport = { readonly report: SelftestReport; readonly sha256: string; readonly sent: string }

/** How it went, and the report itself. */
export const selftestEvent = ({
  report,
  sha256,
  sent,
}: SealedReport): Pick<EventBody, 'severity' | 'data'> => {
  const wrong = report.steps.filter(({ result }) => result === 'problem').map(nameOf)
  const denied = report.answers.filter(({ answer }) => answer === 'no')
  return {
    severity: report.ok ? 'info' : 'warning',
    data: {
      by: report.by,
      ok: report.ok,
      steps: report.steps.length,
      problems: wrong,
      denied: denied.map(({ question, id }) => (id === undefined ? question : `${question} ${id}`)),
      ...(report.cut === undefined ? {} : { cut: report.cut.code }),
      ...factOf(report, 'pilot', 'heard'),
      ...factOf(report, 'broker', 'seenMs'),
      ...factOf(report, 'clock', 'offsetMs'),
      sha256,
      ...(sent.length > MOST_SENT ? {} : { report: sent }),
    },
  }
}
