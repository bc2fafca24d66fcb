import type { SelftestReport } from '../../core/selftest/report.ts'
import type { EpochMs } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Cryptography } from '../../ports/crypto.ts'
import type { Logger } from '../../ports/logger.ts'
import type { ReportSigner } from '../../ports/report-signer.ts'
import type { SwitchAmplifier } from '../amplifier-switch.ts'
import type { Condition } from '../condition.ts'
import type { LocalPlay } from '../local-play.ts'
import type { LocalSign } from '../local-sign.ts'
import type { PlayService } from '../play.ts'
import type { SignControl } from '../sign-control.ts'
import type { SignItems } from '../sign-items.ts'
import type { TimeKeeper } from '../time-keeper.ts'

export type TestedAmplifier = {
  readonly id: string
  /** False for one without a relay of its own. */
  readonly hasRelay: boolean
  /** It has a read-back contact. */
  readonly readBack: boolean
  /** How soon the contact must follow. */
  readonly withinMs: number
  readonly minOffMs: number
  /** Its relay feeds signs too and may stay closed for them. */
  readonly feedsSigns: boolean
}

/** Something that will want the sound output. */
export type PlannedSound = { readonly item: string; readonly from: EpochMs; readonly until: EpochMs }

/** What a commissioning run has to do with. */
export type SelftestParts = {
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly crypto: Pick<Cryptography, 'randomHex' | 'sha256Hex'>
  readonly identity: Pick<SelftestReport, 'device' | 'province' | 'commune' | 'board' | 'agent'>
  readonly amplifiers: readonly TestedAmplifier[]
  readonly panels: readonly {
    readonly id: string
    readonly width: number
    readonly height: number
    readonly color: 'rgb' | 'mono'
  }[]
  readonly hasCapture: boolean
  readonly condition: Pick<Condition, 'amplifiers' | 'problems'>
  readonly switchAmplifier: SwitchAmplifier
  /** Opens a relay that was closed by hand, whatever it answers. */
  readonly letGo: (amplifier: string) => void
  readonly localPlay: Pick<LocalPlay, 'run'>
  readonly localSign: Pick<LocalSign, 'order'>
  readonly signItems: Pick<SignItems, 'clear' | 'shownSeconds'>
  readonly signs: Pick<SignControl, 'health' | 'proofs'>
  readonly play: Pick<PlayService, 'playing' | 'held'>
  readonly alerts: () => readonly { readonly alert: { readonly id: string }; readonly until: EpochMs }[]
  /** What will sound within [from, until), soonest first. */
  readonly planned: (from: EpochMs, until: EpochMs) => readonly PlannedSound[]
  readonly muted: () => boolean
  readonly quiet: () => boolean
  readonly broker: {
    readonly connected: () => boolean
    /** Why none is connected. */
    readonly fault: () => string
    /** Publishes what this device subscribes to itself; resolves on the PUBACK. @throws BROKER */
    readonly say: () => Promise<void>
    /** What was said last has come back. */
    readonly cameBack: () => boolean
  }
  readonly time: Pick<TimeKeeper, 'state' | 'offsetMs'>
  readonly signer: ReportSigner
  /** Into the outbox. */
  readonly emit: Condition['event']
}
