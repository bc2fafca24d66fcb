import type { EnrolmentRefusal } from '../../core/enrolment/messages.ts'
import type { YamlComments } from '../../core/setup/agent-yaml.ts'

/** What `loa setup` asks and says. */
export type SetupWords = {
  readonly intro: readonly string[]
  readonly questions: {
    readonly id: string
    readonly province: string
    readonly provinceUnknown: (code: string) => string
    readonly commune: string
    readonly groups: string
    readonly languages: string
    readonly board: string
    readonly sound: string
    readonly tone: string
    readonly toneHeard: string
    readonly port: (sign: string) => string
    readonly pattern: string
    readonly patternSeen: string
    readonly brokers: string
    readonly login: string
    readonly loginCertificate: string
    readonly loginPassword: string
    readonly username: string
    readonly password: string
    readonly ca: string
    readonly content: string
    readonly rootKeys: string
    readonly bench: string
    readonly updateKeys: string
    readonly code: string
    readonly enrolAt: string
    readonly codeAgain: string
    readonly write: string
    readonly move: string
  }
  readonly yes: string
  readonly no: string
  readonly yesNo: string
  readonly noYes: string
  readonly province: (name: string) => string
  readonly fitsHere: string
  readonly ofBoard: string
  readonly capture: string
  readonly checks: {
    readonly needed: string
    readonly choose: (count: number) => string
    readonly yesOrNo: string
    readonly id: string
    readonly idNamesPlace: string
    readonly digits: (count: number) => string
    readonly language: string
    readonly broker: (url: string) => string
    readonly place: (url: string) => string
    readonly file: (file: string, why: string) => string
    readonly certificate: string
    readonly key: string
    readonly keys: string
    readonly code: string
  }
  readonly tone: {
    readonly plays: (device: string) => string
    readonly held: string
    readonly failed: (why: string) => string
  }
  readonly pattern: {
    readonly shows: (seconds: number) => string
    readonly held: string
    readonly failed: (why: string) => string
  }
  readonly noSerial: string
  readonly summary: string
  readonly faults: {
    readonly root: string
    readonly what: string
    readonly exists: (file: string) => string
    readonly noBoard: (model: string) => string
    readonly manyBoards: (model: string, names: string) => string
    readonly brokenOff: string
    readonly missing: (file: string) => string
    readonly beside: (name: string) => string
    readonly noCertificate: (name: string) => string
    readonly badPair: (what: string) => string
    readonly noCa: string
    readonly moveWhat: string
    readonly samePlace: string
    readonly notConfigured: (file: string) => string
    readonly noEnrolment: string
  }
  readonly done: {
    readonly written: (file: string) => string
    readonly kept: (file: string) => string
    readonly wouldWrite: (file: string) => string
    readonly nothingWritten: string
    readonly device: (id: string) => string
    readonly next: string
    readonly request: (file: string) => string
    readonly certificateTo: (file: string) => string
    readonly enrolNext: string
    readonly start: string
    readonly selftest: string
    readonly scrubbed: (file: string) => string
    readonly already: (file: string) => string
  }
  readonly enrol: {
    readonly asking: (urls: string) => string
    readonly failed: (url: string, why: string) => string
    readonly waiting: (seconds: number) => string
    readonly later: string
    readonly issued: (file: string) => string
    readonly already: string
    readonly connects: string
    readonly unproven: string
    readonly refusals: Readonly<Record<EnrolmentRefusal, string>>
    readonly faults: Readonly<Record<'damaged' | 'name' | 'key' | 'authority' | 'dates', string>>
    readonly fault: (what: string, detail: string) => string
    readonly newCode: string
  }
  readonly move: {
    readonly moved: (from: string, to: string) => string
    readonly overlap: (place: string, until: string) => string
    readonly noOverlap: (place: string) => string
    readonly same: (id: string) => string
    readonly topics: (province: string) => string
    readonly restart: string
    readonly records: string
  }
  readonly error: {
    readonly title: string
    readonly nothing: string
    readonly next: string
  }
  readonly doneFile: string
  readonly comments: YamlComments
}
