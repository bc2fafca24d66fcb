import type { Busy } from '../../core/selftest/progress.ts'
import type { QuestionKind, StepKind, StepResult, YesNoSkip } from '../../core/selftest/report.ts'

/** What `loa selftest` says and writes into its page. */
export type SelftestWords = {
  readonly steps: Readonly<Record<StepKind, (id: string) => string>>
  readonly results: Readonly<Record<StepResult, string>>
  readonly facts: {
    readonly relay: (closedMs: string, openedMs: string | undefined) => string
    readonly contact: string
    readonly noContact: string
    readonly sweep: (fromHz: string, toHz: string, seconds: string) => string
    readonly siren: (seconds: string) => string
    readonly volume: (percent: string) => string
    readonly heard: (percent: string) => string
    readonly size: (width: string, height: string) => string
    readonly ack: (ms: string) => string
    readonly seen: (ms: string) => string
    readonly offset: (ms: string) => string
  }
  readonly begins: (step: string) => string
  readonly questions: Readonly<Record<QuestionKind, (id: string) => string>>
  /** Shown behind a question. */
  readonly choices: string
  /** An answer that begins with the letter says it; so do yes, no and skip. */
  readonly letters: Readonly<Record<YesNoSkip, string>>
  readonly notUnderstood: string
  readonly answers: Readonly<Record<YesNoSkip, string>>
  readonly quietHours: string
  readonly nobodyAsked: string
  readonly refused: Readonly<Record<Busy['why'], (item: string) => string>>
  readonly comeBack: (time: string) => string
  readonly stopped: string
  readonly cut: (why: string) => string
  readonly fine: string
  readonly notFine: string
  readonly signed: (algorithm: string) => string
  readonly unsigned: (why: string) => string
  readonly noKey: string
  readonly written: (html: string, json: string) => string
  readonly notWritable: (folder: string, why: string) => string
  readonly page: {
    readonly title: string
    readonly device: string
    readonly place: string
    readonly board: string
    readonly version: string
    readonly time: string
    readonly by: Readonly<Record<'technician' | 'unattended' | 'command', string>>
    readonly step: string
    readonly result: string
    readonly found: string
    readonly asked: string
    readonly answer: string
    readonly remark: string
    readonly sign: (id: string) => string
    readonly sweep: string
    readonly second: string
    readonly listened: string
    readonly signature: string
    readonly installer: string
    readonly commune: string
    readonly hash: (file: string) => string
  }
}
