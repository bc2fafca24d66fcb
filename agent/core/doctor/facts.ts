import type { ReasonCode } from '../codes.ts'
import type { AgentConfig } from '../configuration.ts'
import type { DocumentKey } from '../documents.ts'
import type { Bearer } from '../link/way.ts'
import type { Refused } from '../refused.ts'
import type { MediaFile, StatusReport } from '../status.ts'
import type { DatabaseVerdict, Outside, ServiceFacts } from './outside.ts'
import type { SeenCheck } from './seen.ts'
import type { Told } from './told.ts'

/** What of the configuration is judged; times in all facts are ISO 8601. */
export type DoctorSettings = {
  readonly device: string
  /** `province/commune`. */
  readonly area: string
  readonly signatures: 'required' | 'off'
  /** Their kids. */
  readonly rootKeys: readonly string[]
  readonly threshold: number
  readonly allow: readonly string[]
  /** URLs of the brokers; an agent of an earlier release, not yet restarted, does not tell them. */
  readonly brokers?: readonly string[]
  /** File of the authority that vouches for the brokers. */
  readonly ca?: string
  /** Kids of the keys whose releases are taken. */
  readonly updateKeys?: readonly string[]
}

export const settingsOf = ({ device, security, content, mqtt, update }: AgentConfig): DoctorSettings => ({
  device: device.id,
  area: `${device.province}/${device.commune}`,
  signatures: security.signatures,
  rootKeys: security.rootKeys.map(({ kid }) => kid),
  threshold: security.threshold,
  allow: content.allow,
  brokers: mqtt.urls,
  updateKeys: update.keys.map(({ kid }) => kid),
  ...(mqtt.ca === undefined ? {} : { ca: mqtt.ca }),
})

/** A key of the configuration that names a certificate, key or password, and what is wrong with its file. */
type FileFault = { readonly path: string; readonly message: string }

export type TrustFacts = {
  readonly document: DocumentKey
  readonly rev: number
  readonly keys: number
  readonly inDate: number
  /** When the first of those in date ends. */
  readonly ends?: string
}

/** What only the running agent knows. */
export type AgentFacts = {
  readonly status: StatusReport
  readonly settings: DoctorSettings
  readonly node: string
  /** Of the agent's process; 0 is root. */
  readonly uid: number
  /** Of the configuration's files, as the agent sees them. */
  readonly files: readonly FileFault[]
  readonly diskMb: number
  /** Revisions held. */
  readonly revisions: Readonly<Record<DocumentKey, number>>
  readonly trust: readonly TrustFacts[]
  readonly schedules: readonly { readonly document: DocumentKey; readonly exp?: string }[]
  readonly refused: readonly Refused[]
  /** Files that are wanted and not ready, soonest needed first; a few. */
  readonly missing: readonly (Pick<MediaFile, 'sha256' | 'state' | 'waitsUntil'> & {
    readonly code?: ReasonCode
  })[]
  /** When the oldest unacknowledged record was made. */
  readonly oldestRecord?: string
  /** When state.db was made anew for a fault, if that was lately. */
  readonly databaseLost?: string
  /** When media.db was made anew for a fault, if that was lately. */
  readonly cacheLost?: string
  /** Quiet hours hold until then. */
  readonly quietUntil?: string
  /** Of the agent's process. */
  readonly pid?: number
  /** Topics to which the broker does not let this device listen. */
  readonly unsubscribed?: readonly string[]
  /** The status page, where there is to be one, and why it is not served. */
  readonly page?: { readonly listen: string; readonly fault?: string }
}

/** What of a process keeps it in its bounds, as /proc/PID/status tells it. */
export type Bounds = {
  readonly noNewPrivileges: boolean
  /** A filter of system calls. */
  readonly filtered: boolean
  /** In hex; 0 is none. */
  readonly capabilities: string
}

/** Of the disk that holds the state. */
type DiskFacts = {
  /** Percent of its inodes that are free; absent where there is no such number. */
  readonly inodesFree?: number
  /** Where it is mounted for reading only. */
  readonly readOnlyAt?: string
  /** When something of the state was written last. */
  readonly writtenAt?: string
}

/** All that is known of the device; a part that cannot be had is absent. */
export type DoctorFacts = {
  /** Of the command: what is installed. */
  readonly installed: { readonly version: string; readonly node: string }
  readonly machine: {
    /** Release, as `uname -r` tells it. */
    readonly kernel: string | undefined
    /** Security modules of the kernel. */
    readonly lsm: readonly string[] | undefined
    readonly perl: boolean
    /** Names of the Unix groups. */
    readonly groups: readonly string[]
    /** /etc/machine-id holds one. */
    readonly hasId: boolean
    /** Programs that were looked for, and whether they are there. */
    readonly programs: Readonly<Record<string, boolean>>
    /** Time of the clock that goes on without power; absent where there is none. */
    readonly rtcAt?: string
  }
  /** When all this was looked at. */
  readonly at: string
  /** What the command judged where it saw it, by check. */
  readonly seen: Readonly<Partial<Record<SeenCheck, readonly Told[]>>>
  /** Absent where it was not looked at. */
  readonly outside?: Outside
  readonly service?: ServiceFacts
  /** What the unit file that is shipped says of its hardening. */
  readonly hardening?: Readonly<Record<string, string>>
  /** Of the agent's process. */
  readonly bounds?: Bounds
  readonly disk?: DiskFacts
  readonly databases?: readonly DatabaseVerdict[]
  /** Over what this device reaches out, as the command sees it. */
  readonly way?: { readonly bearer: Bearer; readonly device?: string }
  readonly configChangedAt?: string
  /** In force, or those of the file while no agent runs. */
  readonly settings?: DoctorSettings
  readonly files?: readonly FileFault[]
  readonly diskMb?: number
  readonly agent?: AgentFacts
}
