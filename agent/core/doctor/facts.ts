import type { ReasonCode } from '../codes.ts'
import type { AgentConfig } from '../configuration.ts'
import type { DocumentKey } from '../documents.ts'
import type { Refused } from '../refused.ts'
import type { MediaFile, StatusReport } from '../status.ts'

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
}

export const settingsOf = ({ device, security, content }: AgentConfig): DoctorSettings => ({
  device: device.id,
  area: `${device.province}/${device.commune}`,
  signatures: security.signatures,
  rootKeys: security.rootKeys.map(({ kid }) => kid),
  threshold: security.threshold,
  allow: content.allow,
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
  /** Quiet hours hold until then. */
  readonly quietUntil?: string
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
  }
  readonly configChangedAt?: string
  /** In force, or those of the file while no agent runs. */
  readonly settings?: DoctorSettings
  readonly files?: readonly FileFault[]
  readonly diskMb?: number
  readonly agent?: AgentFacts
}
