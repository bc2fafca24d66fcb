import type { Code, RefusalCode } from '../codes.ts'
import type { SignProof } from '../sign/proof.ts'
import type { BrokerTrouble } from './broker-trouble.ts'
import type { DoctorOutsideWords } from './outside-words.ts'
import type { DoctorPlaceWords } from './place-words.ts'
import type { DoctorUnitWords } from './unit-words.ts'
import type { DoctorUpdateWords } from './update-words.ts'
import type { Wrong } from './wrong.ts'

/** Of the machine and the agent on it. */
export type DoctorDeviceWords = {
  readonly config: {
    readonly valid: (file: string) => string
    readonly invalid: (file: string, fault: string) => Wrong
    readonly unreadable: (file: string, why: string) => Wrong
    /** The usual one: a device that nobody has set up. */
    readonly missing: (file: string) => Wrong
    readonly boardInvalid: (board: string, fault: string) => Wrong
    readonly changed: Wrong
    readonly inForce: string
  }
  readonly agent: {
    readonly answers: string
    readonly identity: (device: string, area: string) => string
    readonly running: (version: string) => string
    readonly node: (version: string) => string
    readonly nodeTooOld: (node: string) => Wrong
    readonly notRestarted: (running: string, installed: string) => Wrong
    readonly noAnswer: (why: string) => Wrong
    readonly ownUser: string
    readonly root: Wrong
    readonly groups: string
    readonly groupsMissing: (groups: string) => Wrong
  }
  readonly jail: {
    readonly full: string
    readonly noPerl: Wrong
    readonly oldKernel: (kernel: string, missing: string) => Wrong
    readonly noLandlock: (missing: string) => Wrong
    readonly refused: (missing: string) => Wrong
  }
  readonly disk: {
    readonly free: (mb: string) => string
    readonly low: (mb: string) => Wrong
    readonly full: (mb: string) => Wrong
    readonly inodesFree: (percent: string) => string
    readonly inodesFew: (percent: string) => Wrong
    readonly writable: string
    readonly readOnly: (mount: string) => Wrong
  }
  readonly database: {
    readonly fine: string
    readonly madeAnew: (at: string) => Wrong
    readonly inMemory: (detail: string) => Wrong
    readonly read: (file: string) => string
    readonly damaged: (file: string, verdict: string) => Wrong
    readonly cacheFine: string
    readonly cacheLost: (at: string) => Wrong
  }
  readonly temperature: {
    readonly fine: (celsius: string) => string
    readonly warm: (celsius: string) => Wrong
    readonly hot: (detail: string) => Wrong
    readonly before: Wrong
  }
  readonly power: {
    readonly fine: (volts: string) => string
    readonly noFault: string
    readonly low: (detail: string) => Wrong
    readonly before: Wrong
    readonly battery: (percent: string) => string
    readonly batteryLow: (detail: string) => Wrong
    readonly mains: string
    readonly mainsLost: (detail: string) => Wrong
  }
  readonly storage: {
    readonly fine: string
    /** Of an eMMC. */
    readonly used: (percent: string) => string
    readonly faulty: (detail: string) => Wrong
  }
  readonly burden: {
    readonly fine: (mb: string, load: string) => string
    readonly short: (detail: string) => Wrong
  }
  readonly fan: {
    readonly fine: (rpm: string) => string
    readonly still: (detail: string) => Wrong
  }
  readonly sensor: (detail: string) => Wrong
}

/** Of the network between device and broker. */
export type DoctorLinkWords = {
  /** `bearer` as `Bearer` has it. */
  readonly up: (bearer: string, device: string) => string
  readonly none: Wrong
  readonly dns: Wrong
  readonly portal: (detail: string) => Wrong
  readonly noInternet: (detail: string) => Wrong
  readonly modem: (detail: string) => Wrong
  readonly data: (detail: string) => Wrong
  /** No way out, and none is needed. */
  readonly local: string
  readonly free: string
  readonly signal: (bearer: string, dbm: string) => string
  readonly weak: (bearer: string, dbm: string) => Wrong
  readonly modemFine: (model: string, state: string) => string
  readonly dataUsed: (mb: string, since: string) => string
}

/** Every sentence of `loa doctor`, in one language. */
export type DoctorWords = DoctorDeviceWords &
  DoctorUnitWords &
  DoctorOutsideWords & {
    readonly place: DoctorPlaceWords
    readonly update: DoctorUpdateWords
    readonly trust: {
      readonly required: string
      readonly off: Wrong
      readonly roots: (kids: string, threshold: number) => string
      readonly rootsMissing: Wrong
      readonly held: (document: string, rev: number, inDate: number, keys: number) => string
      readonly none: (area: string) => Wrong
      readonly noneInDate: (document: string) => Wrong
      readonly ends: (document: string, date: string) => Wrong
    }
    readonly documents: {
      readonly held: (list: string) => string
      readonly none: (area: string) => Wrong
      readonly scheduleOpen: (document: string) => string
      readonly scheduleFine: (document: string, date: string) => string
      readonly scheduleEnds: (document: string, date: string) => Wrong
      readonly scheduleEnded: (document: string, date: string) => Wrong
      readonly noneRefused: string
      readonly refused: (document: string, code: string, detail: string) => string
      readonly kid: (kid: string) => string
      readonly revision: (rev: number) => string
      readonly refusedNext: Readonly<Record<RefusalCode, string>>
      readonly commandNext: string
      readonly fresh: string
      readonly stale: (detail: string) => Wrong
    }
    readonly clock: {
      readonly synced: (offsetMs: string) => string
      readonly held: string
      readonly offset: (offsetMs: string) => Wrong
      readonly stale: Wrong
      readonly unset: Wrong
      readonly agrees: (source: string) => string
      /** `unit`: `minutes`, `hours` or `days`; `ahead`: this clock, of the other one. */
      readonly differs: (source: string, amount: string, unit: string, ahead: boolean) => Wrong
      readonly behindState: (writtenAt: string) => Wrong
      readonly ntpOn: string
      readonly ntpOff: Wrong
      readonly ntpUnsynced: Wrong
      readonly rtc: string
      readonly noRtc: string
      readonly rtcOff: (amount: string, unit: string) => Wrong
    }
    readonly broker: {
      readonly reached: (url: string) => string
      readonly unreached: (url: string, why: string) => string
      readonly connected: (url: string) => string
      readonly down: (detail: string) => string
      readonly downNext: Readonly<Record<BrokerTrouble, (host: string, port: string) => string>>
      readonly taken: (detail: string) => Wrong
      readonly alone: string
      readonly subscribed: string
      readonly unsubscribed: (topics: string) => Wrong
    }
    readonly link: DoctorLinkWords
    readonly credentials: {
      readonly fine: string
      readonly fault: (fault: string) => Wrong
      readonly notEnrolled: Wrong
    }
    readonly outbox: {
      readonly empty: string
      readonly waiting: (count: number) => string
      readonly old: (count: number, hours: string) => Wrong
    }
    readonly content: {
      readonly allowed: (list: string) => string
      readonly nothingAllowed: Wrong
      readonly reached: (origin: string) => string
      readonly unreached: (origin: string, why: string) => Wrong
      readonly distrusted: (origin: string, detail: string) => Wrong
    }
    readonly media: {
      readonly armed: (count: number) => string
      readonly nothingPlanned: string
      readonly notArmed: (item: string, at: string, code: string) => string
      readonly notArmedNext: (code: Code) => string
      readonly missing: (sha256: string, state: string) => string
      readonly notAskedYet: (item: string, at: string) => string
      readonly waits: (item: string, at: string) => string
      readonly files: (present: number, wanted: number) => string
      readonly bad: (files: string) => Wrong
    }
    readonly sound: {
      readonly device: string
      readonly deviceLost: (detail: string) => Wrong
      readonly noUnderruns: string
      readonly underruns: (count: number) => Wrong
      readonly amplifier: (id: string, state: string) => string
      readonly stuck: (id: string, detail: string) => Wrong
      readonly heard: (programmes: number, percent: number) => string
      readonly deaf: (detail: string) => Wrong
      readonly notHeard: (detail: string) => Wrong
      /** A sign that works, by how it is known what it shows. */
      readonly sign: Readonly<Record<SignProof, (id: string) => string>>
      readonly signLost: (id: string, detail: string) => Wrong
      /** A sound card or serial adapter that is plugged in, and has not been all the time. */
      readonly looseAdapter: (id: string, name: string, losses: number) => Wrong
      readonly steadyAdapters: string
      /** Of a loudspeaker line that is watched; with the load in percent once something sounded. */
      readonly line: (id: string, percent: string) => string
      readonly lineLearning: (id: string) => string
      readonly lineSuspect: (detail: string) => Wrong
      readonly audible: string
      readonly muted: Wrong
      readonly quiet: (until: string) => string
    }
    readonly other: (code: string, detail: string) => Wrong
  }
