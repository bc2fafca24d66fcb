import type { Readiness } from '../../core/arbiter/programme.ts'
import type { Input } from '../../core/arbiter/state.ts'
import type { Decision } from '../../core/replay/decision.ts'

/** What `loa bundle` and `loa replay` say. */
export type SupportWords = {
  readonly bundle: {
    readonly written: (file: string, kib: number) => string
    readonly without: string
    readonly cut: (part: string, lines: number) => string
    readonly missing: (part: string, why: string) => string
    readonly exists: (file: string) => string
    readonly unwritable: (file: string, why: string) => string
    readonly noServiceLog: string
    readonly brokenOff: string
    readonly next: string
  }
  readonly replay: {
    readonly what: string
    readonly noInputs: (file: string) => string
    readonly empty: string
    readonly began: (agent: string, start: boolean) => string
    readonly same: (steps: number, from: string, until: string) => string
    readonly differs: (step: number, time: string) => string
    readonly expected: string
    readonly got: string
    readonly nothing: string
    readonly readiness: Readonly<Record<Readiness['state'], string>>
    readonly ends: Readonly<Record<Extract<Input, { kind: 'ended' }>['end'], string>>
    readonly inputs: {
      readonly tick: string
      readonly arm: (programme: string, readiness: string) => string
      readonly revise: (programme: string) => string
      readonly readiness: (programme: string, readiness: string) => string
      readonly clock: (stepMs: number) => string
      readonly withdraw: (programmes: string) => string
      readonly stop: (programmes: string) => string
      readonly mute: (on: boolean) => string
      readonly hold: (on: boolean) => string
      readonly quiet: (spans: number) => string
      readonly playout: (up: boolean) => string
      readonly started: (order: string) => string
      readonly progress: (order: string, seconds: string) => string
      readonly ended: (order: string, how: string, seconds: string) => string
    }
    readonly decisions: Readonly<
      Record<Exclude<Decision['kind'], 'schedule' | 'cut' | 'record'>, (programme: string) => string>
    > & {
      readonly schedule: (order: string, time: string, fromSeconds: string) => string
      readonly cut: (order: string, fadeMs: number) => string
      /** `result` with its reason. */
      readonly record: (programme: string, result: string) => string
    }
  }
}
