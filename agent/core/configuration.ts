import type { Alert, DayRange, Policy } from './documents.ts'
import type { PageConfig } from './page-configuration.ts'
import type { FormerPlace } from './place.ts'
import type { LineConfig, SensorsConfig } from './sensor-configuration.ts'
import type { Place } from './sign/settings.ts'
import type { SignConfig } from './sign-configuration.ts'
import type { ReleaseKey } from './update/release.ts'

/** `agent.yaml` with every default filled in (contract, section 1). */
export type AgentConfig = {
  readonly device: {
    readonly id: string
    readonly province: string
    readonly commune: string
    /** Where it stood before it was moved, as long as the documents from there are still obeyed. */
    readonly formerly?: readonly FormerPlace[]
    readonly groups: readonly string[]
    readonly languages: readonly [string, ...string[]]
    readonly location?: Place
  }
  /** A name in board-configs/ or a path. */
  readonly board: string
  readonly timezone: string
  readonly mqtt: {
    readonly urls: readonly [string, ...string[]]
    readonly protocol: 4 | 5
    readonly topicRoot: string
    readonly username?: string
    readonly passwordFile?: string
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
  }
  readonly content: {
    readonly allow: readonly string[]
    readonly quotaMb: number
    readonly maxFileMb: number
  }
  readonly security: {
    readonly signatures: 'required' | 'off'
    readonly rootKeys: readonly { readonly kid: string; readonly x: string }[]
    readonly threshold: number
  }
  readonly policy: Policy
  readonly contacts: readonly ContactAlert[]
  readonly speech: { readonly piper?: PiperConfig }
  readonly network: NetworkConfig
  /** Absent: there is no status page. */
  readonly page?: PageConfig
  readonly heartbeat: { readonly intervalSeconds: number }
  readonly outbox: { readonly ack: 'server' | 'broker' }
  readonly update: {
    /** Empty: no release is taken. */
    readonly keys: readonly ReleaseKey[]
    /** A release that was well for so long is committed. */
    readonly trialMinutes: number
  }
  readonly paths: { readonly state: string; readonly runtime: string }
  readonly log: { readonly level: LogLevel }
}
/** What an emergency contact of the board starts; what is absent is taken from the default. */
export type ContactAlert = Partial<
  Pick<
    Alert,
    'event' | 'severity' | 'headline' | 'siren' | 'parts' | 'repeatEverySeconds' | 'volume' | 'sign'
  >
> & {
  /** Id of the contact. */
  readonly input: string
  /** In force for so long at least, however short the contact was closed. */
  readonly forSeconds?: number
  /** In force for so long at most, however long it stays closed. */
  readonly maxMinutes?: number
}
export type NetworkConfig = {
  /** Network devices that are modems though they pass themselves off as cards. */
  readonly modems: readonly string[]
  /** A page of which the answer is known: this text, or none with status 204. */
  readonly probe?: { readonly url: string; readonly answer?: string }
  /** Absent: there is no budget, and files never wait. */
  readonly data?: {
    /** MB of 1,000,000 bytes. */
    readonly monthlyMb: number
    readonly billingDay: number
    /** Local times in which files are fetched over a modem. */
    readonly night: readonly DayRange[]
  }
}
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** A neural synthesiser and its voices, installed by hand. */
export type PiperConfig = {
  readonly binary: string
  /** Each model has its description beside it: the same name with `.json`. */
  readonly voices: readonly { readonly language: string; readonly model: string }[]
}

export type Bias = 'pull-up' | 'pull-down' | 'none'
/** One GPIO line of a chip known by its name (`gpiochip0`) or its label (`pinctrl-bcm2711`). */
export type GpioLine = {
  readonly chip: string
  readonly line: number
  readonly activeLow: boolean
  /** Of an input: the chip's own resistor; as it is when absent. */
  readonly bias?: Bias
}

type AmplifierTiming = {
  readonly id: string
  /** A transmitter is keyed by its relay: it needs its carrier before the first sound. */
  readonly role?: 'amplifier' | 'transmitter'
  /** From relay closed to first sound; the lead time of a transmitter. */
  readonly settleMs: number
  /** From last frame to relay open. */
  readonly holdMs: number
  readonly minOffMs: number
  readonly maxOnMinutes: number
  /** After its relay has closed no other closes for so long. Absent: 0. */
  readonly staggerMs?: number
  /** Of amplifiers with the same word one at most is on. */
  readonly exclusive?: string
  /** Signs that its relay feeds too: it is closed while one of them shows something. */
  readonly signs?: readonly string[]
  /** Where the current of its loudspeaker line is read. */
  readonly speakerLine?: LineConfig
}
export type AmplifierConfig = AmplifierTiming &
  (
    | ({
        readonly driver: 'gpiochip'
        readonly feedback?: GpioLine & { readonly withinMs: number }
      } & GpioLine)
    | {
        readonly driver: 'rpio' /** GPIO number (BCM). */
        readonly line: number
        readonly activeLow: boolean
      }
    | { readonly driver: 'virtual' /** File that gets one JSON line a change. */; readonly trace?: string }
    | { readonly driver: 'none' }
    | {
        /** Has no relay of its own. */
        readonly driver: 'shared'
        /** The amplifier whose relay feeds this one too. */
        readonly relay: string
      }
  )
/** An amplifier with a relay of its own. */
export type RelayConfig = Exclude<AmplifierConfig, { readonly driver: 'shared' }>
export const hasRelay = (amplifier: AmplifierConfig): amplifier is RelayConfig =>
  amplifier.driver !== 'shared'

/** Shapes the sound for horns; what is absent is left flat. */
export type HornFilterConfig = {
  /** Corner below which nothing but excursion comes out of a horn. */
  readonly highPassHz?: number
  /** Gain around 3 kHz, where consonants are told apart. */
  readonly presenceDb?: number
}

/** An ALSA device that hears what the loudspeakers play. */
export type CaptureConfig = { readonly device: string }

export type AudioConfig = {
  readonly rate: number
  readonly channels: 1 | 2
  readonly bufferMs: number
  /** From the device to the sound leaving the horn; made up for by starting earlier. Absent: 0. */
  readonly latencyMs?: number
  /** The sound leaves later by this, so that it coincides with that of a neighbour where people are. Absent: 0. */
  readonly acousticDelayMs?: number
  readonly filter?: HornFilterConfig
  readonly capture?: CaptureConfig
} & (
  | { readonly driver: 'alsa' | 'speaker'; readonly device: string }
  | {
      readonly driver: 'wav' /** The WAV file that gets what would be heard, in real time. */
      readonly file: string
    }
)

export type InputRole = 'mains' | 'tamper' | 'emergency' | 'fault' | 'door'
/** Where a contact is read: a GPIO line, or a file that holds 1 or 0. */
export type ContactSource =
  | ({ readonly driver: 'gpiochip' } & GpioLine)
  | { readonly driver: 'virtual'; readonly level: string }
export type InputConfig = {
  readonly id: string
  readonly role: InputRole
  readonly debounceMs: number
  /** Of an emergency contact: how long it must be closed. Absent: it counts at once. */
  readonly holdMs?: number
} & (
  | ({ readonly driver: 'gpiochip'; readonly keySwitch?: GpioLine } & GpioLine)
  | { readonly driver: 'virtual'; readonly level: string; readonly keySwitch?: { readonly level: string } }
)

/** The socket of a hub that an adapter is plugged into, to be switched off and on when the adapter is gone. */
export type UsbPowerConfig = {
  /** `sound`, or the id of a sign on a serial port. */
  readonly adapter: string
  /** As uhubctl calls it: `1-1`. */
  readonly hub: string
  readonly port: number
  /** Gone for so long before it is tried. */
  readonly afterSeconds: number
  readonly offSeconds: number
  readonly atMostADay: number
}

/** A board file with every default filled in (contract, section 1). */
export type BoardConfig = {
  readonly name: string
  /** Compared with /proc/device-tree/model; empty: any machine. */
  readonly models: readonly string[]
  readonly clock: 'rtc' | 'none' | 'trusted'
  readonly audio: AudioConfig
  readonly amplifiers: readonly AmplifierConfig[]
  readonly inputs: readonly InputConfig[]
  readonly signs: readonly SignConfig[]
  readonly usbPower?: readonly UsbPowerConfig[]
  readonly sensors: SensorsConfig
}
