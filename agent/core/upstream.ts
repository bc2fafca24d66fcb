import type { Code, RefusalCode } from './codes.ts'
import type { DocumentKey, Policy } from './documents.ts'
import type { FormerPlace, Place } from './place.ts'
import type { ClockState, EventRecord, PlaybackRecord } from './records.ts'
import type { OptionalPart } from './safe-mode.ts'
import type { SignProof } from './sign/proof.ts'
import type { UpdateReport } from './update/progress.ts'

/**
 * What the device sends (contract, section 4). Instants are ISO 8601 in UTC with milliseconds.
 */

/** Birth, clean goodbye and will, retained on `up/state`. */
export type StateMessage = {
  readonly v: 1
  readonly state: 'online' | 'offline' | 'lost'
  /** 128 random bits in hex, new at each start of the agent. */
  readonly boot: string
  /** Rises for the life of state.db. */
  readonly connection: number
  /** Version of the agent. */
  readonly agent: string
  readonly at: string
}

/** What this device is and can do, retained on `up/about`. */
export type AboutMessage = {
  readonly v: 1
  readonly device: string
  readonly province: string
  readonly commune: string
  /** Sort of receiver: `speaker`, `sign` or `speaker-sign`. */
  readonly kind: string
  /** Name of the board file. */
  readonly board: string
  readonly model: string
  readonly serial: string
  readonly agent: string
  readonly node: string
  readonly os: string
  /** Name of the audio driver. */
  readonly audio: string
  /** Ids. */
  readonly amplifiers: readonly string[]
  readonly signs: readonly {
    readonly id: string
    readonly driver: string
    readonly width: number
    readonly height: number
  }[]
  /** Ids. */
  readonly inputs: readonly string[]
  readonly languages: readonly string[]
  readonly capabilities: readonly string[]
}

/** Where the device stands, the former places that are still obeyed, and where it is about to move. */
export type PlaceReport = Place & {
  readonly formerly?: readonly FormerPlace[]
  readonly movingTo?: Place
}

/** What is in force after `agent.yaml` and `desired` have been put together. */
export type ReportedConfig = {
  readonly policy: Policy
  readonly groups: readonly string[]
  readonly heartbeat: { readonly intervalSeconds: number }
  /** Master volume in percent. */
  readonly volume: number
  readonly languages: readonly string[]
  readonly place: PlaceReport
}

export type Rejection = {
  readonly document: DocumentKey
  /** Absent when the document could not be read so far. */
  readonly rev?: number
  readonly code: RefusalCode
  /** Where the fault is, in dots. */
  readonly path?: string
  readonly message: string
}

export type NextOccurrence = {
  readonly item: string
  readonly at: string
  /** Everything it needs is verified and local, or the first URL of its stream answers. */
  readonly armed: boolean
  readonly reason?: Code
}

/** Revisions held, refusals and effective configuration, retained on `up/reported`. */
export type ReportedMessage = {
  readonly v: 1
  readonly at: string
  readonly revs: Readonly<Record<DocumentKey, number>>
  /** Newest first, at most 10. */
  readonly rejected: readonly Rejection[]
  readonly config: ReportedConfig
  readonly media: {
    readonly wanted: number
    readonly present: number
    /** SHA-256 of at most 20 files. */
    readonly missing: readonly string[]
  }
  /** At most 10. */
  readonly next: readonly NextOccurrence[]
}

/** Health, every interval, at most 600 bytes; the optional members are those that may be dropped or unknown. */
export type HeartbeatMessage = {
  readonly v: 1
  readonly seq: number
  readonly at: string
  /** Seconds since the agent started. */
  readonly up: number
  readonly state: 'idle' | 'playing' | 'alert' | 'muted'
  readonly item?: string
  readonly health: 'ok' | 'degraded' | 'fault'
  readonly problems: readonly Code[]
  /** Problems that did not fit. */
  readonly more?: number
  readonly clock: { readonly state: ClockState; readonly offsetMs: number }
  /** Percent: of what plays, else the master. */
  readonly volume: number
  readonly cpuC?: number
  readonly rssMb: number
  readonly diskMb: number
  /** Unacknowledged records. */
  readonly outbox: number
  readonly next?: { readonly item: string; readonly at: string; readonly armed: boolean }
  /** `usedMb`: over modems in the billing month, MB of 1,000,000 bytes. */
  readonly net?: { readonly bearer: string; readonly dbm?: number; readonly usedMb?: number }
  readonly power?: { readonly mains?: boolean; readonly volts?: number }
  readonly amps?: Readonly<Record<string, 'off' | 'on' | 'stuck'>>
  readonly signs?: Readonly<Record<string, 'ok' | 'fault'>>
  /** Of signs that work, how it is known that they show what they should. */
  readonly shown?: Readonly<Record<string, SignProof>>
  readonly underruns: number
  /** In safe mode: the part that fails, where it is known, and when the agent starts anew. */
  readonly safe?: { readonly part?: OptionalPart; readonly until: string }
  /** How much of the last programme was heard, and of the last ten on average, 0 to 1; with a capture device. */
  readonly heard?: { readonly last: number; readonly mean: number }
}

type Batch<R> = {
  readonly v: 1
  readonly device: string
  /** 128 random bits in hex. (`epoch`, `n`) identifies a record for ever. */
  readonly epoch: string
  /** 1-64, at most 16 KiB, in order of `n`. */
  readonly records: readonly R[]
}
export type PlaybackBatch = Batch<PlaybackRecord>
export type EventBatch = Batch<EventRecord>

/** Answer to a command, on `up/reply`. */
export type ReplyMessage = {
  readonly v: 1
  /** Of the command. */
  readonly id: string
  readonly status: 'accepted' | 'started' | 'done' | 'failed' | 'rejected'
  readonly code?: Code
  readonly data?: Readonly<Record<string, unknown>>
  readonly at: string
}

/** How it stands with the software update under way, or with the last one, retained on `up/job`. */
export type JobMessage = { readonly v: 1; readonly at: string } & Omit<UpdateReport, 'by'>

/** Everything the device sends, by the last level of its topic. */
export type UpMessages = {
  readonly state: StateMessage
  readonly about: AboutMessage
  readonly reported: ReportedMessage
  readonly heartbeat: HeartbeatMessage
  readonly playback: PlaybackBatch
  readonly event: EventBatch
  readonly reply: ReplyMessage
  readonly job: JobMessage
}
