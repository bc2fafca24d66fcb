import type { Code, ReasonCode } from './codes.ts'
import type { AudioFormat, DocumentKey, ImageFormat, ProgrammeClass, Tier } from './documents.ts'
import type { LineState } from './line/load.ts'
import type { LinkReport } from './link/report.ts'
import type { ClockState, EventRecord, PlaybackRecord, Result } from './records.ts'
import type { SafeModeReport } from './safe-mode.ts'
import type { SensorName } from './sensor/reading.ts'
import type { SignProof } from './sign/proof.ts'
import type { UpdateReport } from './update/progress.ts'
import type { PlaceReport } from './upstream.ts'

/**
 * What the agent tells the technician over its control socket. Times are ISO 8601 UTC with milliseconds;
 * the screen shows them in `timezone`.
 */

/** The first that holds of muted, alert, playing, idle (contract, section 4, heartbeat). */
export type OperatingState = 'idle' | 'playing' | 'alert' | 'muted'
export type HealthLevel = 'ok' | 'degraded' | 'fault'

/** Something that is wrong now. `detail` is what the component said, in English, without the meaning of the code. */
export type Problem = { readonly code: Code; readonly detail?: string }

/** A document that was refused, as in `reported`. */
type RejectedDocument = {
  readonly document: DocumentKey
  readonly rev?: number
  readonly code: Code
  readonly path?: string
  readonly message: string
}

/** What sounds now; `durationSeconds` is absent where the end is not known. */
type NowPlaying = {
  readonly item: string
  readonly title?: string
  readonly document: DocumentKey
  readonly positionSeconds: number
  readonly durationSeconds?: number
  /** Percent. */
  readonly volume: number
  /** Peak of the last half second in dBFS, where it is measured. */
  readonly peakDb?: number
}

/** An item still to come. `armed`: everything it needs is verified and local; `reason` says why not. */
export type NextItem = {
  readonly item: string
  readonly title?: string
  readonly at: string
  readonly armed: boolean
  readonly reason?: ReasonCode
}

/** What a decoder is kept from. */
export const CONFINEMENTS = ['files', 'network', 'processes', 'limits'] as const
export type Confinement = (typeof CONFINEMENTS)[number]

/** How far decoders and speech are confined on this machine; `missing` is what the kernel refused. */
export type JailReport = {
  readonly state: 'full' | 'partial' | 'none'
  readonly missing: readonly Confinement[]
}

/** A sound card or serial adapter since the agent started. */
export type AdapterReport = {
  /** `sound`, or the id of its sign. */
  readonly id: string
  /** As the board file names it. */
  readonly name: string
  readonly present: boolean
  readonly losses: number
  readonly returns: number
  /** How often its socket was switched off and on. */
  readonly cycles: number
  /** A name that stays with it, where that of the board file does not. */
  readonly better?: string
}

export type LineReport = {
  readonly state: LineState | 'fault'
  /** Of the load that was learned, as it was when something sounded last. */
  readonly loadPercent?: number
  /** While it is learned: how much of the sound that it takes was heard. */
  readonly learnedPercent?: number
}

export type StatusReport = {
  /** Of this program; absent while nothing was ever ordered. */
  readonly update?: UpdateReport
  readonly device: string
  /** Absent of an agent of an earlier release. */
  readonly place?: PlaceReport
  readonly board: string
  /** Version. */
  readonly agent: string
  readonly timezone: string
  /** Wall time of the answer. */
  readonly at: string
  readonly state: OperatingState
  readonly health: HealthLevel
  readonly problems: readonly Problem[]
  readonly clock: { readonly state: ClockState; readonly offsetMs: number }
  readonly broker: { readonly connected: boolean; readonly url?: string; readonly since?: string }
  readonly net: LinkReport
  readonly playing?: NowPlaying
  /** Soonest first, at most 10. */
  readonly next: readonly NextItem[]
  /** Unacknowledged records. */
  readonly outbox: number
  /** Files that items in force need, and how many of them are armed. */
  readonly media: { readonly wanted: number; readonly present: number }
  readonly amps: Readonly<Record<string, 'off' | 'on' | 'stuck'>>
  readonly signs: Readonly<Record<string, 'ok' | 'fault'>>
  /** Of signs that work, how it is known that they show what they should. */
  readonly shown: Readonly<Record<string, SignProof>>
  /** Contacts, as far as they were read. */
  readonly inputs: Readonly<Record<string, 'open' | 'closed' | 'fault'>>
  /** Absent where nothing can be plugged out. */
  readonly adapters?: readonly AdapterReport[]
  /** What sensors said last, in their units; those that this machine has. */
  readonly sensors: Readonly<Partial<Record<SensorName, number>>>
  /** Of amplifiers whose loudspeaker line is watched. */
  readonly lines: Readonly<Record<string, LineReport>>
  /** How well the last programmes were heard, 0 to 1; `of` them were judged. Absent without a capture device. */
  readonly hearing?: { readonly last?: number; readonly mean?: number; readonly of: number }
  readonly uptimeSeconds: number
  readonly underruns: number
  readonly muted: boolean
  readonly jail: JailReport
  /** Absent when everything runs. */
  readonly safeMode?: SafeModeReport
  /** Newest first, at most 10. */
  readonly rejected: readonly RejectedDocument[]
}

/**
 * What becomes of an item that wants the output together with another. `first`: it sounds, and the other has to see;
 * `resumed`, `restarted`, `dropped`: it is cut at `at`; `waits`, `joins`: it begins at `at`, from its beginning or from where it
 * would be; `missed`: the output is free at `at`, after its window.
 */
export type Conflict = {
  readonly with: string
  readonly outcome: 'first' | 'waits' | 'joins' | 'resumed' | 'restarted' | 'dropped' | 'missed'
  readonly at: string
}

/** One planned occurrence as the planner and the policy see it now. */
export type PlannedItem = {
  readonly planned: string
  readonly item: string
  readonly title?: string
  readonly document: DocumentKey
  readonly class: ProgrammeClass
  readonly tier: Tier
  readonly seconds?: number
  readonly armed: boolean
  /** Why it is not armed. */
  readonly reason?: ReasonCode
  /** Of a place where the device stood before: until when that is obeyed, and whether the present one broadcasts the same. */
  readonly former?: { readonly until: string; readonly twin: boolean }
  /** Only signs show it. */
  readonly signOnly?: true
  /** Item that contends for the same output at that time. */
  readonly conflictWith?: string
  /** What comes of that. */
  readonly conflict?: Conflict
  /** Why policy will not let it play: `QUIET_HOURS`, `POLICY`, `MUTED`. */
  readonly refused?: ReasonCode
}
/** What a sign was given last, shrunk to what was asked for. */
export type SignView = {
  readonly id: string
  /** LEDs of the panel. */
  readonly width: number
  readonly height: number
  /** Text of the page; empty when the sign is dark. */
  readonly text: string
  /** Its controller draws the text itself: the picture is only what a panel of LEDs would show. */
  readonly drawsItself: boolean
  readonly picture: {
    readonly width: number
    readonly height: number /** RGB888, base64. */
    readonly rgb: string
  }
}

export type ScheduleReport = {
  readonly timezone: string
  readonly from: string
  readonly until: string
  readonly items: readonly PlannedItem[]
}

export type MediaFile = {
  readonly sha256: string
  readonly format: AudioFormat | ImageFormat
  readonly bytes: number
  readonly heldBytes: number
  readonly state: 'missing' | 'fetching' | 'checking' | 'ready' | 'bad'
  readonly code?: ReasonCode
  readonly message?: string
  /** When the first item that needs it is due, and which that is. */
  readonly neededAt?: string
  readonly neededBy?: string
  /** While it is fetched: on average since that began. */
  readonly bytesPerSecond?: number
  /** To save data it is fetched no sooner, unless a link comes that costs nothing. */
  readonly waitsUntil?: string
}
export type MediaReport = {
  readonly timezone: string
  readonly wanted: number
  readonly present: number
  readonly quotaMb: number
  readonly usedMb: number
  readonly files: readonly MediaFile[]
}

export type LogEntry =
  | { readonly topic: 'playback'; readonly record: PlaybackRecord }
  | { readonly topic: 'event'; readonly record: EventRecord }
/** Newest last. */
export type LogReport = { readonly timezone: string; readonly entries: readonly LogEntry[] }

/** How far a local `play` has come; the last one says `ended`, with the result of its playback record. */
export type PlayProgress =
  | { readonly state: 'accepted'; readonly item: string }
  | {
      readonly state: 'playing'
      readonly item: string
      readonly startedAt: string
      readonly amplifiers: readonly string[]
    }
  | {
      readonly state: 'ended'
      readonly item: string
      readonly result: Result
      readonly reason?: ReasonCode
      readonly playedSeconds: number
      /** As in the record. */
      readonly relay?: boolean
      readonly heard?: number
    }

export type AmplifierReport = {
  readonly id: string
  readonly state: 'off' | 'on' | 'stuck'
  readonly seconds?: number
  /** Where its loudspeaker line is watched. */
  readonly line?: LineReport
}
