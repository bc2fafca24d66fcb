import type { Wrong } from './wrong.ts'

/** Of updates of this program. */
export type DoctorUpdateWords = {
  readonly none: string
  /** `state` is the message of the device, or its state. */
  readonly underWay: (version: string, state: string) => string
  readonly done: (version: string) => string
  readonly back: (version: string, why: string) => Wrong
  readonly refused: (why: string) => Wrong
  readonly noKeys: Wrong
}
