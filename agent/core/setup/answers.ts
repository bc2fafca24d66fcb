import type { Place } from '../place.ts'

export type SetupKey = { readonly kid: string; readonly x: string }

/** How a receiver gets its certificate without anybody carrying files: once, with a code. */
export type EnrolmentAnswers = {
  readonly code: string
  /** Where it is asked for; the brokers when absent. */
  readonly urls?: readonly string[]
  /** Of the account for enrolment, where the broker wants one. */
  readonly username?: string
  readonly password?: string
}

/** What setting up a receiver takes, whoever gave it: a file or somebody at a terminal. */
export type SetupAnswers = {
  readonly device: Place & {
    /** Made here when absent. */
    readonly id?: string
    readonly groups: readonly string[]
    readonly languages: readonly string[]
  }
  /** A name, a path, or `auto`. */
  readonly board: string
  /** Sound device instead of that of the board. */
  readonly sound?: string
  /** Serial ports instead of those of the board, by sign. */
  readonly ports?: Readonly<Record<string, string>>
  readonly mqtt: {
    readonly urls: readonly string[]
    readonly protocol?: 4 | 5
    readonly topicRoot?: string
    readonly username?: string
    readonly password?: string
    /** PEM, not a path. */
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
  }
  readonly allow: readonly string[]
  readonly signatures: 'required' | 'off'
  readonly rootKeys: readonly SetupKey[]
  readonly threshold: number
  readonly updateKeys: readonly SetupKey[]
  readonly enrolment?: EnrolmentAnswers
}

/** Brokers are asked over TLS, and nothing says that a password alone is to do. */
export const wantsCertificate = ({ mqtt, enrolment }: SetupAnswers): boolean =>
  mqtt.urls.some((url) => url.startsWith('mqtts:')) &&
  (mqtt.password === undefined || enrolment !== undefined || mqtt.cert !== undefined)
