import type { Code, FaultCode, LocalFault } from '../../core/codes.ts'
import type { DoctorWords } from '../../core/doctor/words.ts'
import type { ProgrammeClass, Tier } from '../../core/documents.ts'
import type { Bearer } from '../../core/link/way.ts'
import type { ClockState, EventSeverity, Result } from '../../core/records.ts'
import type { SensorName } from '../../core/sensor/reading.ts'
import type { PageFault } from '../../core/sign/page.ts'
import type { SignProof } from '../../core/sign/proof.ts'
import type { HealthLevel, LineReport, MediaFile, OperatingState } from '../../core/status.ts'
import type { VerifyReport } from '../../core/verify-report.ts'
import type { OptionName, VerbName } from '../syntax.ts'
import type { SpanUnits } from '../text/time.ts'
import type { PlaceWords } from './place-words.ts'
import type { LogWords, MediaWords, ScheduleWords } from './plan-words.ts'
import type { SelftestWords } from './selftest-words.ts'
import type { SetupWords } from './setup-words.ts'
import type { SupportWords } from './support-words.ts'
import type { UpdateWords } from './update-words.ts'
import type { AdapterWords, WiringWords } from './wiring-words.ts'

export type Language = 'en' | 'vi'

/** How the device is connected. */
export type LinkWords = {
  readonly network: string
  readonly data: string
  readonly bearers: Readonly<Record<Bearer, string>>
  readonly modem: string
  readonly roaming: string
  readonly sims: Readonly<Record<'missing' | 'locked' | 'failed', string>>
  readonly used: (usedMb: number, monthlyMb: number | undefined, since: string) => string
}

type VerbWords = {
  /** One line, without a full stop. */
  readonly summary: string
  readonly details: string
  /** One for each example of the syntax, in its order. */
  readonly examples: readonly string[]
}

/** Every word the command says, in one language. Names that scripts read (codes, JSON keys, verbs) are not translated. */
export type Messages = {
  readonly help: {
    readonly intro: string
    readonly usage: string
    readonly verbs: string
    readonly options: string
    readonly examples: string
    readonly more: string
    readonly exit: string
  }
  /** Headings of the manual page, and what only it says. */
  readonly manual: {
    readonly name: string
    readonly synopsis: string
    readonly description: string
    readonly about: string
    readonly verbs: string
    readonly options: string
    readonly exit: string
    readonly files: string
    readonly see: string
    readonly purpose: Readonly<Record<'config' | 'boards' | 'state' | 'socket', string>>
  }
  readonly verbs: Readonly<Record<VerbName, VerbWords>>
  readonly options: Readonly<Record<OptionName, string>>
  readonly codes: Readonly<Record<Code, string>>
  readonly localFaults: Readonly<Record<LocalFault, string>>
  /** What somebody at the device, or in the province, does about it. */
  readonly actions: Readonly<Record<Code, string>>
  /** What to do about a fault of the command itself. */
  readonly next: Readonly<Partial<Record<FaultCode, string>>>
  readonly usage: {
    readonly noVerb: string
    readonly unknownVerb: (verb: string) => string
    readonly unknownOption: (option: string) => string
    readonly optionNotHere: (option: string, verb: string) => string
    readonly valueMissing: (option: string) => string
    readonly valueUnwanted: (option: string) => string
    readonly outOfRange: (option: string, got: string, min: number, max: number) => string
    readonly badSince: (got: string) => string
    readonly badLanguage: (got: string) => string
    readonly seeHelp: (verb: string) => string
    readonly tooMany: (extra: string) => string
    readonly runFirst: string
    readonly playWhat: string
    readonly playClass: (given: string) => string
    readonly ampWhat: string
    readonly signWhat: string
    readonly configWhat: string
    readonly boardWhat: string
    readonly verifyWhat: string
  }
  readonly faults: {
    readonly notRunning: (socket: string) => string
    readonly notAnswering: (socket: string) => string
    readonly noAccess: (socket: string) => string
    readonly notAdmin: string
    readonly unexpected: (what: string) => string
    readonly fileUnreadable: (file: string, why: string) => string
    readonly notSound: (file: string) => string
    readonly notPicture: (file: string) => string
  }
  readonly states: Readonly<Record<OperatingState, string>>
  readonly health: Readonly<Record<HealthLevel, string>>
  readonly clocks: Readonly<Record<ClockState, string>>
  readonly classes: Readonly<Record<ProgrammeClass, string>>
  readonly tiers: Readonly<Record<Tier, string>>
  readonly results: Readonly<Record<Result, string>>
  readonly severities: Readonly<Record<EventSeverity, string>>
  readonly mediaStates: Readonly<Record<MediaFile['state'], string>>
  readonly relays: Readonly<Record<'off' | 'on' | 'stuck', string>>
  readonly signs: Readonly<Record<'ok' | 'fault', string>>
  readonly proofs: Readonly<Record<SignProof, string>>
  readonly contacts: Readonly<Record<'open' | 'closed' | 'fault', string>>
  readonly links: LinkWords
  readonly lines: Readonly<Record<LineReport['state'], string>>
  /** Sunday first. */
  readonly weekdays: readonly [string, string, string, string, string, string, string]
  /** Put directly behind a number. */
  readonly spans: SpanUnits
  readonly status: {
    readonly health: string
    readonly state: string
    readonly now: string
    readonly next: string
    readonly broker: string
    readonly clock: string
    readonly media: string
    readonly outbox: string
    readonly amplifiers: string
    readonly signs: string
    readonly contacts: string
    readonly sensors: string
    /** Those that are shown, in this order. */
    readonly sensorValues: Readonly<Partial<Record<SensorName, (value: string) => string>>>
    readonly speakerLines: string
    readonly heard: string
    readonly heardOf: (programmes: number, last?: number, mean?: number) => string
    readonly refused: string
    readonly jail: string
    readonly jailLacks: (missing: string) => string
    readonly up: (span: string) => string
    readonly nothing: string
    readonly volume: (percent: number) => string
    readonly armed: string
    readonly notArmed: string
    readonly moreNext: (count: number) => string
    readonly connected: string
    readonly disconnected: string
    readonly since: (time: string) => string
    readonly offset: (ms: string) => string
    readonly mediaPresent: (present: number, wanted: number) => string
    readonly outboxWaiting: (count: number) => string
    readonly outboxEmpty: string
    readonly underruns: (count: number) => string
    readonly muted: string
    readonly none: string
    readonly revision: (rev: number) => string
    readonly watchHint: string
    readonly lost: string
  }
  readonly schedule: ScheduleWords
  readonly media: MediaWords
  readonly log: LogWords
  readonly play: {
    readonly sending: (file: string) => string
    readonly accepted: string
    readonly playing: (amplifiers: string) => string
    readonly ended: (result: string, seconds: string) => string
    readonly silent: string
    readonly stopped: string
    readonly heard: (percent: string) => string
    readonly notJudged: string
  }
  readonly amp: {
    readonly state: (id: string, state: string) => string
    readonly forSeconds: (seconds: number) => string
    readonly line: (state: string, percent: number | undefined) => string
    readonly learnHow: string
    readonly unmuted: string
    readonly notMuted: string
  }
  readonly sign: {
    readonly shown: (seconds: number) => string
    readonly cleared: (count: number) => string
    readonly badSize: (given: string) => string
    readonly badMode: (given: string) => string
    readonly badColor: (given: string) => string
    readonly noPages: string
    readonly written: (file: string, pages: number) => string
    readonly faults: Readonly<Record<PageFault['kind'], string>>
  }
  readonly config: {
    readonly valid: (file: string) => string
    readonly warnings: (count: number) => string
    readonly invalid: (file: string, count: number) => string
  }
  readonly board: {
    readonly name: string
    readonly models: string
    readonly anyMachine: string
    readonly audio: string
    readonly amplifiers: string
    readonly signs: string
    readonly thisMachine: (model: string) => string
    readonly unknownModel: string
    readonly fits: (names: string) => string
    readonly noneFits: string
    readonly fileOk: (name: string) => string
    readonly modelOk: (model: string) => string
    readonly modelWrong: (model: string, wanted: string) => string
    readonly modelWrongNext: string
    readonly modelUnknown: string
    readonly modelUnknownNext: string
    readonly cardOk: (device: string) => string
    readonly cardMissing: (card: string, have: string) => string
    readonly cardMissingNext: string
    readonly cardUnchecked: (device: string) => string
    readonly cardUncheckedNext: string
    readonly folderOk: (file: string) => string
    readonly folderMissing: (folder: string) => string
    readonly folderMissingNext: (folder: string) => string
    readonly chipOk: (id: string, chip: string) => string
    readonly chipMissing: (id: string, chip: string) => string
    readonly chipMissingNext: string
    readonly chipUnchecked: (id: string, chip: string) => string
    readonly portOk: (id: string, port: string) => string
    readonly portMissing: (id: string, port: string) => string
    readonly portMissingNext: string
    readonly screenOk: (id: string, path: string) => string
    readonly screenMissing: (id: string, path: string) => string
    readonly screenMissingNext: string
    readonly nothingToCheck: (id: string, driver: string) => string
  }
  readonly place: PlaceWords
  readonly wiring: WiringWords
  readonly adapters: AdapterWords
  readonly doctor: DoctorWords
  readonly selftest: SelftestWords
  readonly setup: SetupWords
  readonly support: SupportWords
  readonly update: UpdateWords
  readonly verify: {
    readonly document: string
    readonly key: string
    readonly held: string
    readonly verdict: string
    readonly issued: string
    readonly expires: string
    readonly hash: string
    readonly noDocument: string
    readonly unsigned: string
    readonly nothingHeld: string
    readonly revision: (rev: number) => string
    readonly sameContent: string
    readonly unknownKey: string
    readonly badSignature: string
    readonly mayNot: string
    readonly may: string
    readonly verifies: string
    readonly signaturesOff: string
    readonly verdicts: Readonly<Record<VerifyReport['verdict'], string>>
    readonly tooLarge: (bytes: number, most: number) => string
  }
  readonly version: { readonly node: string }
}
