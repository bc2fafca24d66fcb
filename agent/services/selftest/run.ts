import { ANSWER_WITHIN_MS, CLEAR_BETWEEN_MS, MOST_REMARK } from '../../core/selftest/plan.ts'
import type { SelftestProgress } from '../../core/selftest/progress.ts'
import {
  isFine,
  type QuestionKind,
  type SelftestAnswer,
  type SelftestCut,
  type SelftestReport,
  type SelftestStep,
  type StepKind,
  YES_NO_SKIP,
  type YesNoSkip,
} from '../../core/selftest/report.ts'
import { epochMs, isoUtc } from '../../core/time.ts'
import { comesTrue } from '../comes-true.ts'
import { intrusion } from './busy.ts'
import { Cut } from './cut.ts'
import { judgeClock, tryBroker } from './link-steps.ts'
import type { SelftestParts } from './parts.ts'
import { tryRelay } from './relay-step.ts'
import { showPattern } from './sign-step.ts'
import { playPilot, playSiren, playSweep } from './sound-steps.ts'

export type RunKind = {
  readonly by: SelftestReport['by']
  /** What sounds and switches is left out for this reason. */
  readonly silent?: 'QUIET_HOURS' | 'MUTED'
  /** A technician at night is asked first. */
  readonly quiet: boolean
}

const WATCH_EVERY_MS = 100
/** Longer than any step may take: sound waits at most a minute for its device. */
const STEP_WITHIN_MS = 90_000
/** Ears tell one sound from the next. */
const BETWEEN_SOUNDS_MS = 700
const PATTERN_SECONDS = 5
/** While somebody looks at it; taken off with the answer. */
const WATCHED_PATTERN_SECONDS = ANSWER_WITHIN_MS / 1000

type Work = (signal: AbortSignal) => Promise<SelftestStep>
type Asked = { readonly question: QuestionKind; answer: string | undefined }

const isYesNoSkip = (text: string): text is YesNoSkip => YES_NO_SKIP.some((each) => each === text)

/** One commissioning run: its steps in order, what was asked, and what cut it. */
export class SelftestRun {
  readonly id: string
  readonly #parts: SelftestParts
  readonly #kind: RunKind
  readonly #steps: SelftestStep[] = []
  readonly #answers: SelftestAnswer[] = []
  #silent: RunKind['silent']
  #own: string | undefined
  #asked: Asked | undefined
  #remark: string | undefined
  #cut: SelftestCut | undefined

  constructor(parts: SelftestParts, kind: RunKind) {
    this.id = parts.crypto.randomHex(8)
    this.#parts = parts
    this.#kind = kind
    this.#silent = kind.silent
  }

  /** Takes an answer; false when it is not one to the question that is open. */
  answer(question: QuestionKind, text: string): boolean {
    const asked = this.#asked
    if (asked === undefined || asked.answer !== undefined || asked.question !== question) return false
    if (question !== 'remark' && !isYesNoSkip(text)) return false
    asked.answer = text
    return true
  }

  /** Runs to its end or until it is cut; `report` is complete afterwards. Rejects only when `signal` is aborted, and for what is a fault of ours. */
  async *steps(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    try {
      yield* this.#all(signal)
    } catch (error) {
      if (!(error instanceof Cut)) throw error
      this.#cut = error.why
      this.#parts.logger.warn({ ...error.why }, 'the self-test was cut')
    } finally {
      for (const { id, hasRelay } of this.#parts.amplifiers) if (hasRelay) this.#parts.letGo(id)
    }
  }

  get report(): SelftestReport {
    const { identity, clock } = this.#parts
    const found = {
      steps: this.#steps,
      answers: this.#answers,
      ...(this.#cut === undefined ? {} : { cut: this.#cut }),
    }
    return {
      v: 1,
      ...identity,
      at: isoUtc(clock.wall()),
      by: this.#kind.by,
      ...found,
      ...(this.#remark === undefined ? {} : { remark: this.#remark }),
      ok: isFine(found),
    }
  }

  get #isAttended(): boolean {
    return this.#kind.by === 'technician'
  }

  async *#all(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    yield* this.#warnOfNight(signal)
    yield* this.#amplifiers(signal)
    yield* this.#sounds(signal)
    yield* this.#signs(signal)
    yield* this.#step('broker', undefined, (within) => tryBroker(this.#parts, within), signal)
    yield* this.#step('clock', undefined, async () => judgeClock(this.#parts), signal)
    if (!this.#isAttended) return
    const remark = (yield* this.#ask('remark', undefined, signal)).trim()
    if (remark !== '' && remark !== 'skip') this.#remark = [...remark].slice(0, MOST_REMARK).join('')
  }

  async *#warnOfNight(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    if (!this.#kind.quiet) return
    yield { state: 'quiet-hours' }
    if (this.#isAttended && (yield* this.#ask('quiet', undefined, signal)) !== 'yes')
      this.#silent = 'QUIET_HOURS'
  }

  async *#amplifiers(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    const { amplifiers } = this.#parts
    if (amplifiers.length === 0) yield* this.#note({ step: 'amplifier', result: 'absent', facts: {} })
    for (const amplifier of amplifiers) {
      const { id } = amplifier
      if (this.#silent !== undefined) yield* this.#skip('amplifier', id)
      else yield* this.#step('amplifier', id, (within) => tryRelay(this.#parts, amplifier, within), signal)
    }
  }

  async *#sounds(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    const own = (item: string): void => {
      this.#own = item
    }
    const voices = [
      { step: 'sweep', play: playSweep, asks: true },
      { step: 'siren', play: playSiren, asks: true },
      { step: 'pilot', play: playPilot, asks: false },
    ] as const
    for (const { step, play, asks } of voices) {
      if (this.#silent !== undefined) {
        yield* this.#skip(step)
        continue
      }
      this.#keepClear()
      const work: Work = async (within) => {
        await this.#parts.clock.sleep(BETWEEN_SOUNDS_MS, within)
        return await play(this.#parts, own, within)
      }
      yield* this.#step(step, undefined, work, signal)
      if (asks) yield* this.#askOf(step, undefined, signal)
    }
  }

  async *#signs(signal: AbortSignal): AsyncIterable<SelftestProgress> {
    const { panels, signItems, clock } = this.#parts
    if (panels.length === 0) yield* this.#note({ step: 'sign', result: 'absent', facts: {} })
    const seconds = this.#isAttended ? WATCHED_PATTERN_SECONDS : PATTERN_SECONDS
    for (const panel of panels) {
      let item: string | undefined
      const shown = (id: string): void => {
        item = id
      }
      try {
        const show: Work = (within) => showPattern(this.#parts, panel, seconds, shown, within)
        yield* this.#step('sign', panel.id, show, signal)
        yield* this.#askOf('sign', panel.id, signal)
      } finally {
        // Without anybody it ends by its own clock, as complete.
        if (item !== undefined && this.#isAttended) signItems.clear(clock.wall(), item)
      }
    }
  }

  /** An item that is due now must not wait for a test. */
  #keepClear(): void {
    const { planned, clock } = this.#parts
    const now = clock.wall()
    const [next] = planned(now, epochMs(now + CLEAR_BETWEEN_MS))
    if (next !== undefined) throw new Cut({ code: 'PREEMPTED', item: next.item })
  }

  async *#skip(step: StepKind, id?: string): AsyncIterable<SelftestProgress> {
    yield* this.#note({
      step,
      ...(id === undefined ? {} : { id }),
      result: 'skipped',
      ...(this.#silent === undefined ? {} : { code: this.#silent }),
      facts: {},
    })
  }

  async *#note(step: SelftestStep): AsyncIterable<SelftestProgress> {
    this.#steps.push(step)
    this.#parts.logger.info({ ...step }, 'self-test step')
    yield { state: 'step', ...step }
  }

  async *#step(
    step: StepKind,
    id: string | undefined,
    work: Work,
    signal: AbortSignal,
  ): AsyncIterable<SelftestProgress> {
    yield { state: 'begins', step, ...(id === undefined ? {} : { id }) }
    yield* this.#note(await this.#watched(work, STEP_WITHIN_MS, signal))
  }

  async *#askOf(
    question: SelftestAnswer['question'],
    id: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<SelftestProgress> {
    if (!this.#isAttended) return
    const text = yield* this.#ask(question, id, signal)
    const answer = isYesNoSkip(text) ? text : 'skip'
    this.#answers.push({ question, ...(id === undefined ? {} : { id }), answer })
  }

  async *#ask(
    question: QuestionKind,
    id: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SelftestProgress, string> {
    const asked: Asked = { question, answer: undefined }
    this.#asked = asked
    yield { state: 'question', run: this.id, question, ...(id === undefined ? {} : { id }) }
    const answered = (within: AbortSignal): Promise<boolean> =>
      comesTrue(this.#parts.clock, ANSWER_WITHIN_MS, () => asked.answer !== undefined, within)
    await this.#watched(answered, ANSWER_WITHIN_MS + STEP_WITHIN_MS, signal)
    this.#asked = undefined
    return asked.answer ?? 'skip'
  }

  /** Does something until it is done, or until something comes that goes before it. @throws Cut */
  async #watched<T>(
    work: (signal: AbortSignal) => Promise<T>,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<T> {
    const over = new AbortController()
    const done = new AbortController()
    const watching = this.#watch(over, withinMs, done.signal)
    try {
      return await work(AbortSignal.any([signal, over.signal]))
    } catch (error) {
      if (over.signal.aborted) throw over.signal.reason
      throw error instanceof Cut ? this.#explained(error) : error
    } finally {
      done.abort()
      await watching
    }
  }

  /** A sound that was cut may be told of before whatever cut it was looked for. */
  #explained(cut: Cut): Cut {
    const why = intrusion(this.#parts, this.#own, this.#silent === 'MUTED')
    return why === undefined ? cut : new Cut(why)
  }

  async #watch(over: AbortController, withinMs: number, done: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    const deadline = clock.mono() + withinMs
    while (!done.aborted) {
      const why = intrusion(this.#parts, this.#own, this.#silent === 'MUTED')
      if (why !== undefined) over.abort(new Cut(why))
      if (clock.mono() >= deadline) over.abort(new Cut({ code: 'LATE' }))
      if (over.signal.aborted) return
      await clock.sleep(WATCH_EVERY_MS, done).catch(() => undefined)
    }
  }
}
