/** What `loa doctor` sees by itself of what lies around the device. Times are ISO 8601. */

/** `silent`: no name server answered, so that nothing is known of the name. */
export type NameProbe = { readonly host: string; readonly answer: 'found' | 'unknown' | 'silent' }

/** How far a connection came: its name, the way, TLS. */
export type ReachState =
  | 'open'
  | 'name'
  | 'refused'
  | 'timeout'
  | 'route'
  | 'expired'
  | 'not-yet'
  | 'untrusted'
  | 'other-name'
  | 'no-tls'
  | 'authority'
  | 'other'

export type ReachProbe = {
  /** Of a broker, or the origin of a content server. */
  readonly url: string
  readonly state: ReachState
  /** What the system or the library said. */
  readonly detail?: string
  /** Of the certificate that was shown. */
  readonly validFrom?: string
  readonly validTo?: string
}

/** How far this clock is ahead of another one. */
export type TimeProbe = { readonly source: string; readonly aheadMs: number }

export type Outside = {
  readonly names: readonly NameProbe[]
  readonly brokers: readonly ReachProbe[]
  readonly hosts: readonly ReachProbe[]
  readonly times: readonly TimeProbe[]
}

export type OutsideTargets = {
  readonly brokers: readonly string[]
  /** File of the authority that vouches for the brokers. */
  readonly ca?: string
  /** `content.allow`. */
  readonly content: readonly string[]
  readonly timeServers: readonly string[]
}

/** What systemd says of the service and of the clock; a part that cannot be asked is absent. */
export type ServiceFacts = {
  /** As `systemctl show` tells them. */
  readonly unit?: Readonly<Record<string, string>>
  /** As `timedatectl show` tells them. */
  readonly time?: Readonly<Record<string, string>>
}

/** `undefined` where the file may not be read, is not there, or takes too long. */
export type DatabaseVerdict = { readonly file: string; readonly verdict: 'ok' | (string & {}) }
