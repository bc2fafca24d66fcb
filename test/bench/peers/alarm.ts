/** Another player that breaks off its programme for a siren when a message comes from the broker. */
export interface AlarmPeer extends AsyncDisposable {
  /** The siren ends, the programme sounds again where there is one, and all is prepared for the next message. */
  rearm(): void
}

export type AlarmSounds = {
  readonly port: number
  readonly topic: string
  readonly siren: { readonly wav: string; readonly mp3: string }
  /** Undefined: idle until the message comes. */
  readonly programme: string | undefined
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export type AlarmKind = {
  readonly name: string
  /** How it was tuned and what is left for the message itself. */
  readonly how: string
  /** All found on the path. */
  readonly programs: readonly string[]
  readonly debianPackages: string
  readonly open: (sounds: AlarmSounds) => Promise<AlarmPeer>
}
