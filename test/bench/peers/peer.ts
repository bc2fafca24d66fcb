/** Another player that is asked to start a sound at an instant. */
export interface Peer extends AsyncDisposable {
  readonly name: string
  /** Everything that can be done ahead: spawn, connect, open, load. */
  prepare(): Promise<void>
  /** The one step left; must not wait. */
  start(): void
  /** Silence at once, before the file has ended: MPD would wait in a busy loop for the virtual card to drain. */
  stop(): void
}

/** What every peer plays, and the environment in which ALSA finds its sound card. */
export type PeerSounds = {
  readonly wav: string
  readonly mp3: string
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export type PeerKind = {
  readonly name: string
  /** How it was tuned and what is left for the instant itself. */
  readonly how: string
  /** Found on the path. */
  readonly program: string
  readonly debianPackage: string
  readonly open: (sounds: PeerSounds) => Promise<Peer>
}
