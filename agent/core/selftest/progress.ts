import type { QuestionKind, SelftestStep, SignedReport, StepKind } from './report.ts'

/** Why a run does not begin. */
export type Busy = {
  readonly why: 'playing' | 'alert' | 'due' | 'running' | 'muted'
  /** What plays or is due. */
  readonly item?: string
  /** When it is over, as far as is known, ISO 8601 UTC. */
  readonly until?: string
}

/** How a run goes; `ended` or `refused` is the last. */
export type SelftestProgress =
  | ({ readonly state: 'refused' } & Busy)
  /** It sounds although it is quiet hours: somebody is there. */
  | { readonly state: 'quiet-hours' }
  | { readonly state: 'begins'; readonly step: StepKind; readonly id?: string }
  | ({ readonly state: 'step' } & SelftestStep)
  /** To be answered with `selftest-answer`, naming `run`. */
  | {
      readonly state: 'question'
      readonly run: string
      readonly question: QuestionKind
      readonly id?: string
    }
  | { readonly state: 'ended'; readonly report: SignedReport }
