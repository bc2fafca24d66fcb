/**
 * The signed documents as they travel (contract, section 3), after their schema has been checked.
 * Optional members are absent when the publisher left them out; defaults are put in by the core where they are used.
 */

export type ProgrammeClass = 'normal' | 'priority' | 'emergency'
export type Tier = 'central' | 'province' | 'commune'
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
export type BuiltInSound = 'chime' | 'chime-end' | 'attention' | 'siren-wail' | 'siren-two-tone' | 'pilot'
export type AudioFormat = 'mp3' | 'ogg' | 'aac' | 'm4a' | 'flac' | 'wav'
export type StreamFormat = AudioFormat | 'hls'
export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp'

/** A file known by its content. `sha256` is 64 lower-case hex digits, `bytes` its exact length. */
export type MediaRef = {
  readonly sha256: string
  readonly bytes: number
  readonly format: AudioFormat | ImageFormat
  readonly urls: readonly string[]
}
export type AudioRef = MediaRef & {
  readonly format: AudioFormat /** Declared length; the part ends there. */
  readonly seconds: number
}
export type ImageRef = MediaRef & { readonly format: ImageFormat }

export type Part =
  | { readonly sound: BuiltInSound }
  | { readonly audio: AudioRef }
  | { /** Seconds. */ readonly pause: number }
  | { readonly speech: { readonly text: string; readonly language?: string } }
  | {
      readonly stream: {
        readonly format: StreamFormat
        readonly seconds: number
        readonly urls: readonly string[]
      }
    }

export type PageMode = 'still' | 'scroll' | 'flip'
export type Page =
  | {
      readonly text: string
      readonly mode?: PageMode /** A CSS colour name or #rrggbb. */
      readonly color?: string
      readonly seconds: number
    }
  | { readonly image: ImageRef; readonly seconds: number }
export type SignContent = {
  /** Sign ids; all signs of the board when absent. */ readonly signs?: readonly string[]
  readonly pages: readonly Page[]
}

/** Local wall times of the zone, `HH:MM:SS`; dates `YYYY-MM-DD`, both ends inclusive. */
export type Recurrence = {
  readonly times: readonly string[]
  readonly days?: readonly Weekday[]
  readonly from?: string
  readonly until?: string
  readonly except?: readonly string[]
}
export type When = { /** ISO 8601 with offset. */ readonly at: string } | Recurrence

export type LatePolicy = { readonly policy: 'skip' | 'play' | 'join'; readonly withinSeconds: number }
export type OnPreempt = 'resume' | 'restart' | 'drop'
export type Targets = { readonly devices?: readonly string[]; readonly groups?: readonly string[] }

export type ScheduleItem = {
  readonly id: string
  readonly title?: string
  readonly class?: ProgrammeClass
  readonly tier?: Tier
  readonly language?: string
  readonly when: When
  readonly parts?: readonly Part[]
  readonly repeat?: { /** Total number of plays. */ readonly times: number; readonly gapSeconds?: number }
  readonly maxSeconds?: number
  readonly volume?: number
  readonly order?: number
  readonly late?: LatePolicy
  readonly onPreempt?: OnPreempt
  readonly amplifiers?: readonly string[]
  readonly targets?: Targets
  readonly sign?: SignContent
}

export type AlertEvent =
  | 'flood'
  | 'storm'
  | 'landslide'
  | 'fire'
  | 'epidemic'
  | 'tsunami'
  | 'evacuation'
  | 'civil-defence'
  | 'test'
export type Severity = 'extreme' | 'severe' | 'moderate' | 'minor'
export type Siren = {
  readonly onSeconds: number
  readonly offSeconds: number /** Total. */
  readonly cycles: number
}
export type Alert = {
  readonly id: string
  readonly event: AlertEvent
  readonly severity: Severity
  /** Text by language. */
  readonly headline: Readonly<Record<string, string>>
  readonly siren?: Siren
  readonly parts?: readonly Part[]
  readonly repeatEverySeconds?: number
  readonly until: string
  readonly volume?: number
  readonly targets?: Targets
  readonly sign?: SignContent
  /** CAP 1.2 XML; empty when nothing could be read of it. */
  readonly cap?: string
}

export type DocumentKind = 'trust' | 'schedule' | 'alert' | 'fresh' | 'desired' | 'command' | 'job'
/** `area` is `vn`, `75` or `75/26068`. */
type AreaDocument<K extends DocumentKind> = {
  readonly kind: K
  readonly v: 1
  readonly area: string
  readonly rev: number
  readonly iat: string
  readonly exp?: string
}
type DeviceDocument<K extends DocumentKind> = Omit<AreaDocument<K>, 'area'> & { readonly device: string }

export type ScheduleDocument = AreaDocument<'schedule'> & { readonly items: readonly ScheduleItem[] }
export type AlertDocument = AreaDocument<'alert'> & { readonly alerts: readonly Alert[] }
export type FreshDocument = AreaDocument<'fresh'> & {
  readonly revs: { readonly schedule?: number; readonly alert?: number; readonly trust?: number }
}
export type TrustKey = {
  readonly kid: string
  /** Ed25519 public key, base64url of 32 bytes (RFC 8037). */
  readonly x: string
  readonly tier: Tier
  readonly area: string
  readonly kinds: readonly DocumentKind[]
  readonly maxClass: ProgrammeClass
  readonly nbf: string
  readonly exp: string
}
export type TrustDocument = AreaDocument<'trust'> & { readonly keys: readonly TrustKey[] }

/** Local times `HH:MM`; `from` inclusive, `to` exclusive, may cross midnight. */
export type DayRange = { readonly from: string; readonly to: string }
export type VolumeCap = DayRange & { /** Percent. */ readonly max: number }
export type Policy = {
  readonly quietHours: readonly DayRange[]
  readonly volume: readonly VolumeCap[]
  readonly normalFromProvince: 'play' | 'ignore'
  readonly fadeInSeconds: number
}
/** Where the device is to stand. */
export type DesiredPlace = {
  readonly province: string
  readonly commune: string
  /** Days after the date of signature in which the documents of the place that it leaves are obeyed; 30 when absent. */
  readonly overlapDays?: number
}
export type DesiredConfig = {
  readonly policy?: Partial<Policy>
  readonly groups?: readonly string[]
  readonly heartbeat?: { readonly intervalSeconds: number }
  /** Master volume in percent. */
  readonly volume?: number
  readonly languages?: readonly string[]
  readonly place?: DesiredPlace
}
export type DesiredDocument = DeviceDocument<'desired'> & { readonly config: DesiredConfig }

/** The job of a device is known by its id: one that is over is not done again at a later revision. */
export type JobOrder =
  | {
      readonly id: string
      readonly op: 'update'
      /** Compact JWS of a release. */
      readonly release: string
      /** Nothing of it begins earlier. */
      readonly notBefore?: string
    }
  | {
      readonly id: string
      /** A new key pair, and the certificate of it. */
      readonly op: 'renew'
      /** PEM, once the device has asked for it: what it is to show to the broker, and up to three on the way to the authority. */
      readonly certificate?: string
    }
  | { readonly id: string; readonly op: 'cancel' }
export type JobDocument = DeviceDocument<'job'> & { readonly job: JobOrder }

export type CommandOp =
  | {
      readonly op: 'play'
      readonly args: {
        readonly parts: readonly Part[]
        readonly class?: ProgrammeClass
        readonly volume?: number
      }
    }
  | { readonly op: 'stop'; readonly args?: object }
  | { readonly op: 'mute'; readonly args?: { readonly seconds?: number } }
  | { readonly op: 'unmute'; readonly args?: object }
  | { readonly op: 'volume'; readonly args: { readonly volume: number } }
  | {
      readonly op: 'amplifier'
      readonly args: { readonly id: string; readonly on: boolean; readonly seconds?: number }
    }
  | {
      readonly op: 'sign'
      readonly args: {
        readonly pages: readonly Page[]
        readonly seconds?: number
        readonly signs?: readonly string[]
      }
    }
  | { readonly op: 'sign-clear'; readonly args?: object }
  | { readonly op: 'self-test'; readonly args?: object }
  | {
      readonly op: 'sync'
      readonly args?: { readonly from?: { readonly epoch: string; readonly n: number } }
    }
  | { readonly op: 'bundle'; readonly args?: object }
  | { readonly op: 'restart'; readonly args?: object }
  | { readonly op: 'reboot'; readonly args?: object }
export type Command = CommandOp & {
  readonly kind: 'command'
  readonly v: 1
  readonly id: string
  readonly device: string
  readonly boot: string
  readonly iat: string
  readonly exp: string
}

export type RevisedDocument =
  | ScheduleDocument
  | AlertDocument
  | FreshDocument
  | TrustDocument
  | DesiredDocument
  | JobDocument

/** How a document is known in `reported.revs` and in records: `75/26068/schedule`, `vn/alert`, `desired`. */
export type DocumentKey = string

/** What a message of a kind holds. */
export type DocumentOf = {
  readonly trust: TrustDocument
  readonly schedule: ScheduleDocument
  readonly alert: AlertDocument
  readonly fresh: FreshDocument
  readonly desired: DesiredDocument
  readonly command: Command
  readonly job: JobDocument
}
