import type { DoctorFacts } from './doctor/facts.ts'
import type { SignPicture } from './sign/sign-picture.ts'
import type { LogEntry } from './status.ts'

/** A sign as the page shows it. */
export type PageSign = Pick<SignPicture, 'id' | 'takes' | 'ok' | 'proof' | 'text'> & {
  /** What is lit on it; absent of a dark sign, and where its controller draws the letters. */
  readonly picture?: {
    /** PNG in base64. */
    readonly png: string
    readonly width: number
    readonly height: number
  }
}

/** A record, and the title of its item where a schedule in force has it. */
export type RecordView = LogEntry & { readonly title?: string }

/** All that the status page tells, before it is put into words. */
export type PageView = {
  readonly facts: DoctorFacts & Required<Pick<DoctorFacts, 'agent'>>
  readonly signs: readonly PageSign[]
  /** Since local midnight, newest first. */
  readonly records: readonly RecordView[]
  /** There are more of them. */
  readonly recordsCut: boolean
}
