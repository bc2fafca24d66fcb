import type { Wrong } from './wrong.ts'

/** Of the service that runs the agent, and of the machine under it. */
export type DoctorUnitWords = {
  /** `groups`: those that there are. */
  readonly noGroup: (got: string, groups: string) => string
  readonly unit: {
    readonly active: string
    readonly besides: Wrong
    readonly notActive: (state: string, result: string) => Wrong
    readonly notEnabled: (state: string) => Wrong
    readonly needsReload: Wrong
    readonly restarts: (count: number) => string
    readonly manyRestarts: (count: number) => Wrong
    readonly hardened: (count: number) => string
    readonly weaker: (list: string) => Wrong
    readonly bounded: string
    readonly unbounded: (list: string) => Wrong
    readonly whole: string
    readonly safeMode: (off: string) => Wrong
    readonly page: (listen: string) => string
    readonly noPage: (listen: string, reason: string) => Wrong
  }
  readonly machine: {
    readonly id: string
    readonly noId: Wrong
    readonly program: (name: string) => string
    readonly noProgram: (name: string) => Wrong
    readonly sensors: (count: number) => string
    readonly contacts: (count: number) => string
  }
  readonly contacts: Readonly<
    Record<'CONTACT' | 'TAMPER' | 'DOOR' | 'EXTERNAL_FAULT' | 'EMERGENCY_CONTACT', (detail: string) => Wrong>
  >
}
