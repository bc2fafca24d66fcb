import type { Wrong } from './wrong.ts'

/** Of names, connections and certificates; dates as ISO 8601. */
export type DoctorOutsideWords = {
  readonly names: {
    readonly notNeeded: string
    readonly answered: string
    readonly found: (host: string) => string
    /** `where`: the key of agent.yaml. */
    readonly unknown: (host: string, where: string) => Wrong
  }
  /** Why there is no connection. */
  readonly reach: Readonly<Record<'refused' | 'timeout' | 'route' | 'other', (detail: string) => string>>
  readonly certificate: {
    readonly none: (url: string) => string
    readonly fine: (url: string, until: string) => string
    readonly ends: (url: string, until: string) => Wrong
    readonly expired: (url: string, until: string) => Wrong
    readonly notYet: (url: string, from: string) => Wrong
    readonly untrusted: (url: string, detail: string) => Wrong
    readonly otherName: (url: string, detail: string) => Wrong
    readonly noTls: (url: string) => Wrong
    readonly authority: (detail: string) => Wrong
  }
}
