import type { BundlePart } from './bundle/part.ts'
import type { AgentFacts } from './doctor/facts.ts'
import type { AudioFormat, ImageFormat, PageMode, ProgrammeClass } from './documents.ts'
import type { SelftestProgress } from './selftest/progress.ts'
import type { QuestionKind } from './selftest/report.ts'
import type {
  AmplifierReport,
  LineReport,
  LogEntry,
  LogReport,
  MediaReport,
  PlayProgress,
  ScheduleReport,
  SignView,
  StatusReport,
} from './status.ts'
import type { UpdateReport } from './update/progress.ts'
import type { VerifyReport } from './verify-report.ts'

type NoArgs = Readonly<Record<never, never>>

/** A file the technician plays: its bytes follow the request line, exactly `bytes` of them. */
export type LocalFile = {
  readonly sha256: string
  readonly bytes: number
  readonly format: AudioFormat
  /** Base name, for the log. */
  readonly name: string
}

/** A picture the technician shows: its bytes follow the request line, exactly `bytes` of them. */
export type LocalPicture = {
  readonly sha256: string
  readonly bytes: number
  readonly format: ImageFormat
  /** Base name, for the log. */
  readonly name: string
}

/** `test`: corners, colours and letters. `clear` takes off what only signs show; alerts and what plays stay. */
export type SignOrder = {
  readonly what: 'text' | 'image' | 'test' | 'clear'
  readonly text?: string
  readonly mode?: PageMode
  readonly color?: string
  readonly file?: LocalPicture
  /** 60 when absent. */
  readonly seconds?: number
  /** All signs when absent. */
  readonly signs?: readonly string[]
}

export type SignOrderReport = {
  /** Its id in the log; absent of `clear`. */
  readonly item?: string
  readonly seconds?: number
  /** How many items were taken off. */
  readonly cleared?: number
  readonly signs: Readonly<Record<string, 'ok' | 'fault'>>
}

/**
 * What can be asked over the control socket: one request a connection, `{"verb","args","follow"?}` and a newline.
 * `value` is one answer. `stream` is what follows line by line with `follow: true`; empty lines between
 * them only say that the agent lives. The server ends the connection after the last.
 */
export type ControlVerbs = {
  /** With `follow`, again every second, or every `everyMs` while something sounds. */
  readonly status: {
    readonly args: { readonly everyMs?: number }
    readonly value: StatusReport
    readonly stream: StatusReport
  }
  readonly schedule: {
    readonly args: { readonly days?: number }
    readonly value: ScheduleReport
    readonly stream: never
  }
  readonly media: { readonly args: NoArgs; readonly value: MediaReport; readonly stream: never }
  /** `since`: ISO 8601. With `follow`, what `value` would have held first, then each new record. */
  readonly log: {
    readonly args: { readonly since?: string; readonly limit?: number }
    readonly value: LogReport
    readonly stream: LogEntry
  }
  /** Always with `follow`; the connection's end stops the sound. Exactly one of `file`, `tone` and `pilot`. */
  readonly play: {
    readonly args: {
      readonly file?: LocalFile
      /** With `toHz` it glides there. */
      readonly tone?: { readonly hz: number; readonly toHz?: number }
      /** Two seconds of tones, made to be heard again. */
      readonly pilot?: true
      /** The whole file, 3 s of a tone, or 10 s of a glide, when absent. */
      readonly seconds?: number
      /** Percent; 70 when absent. */
      readonly volume?: number
      /** What it may cut and what it waits for; `normal` when absent. */
      readonly class?: ProgrammeClass
    }
    readonly value: never
    readonly stream: PlayProgress
  }
  /** `seconds`: how long the relay stays closed; 60 when absent. */
  readonly amplifier: {
    readonly args: { readonly id: string; readonly on: boolean; readonly seconds?: number }
    readonly value: AmplifierReport
    readonly stream: never
  }
  /** Forgets the load of an amplifier's loudspeaker line, which is learned anew while something sounds. */
  readonly 'learn-line': {
    readonly args: { readonly id: string }
    readonly value: LineReport
    readonly stream: never
  }
  /** On the signs now, as an order given on the spot. The bytes of an image follow the request line. */
  readonly sign: {
    readonly args: SignOrder
    readonly value: SignOrderReport
    readonly stream: never
  }
  /** Always with `follow`; the connection's end stops it. `attended`: somebody is there to answer questions. */
  readonly selftest: {
    readonly args: { readonly attended: boolean }
    readonly value: never
    readonly stream: SelftestProgress
  }
  /** `answer`: `yes`, `no` or `skip`, or the words of a remark. `taken`: it was open. */
  readonly 'selftest-answer': {
    readonly args: { readonly run: string; readonly question: QuestionKind; readonly answer: string }
    readonly value: { readonly taken: boolean }
    readonly stream: never
  }
  /** What the signs were given last, each shrunk to at most so many dots. With `follow`, then what has changed, twice a second. */
  readonly 'sign-pictures': {
    readonly args: { readonly columns: number; readonly rows: number }
    readonly value: readonly SignView[]
    readonly stream: readonly SignView[]
  }
  /** The message follows the request line, exactly `bytes` of it. */
  readonly verify: {
    readonly args: { readonly bytes: number }
    readonly value: VerifyReport
    readonly stream: never
  }
  /** Always with `follow`. A release as one file follows the request line, exactly `bytes` of it. Who goes away after it was taken leaves it to the agent. */
  readonly update: {
    readonly args: { readonly bytes: number }
    readonly value: never
    readonly stream: UpdateReport
  }
  /** `cancelled`: there was something, and it was not on trial yet. */
  readonly 'update-cancel': {
    readonly args: NoArgs
    readonly value: { readonly cancelled: boolean }
    readonly stream: never
  }
  readonly doctor: { readonly args: NoArgs; readonly value: AgentFacts; readonly stream: never }
  /** Always with `follow`: what the agent gives into a support bundle, in pieces of its parts. */
  readonly bundle: { readonly args: NoArgs; readonly value: never; readonly stream: BundlePart }
  /** Lifts a mute on the spot. `muted`: whether there was one. */
  readonly unmute: {
    readonly args: NoArgs
    readonly value: { readonly muted: boolean }
    readonly stream: never
  }
}
export type ControlVerb = keyof ControlVerbs

/** `look`: changes nothing, for members of the group `loa`. `act`: sounds, switches or changes something, for `loa-admin`. */
export type ControlAccess = 'look' | 'act'

/** What each verb is: the one place where it is said. */
export const CONTROL_ACCESS: { readonly [V in ControlVerb]: ControlAccess } = {
  status: 'look',
  schedule: 'look',
  media: 'look',
  log: 'look',
  verify: 'look',
  doctor: 'look',
  bundle: 'look',
  'sign-pictures': 'look',
  play: 'act',
  amplifier: 'act',
  'learn-line': 'act',
  sign: 'act',
  unmute: 'act',
  selftest: 'act',
  'selftest-answer': 'act',
  update: 'act',
  'update-cancel': 'act',
}

export type ControlArgs<V extends ControlVerb> = ControlVerbs[V]['args']
