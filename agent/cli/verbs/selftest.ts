import { basename } from 'node:path'
import { askAgent, followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import type { SelftestProgress } from '../../core/selftest/progress.ts'
import type { SelftestStep, SignedReport } from '../../core/selftest/report.ts'
import { atMostWords, type Call, printJson, textOption, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { askPerson, tell } from '../selftest/ask.ts'
import { factsOf, signatureWords } from '../selftest/facts.ts'
import { type ReportFiles, reportFiles, writeReport } from '../selftest/files.ts'
import { reportPage } from '../selftest/page.ts'
import { controlSocket } from '../socket.ts'
import { localTime } from '../text/time.ts'
import { plain, wrap } from '../text/width.ts'

type Question = Extract<SelftestProgress, { readonly state: 'question' }>
type Begins = Extract<SelftestProgress, { readonly state: 'begins' }>
type Refused = Extract<SelftestProgress, { readonly state: 'refused' }>

const TONES = { ok: 'good', problem: 'bad', absent: 'dim', skipped: 'warn' } as const
const MARKS = { ok: 'ok', problem: 'FAIL', absent: '-', skipped: '-' } as const

/** For people only: with --json nothing but the questions is told. */
const say = (call: Call, lines: readonly string[]): void => {
  if (!call.json) call.io.out(lines.map((line) => `${line}\n`).join(''))
}

const stepLines = ({ say: words, paint, columns }: Call, step: SelftestStep): readonly string[] => {
  const { selftest } = words
  const name = selftest.steps[step.step](step.id ?? '')
  const facts = factsOf(step, words)
  const state = step.result === 'ok' || step.result === 'problem' ? '' : selftest.results[step.result]
  const told = [state, facts].filter((each) => each !== '').join(': ')
  const [first = '', ...rest] = wrap(plain(`${name}: ${told}`), columns - 6)
  return [
    `${paint(TONES[step.result], MARKS[step.result].padEnd(4))}  ${first}`,
    ...rest.map((line) => `      ${line}`),
  ]
}

/** So that nobody takes the silence before a sound for a hang. */
const sayBegins = (call: Call, { step, id = '' }: Begins): void => {
  const { selftest } = call.say
  if (call.io.terminal) say(call, [call.paint('dim', selftest.begins(selftest.steps[step](id)))])
}

/** Asks while the agent goes on watching: what ends the run ends the question. */
class Asking {
  readonly #call: Call
  readonly #socket: string
  readonly #over = new AbortController()
  #fault: unknown

  constructor(call: Call, socket: string) {
    this.#call = call
    this.#socket = socket
  }

  begin(question: Question): void {
    this.#answer(question).catch((error: unknown) => {
      this.#fault ??= this.#over.signal.aborted ? undefined : error
      if (!this.#over.signal.aborted) this.#over.abort()
    })
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** @throws what kept an answer from the agent */
  end(): void {
    this.#over.abort()
    if (this.#fault !== undefined) throw this.#fault
  }

  async #answer({ run, question, id = '' }: Question): Promise<void> {
    const within = AbortSignal.any([this.#over.signal, this.#call.io.signal])
    const answer = await askPerson(this.#call, question, id, within)
    if (!within.aborted) await askAgent(this.#socket, 'selftest-answer', { run, question, answer })
  }
}

const follow = async (
  call: Call,
  socket: string,
  attended: boolean,
): Promise<SignedReport | Refused | undefined> => {
  const asking = new Asking(call, socket)
  const signal = AbortSignal.any([call.io.signal, asking.signal])
  try {
    for await (const progress of followAgent(socket, 'selftest', { attended }, { signal })) {
      if (progress.state === 'ended') return progress.report
      if (progress.state === 'refused') return progress
      if (progress.state === 'question') asking.begin(progress)
      else if (progress.state === 'begins') sayBegins(call, progress)
      else if (progress.state === 'step') say(call, stepLines(call, progress))
      else if (progress.state === 'quiet-hours') tell(call, `${call.say.selftest.quietHours}\n`)
    }
    return undefined
  } finally {
    asking.end()
  }
}

const refusedLines = ({ say: { selftest } }: Call, refused: Refused, timezone: string): readonly string[] => {
  const { why, item = '', until } = refused
  const back = until === undefined ? [] : [selftest.comeBack(localTime(until, timezone).time)]
  return [plain(selftest.refused[why](item)), ...back]
}

const endLines = (
  { say: words, paint }: Call,
  report: SignedReport,
  files: ReportFiles,
): readonly string[] => {
  const { selftest, codes } = words
  const { cut, ok } = report
  return [
    ...(cut === undefined
      ? [paint(ok ? 'good' : 'bad', ok ? selftest.fine : selftest.notFine)]
      : [paint('bad', selftest.cut(`${cut.code} - ${codes[cut.code]}`))]),
    plain(signatureWords(report, words)),
    selftest.written(files.html, files.json),
  ]
}

const finish = async (
  call: Call,
  report: SignedReport,
  files: ReportFiles,
  timezone: string,
): Promise<ExitCode> => {
  const { say: words, language } = call
  const html = reportPage(report, { say: words, language, timezone, jsonName: basename(files.json) })
  if (call.json) printJson(call, { ...report, files })
  await writeReport(call, files, { json: `${JSON.stringify(report, null, 2)}\n`, html })
  say(call, endLines(call, report, files))
  return report.ok ? 0 : 1
}

/** `loa selftest [--report F] [--unattended]`: the commissioning run and its report. */
export const selftest: Verb = async (call) => {
  atMostWords(call, 0)
  const { io } = call
  const unattended = call.options.unattended === true
  const attended = !unattended && io.asks
  const socket = await controlSocket(call)
  const { device, timezone, at } = await askAgent(socket, 'status', {})
  const { date, time } = localTime(at, timezone)
  const name = `loa-selftest-${device}-${date}-${time.replaceAll(':', '')}`
  const files = await reportFiles(call, textOption(call, 'report'), name)
  if (!attended && !unattended) io.err(`${call.say.selftest.nobodyAsked}\n`)
  const ended = await follow(call, socket, attended)
  if (ended === undefined) {
    if (!io.signal.aborted) throw new LoaError('IO', call.say.play.silent)
    if (call.json) printJson(call, { state: 'stopped' })
    else say(call, [call.say.selftest.stopped])
    return 1
  }
  if (!('state' in ended)) return finish(call, ended, files, timezone)
  if (call.json) printJson(call, ended)
  else io.err(`${refusedLines(call, ended, timezone).join('\n')}\n`)
  return 1
}
