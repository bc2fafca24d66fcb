import type { Clip } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { Heard } from '../core/hearing/verdict.ts'
import type { EpochMs } from '../core/time.ts'

/**
 * One piece of a clip to be placed in the output. Instants of orders and reports are those of hearing: the device's own plus
 * the board's `audio.latencyMs` less its `audio.acousticDelayMs`, so that neighbours with other trims report the same.
 */
export type PlayOrder = {
  readonly clip: Clip
  /** Wall time at which frame `fromFrame` of the clip leaves the device. In the past: as soon as possible. */
  readonly at: EpochMs
  /** Position in the clip to start from, in frames at 48 kHz. */
  readonly fromFrame: number
  /** True: whatever sounds at `at` is cut there. False: the clip waits for the end of what sounds. */
  readonly takeover: boolean
  /** Linear fade at the start of this piece. */
  readonly fadeInMs: number
  /** Wall time after which it does not begin any more, as when the clock is set ahead: it ends `cut`, nothing of it heard. */
  readonly latest?: EpochMs
}

export type AmplifierState = 'off' | 'on' | 'stuck'
export type AmplifierFault = { readonly code: 'AMPLIFIER' | 'AMPLIFIER_STUCK'; readonly message: string }

/** Why a piece ended. `cut`: by order or by a takeover; the clip may be taken up again at `frame`. */
export type PieceEnd = 'finished' | 'cut' | 'failed' | 'lost'

export type PlayoutReport =
  /** The first frame of the piece sounds at `at`; `intended` is when it should have been. */
  | {
      readonly kind: 'started'
      readonly clip: string
      readonly at: EpochMs
      readonly intended: EpochMs
      readonly frame: number
    }
  /** At least every 500 ms while a piece sounds. `frame`: position in the clip that leaves the device now. */
  | {
      readonly kind: 'progress'
      readonly clip: string
      readonly frame: number
      readonly underruns: number
      readonly peakDb: number
    }
  | {
      readonly kind: 'ended'
      readonly clip: string
      readonly end: PieceEnd
      /** With `failed`; `lost` means the playout process died. */
      readonly code?: ReasonCode
      readonly message?: string
      /** When its last frame left the device. */
      readonly at: EpochMs
      /** Position in the clip after the last frame that left the device. */
      readonly frame: number
      /** Frames of this piece that left the device (pauses included), counted in frames of the clip. */
      readonly frames: number
      readonly underruns: number
      /** How often a frame was left out or put in to keep the piece at its wall instants. */
      readonly corrections?: number
      /** Segments of which not everything sounded, by index, with the reason. `lost`: frames that were silence instead. */
      readonly faults: readonly {
        readonly segment: number
        readonly code: ReasonCode
        readonly lost?: number
      }[]
      /** False once a contact disagreed; true when every relay was read back throughout; absent otherwise. */
      readonly relay?: boolean
      /** What the capture device heard of it; absent without one, and where nothing could be judged. */
      readonly heard?: Heard
    }
  /** `fault` with `stuck`: the relay could not be driven, or its contact disagrees. */
  | {
      readonly kind: 'amplifier'
      readonly id: string
      readonly state: AmplifierState
      readonly at: EpochMs
      readonly fault?: AmplifierFault
    }
  | { readonly kind: 'device'; readonly ok: boolean; readonly message: string }
  /** The device that hears what is played: it can be read, or not any more. */
  | { readonly kind: 'capture'; readonly ok: boolean; readonly message: string }
  /** The process came up (`up: true`) or died; orders held by it are gone and are reported `ended` `lost` after it. */
  | { readonly kind: 'process'; readonly up: boolean; readonly message: string }

/**
 * The sound output with its amplifiers: at most one clip sounds and at most one waits to follow it.
 * All calls return at once; what became of them arrives as reports, in order. Every scheduled clip gets exactly one `ended`.
 */
export interface Playout extends AsyncDisposable {
  /** A second order for the same clip that has not started replaces the first. */
  schedule(order: PlayOrder): void
  /** Ends the clip now with a fade, or withdraws it if it has not started. */
  cut(clip: string, fadeMs: number): void
  /** Gain of a clip that sounds or waits, ramped. */
  setGain(clip: string, gainDb: number, rampMs: number): void
  /** True: no sound and every relay open at once, until lifted. */
  mute(on: boolean): void
  /** Closes or opens one relay by hand; it opens by itself after `seconds`. Clips that need it go first. */
  amplifier(id: string, on: boolean, seconds: number): void
  /** Keeps the relay of an amplifier closed for a sign that it feeds too, until told otherwise; mute goes first. */
  feed(id: string, on: boolean): void
  /** Opens the device and primes it so that something due within `seconds` starts exactly. */
  warm(seconds: number): void
}
