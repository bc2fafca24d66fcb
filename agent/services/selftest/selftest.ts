import type { Busy, SelftestProgress } from '../../core/selftest/progress.ts'
import {
  type QuestionKind,
  type SelftestReport,
  type SignedReport,
  selftestEvent,
} from '../../core/selftest/report.ts'
import { busyWith } from './busy.ts'
import type { SelftestParts } from './parts.ts'
import { type RunKind, SelftestRun } from './run.ts'

/** Of the JWS. */
export const REPORT_TYP = 'loa-selftest+jws'

/** The commissioning run: one at a time, by a technician, unattended, or by order of the province. */
export class Selftest {
  readonly #parts: SelftestParts
  #run: SelftestRun | undefined

  constructor(parts: SelftestParts) {
    this.#parts = parts
  }

  /** Ends with `ended` or `refused`; `signal` stops it without a report. Relays are open afterwards. */
  async *run(by: SelftestReport['by'], signal: AbortSignal): AsyncIterable<SelftestProgress> {
    const busy = this.#busy(by)
    if (busy !== undefined) {
      yield { state: 'refused', ...busy }
      return
    }
    const run = new SelftestRun(this.#parts, this.#kindOf(by))
    this.#run = run
    try {
      yield* run.steps(signal)
      yield { state: 'ended', report: await this.#signed(run.report) }
    } finally {
      this.#run = undefined
    }
  }

  /** What somebody who stands there answers; false when nothing of the kind was asked. */
  answer(run: string, question: QuestionKind, text: string): boolean {
    return this.#run?.id === run && this.#run.answer(question, text)
  }

  /** Who is there can lift a mute; the province gets to know what can be tried in silence. */
  #busy(by: SelftestReport['by']): Busy | undefined {
    if (this.#run !== undefined) return { why: 'running' }
    if (by !== 'command' && this.#parts.muted()) return { why: 'muted' }
    return busyWith(this.#parts)
  }

  /** Local actions are exempt from quiet hours, orders of the province are not. */
  #kindOf(by: SelftestReport['by']): RunKind {
    const { muted, quiet } = this.#parts
    if (by !== 'command') return { by, quiet: quiet() }
    if (muted()) return { by, quiet: false, silent: 'MUTED' }
    return quiet() ? { by, quiet: false, silent: 'QUIET_HOURS' } : { by, quiet: false }
  }

  async #signed(report: SelftestReport): Promise<SignedReport> {
    const { signer, emit, crypto, logger } = this.#parts
    const text = JSON.stringify(report)
    const signature = await signer.sign(REPORT_TYP, text)
    const sent = 'unsigned' in signature ? text : signature.jws
    const event = selftestEvent({ report, sha256: crypto.sha256Hex(text), sent })
    emit('SELFTEST', event.severity, event.data)
    logger.info({ ok: report.ok, steps: report.steps.length }, 'self-test ended')
    return 'unsigned' in signature ? { ...report, ...signature } : { ...report, signature }
  }
}
