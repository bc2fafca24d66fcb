import type { Code } from '../codes.ts'
import type { InputRole } from '../configuration.ts'
import type { EventSeverity } from '../records.ts'

export type ContactMeaning = {
  /** Stands in every heartbeat while it is so. */
  readonly problem: Code | undefined
  readonly event: Code
  readonly severity: EventSeverity
}

/** Roles whose contact says how something is; that of an emergency is an order. */
export type TellingRole = Exclude<InputRole, 'emergency'>

const ALARMING = {
  tamper: { code: 'TAMPER', severity: 'alarm' },
  door: { code: 'DOOR', severity: 'warning' },
  fault: { code: 'EXTERNAL_FAULT', severity: 'alarm' },
} as const

/** How it is when nothing is the matter: there is mains, every other contact is open. */
export const isCalm = (role: TellingRole, active: boolean): boolean => active === (role === 'mains')

export const meaningOf = (role: TellingRole, active: boolean): ContactMeaning => {
  const calm = isCalm(role, active)
  if (role === 'mains')
    return calm
      ? { problem: undefined, event: 'MAINS_BACK', severity: 'info' }
      : { problem: 'MAINS_LOST', event: 'MAINS_LOST', severity: 'warning' }
  const { code, severity } = ALARMING[role]
  return calm
    ? { problem: undefined, event: code, severity: 'info' }
    : { problem: code, event: code, severity }
}
