import type { Severity } from '../documents.ts'
import { rankOf } from '../schedule/plan.ts'
import { classLevel, compareRank } from '../schedule/rank.ts'
import type { AlertRank, Programme } from './programme.ts'

const SEVERITY_LEVEL: Readonly<Record<Severity, number>> = { minor: 0, moderate: 1, severe: 2, extreme: 3 }

const graver = (a: AlertRank, b: AlertRank): number => SEVERITY_LEVEL[b.severity] - SEVERITY_LEVEL[a.severity]

/** New ones by severity before all repetitions; of those the one silent longest. */
const compareAlerts = (a: AlertRank, b: AlertRank): number => {
  if (a.fresh !== b.fresh) return a.fresh ? -1 : 1
  return a.fresh ? graver(a, b) : a.silentSince - b.silentSince
}

/** Who goes first when both could: alerts, then the order of contention. @see contract, section 3, alert, Several */
export const compareContenders = (a: Programme, b: Programme): number => {
  if (a.alert !== undefined && b.alert !== undefined)
    return compareAlerts(a.alert, b.alert) || compareRank(rankOf(a), rankOf(b))
  if (a.alert !== undefined) return -1
  return b.alert === undefined ? compareRank(rankOf(a), rankOf(b)) : 1
}

/** Whether one that comes due cuts the other off: an alert any programme, a new alert a lesser one, a class a lower one. */
export const cuts = (comer: Programme, sounding: Programme): boolean => {
  if (sounding.alert !== undefined)
    return comer.alert?.fresh === true && graver(comer.alert, sounding.alert) < 0
  return comer.alert !== undefined || classLevel(comer.item.class) > classLevel(sounding.item.class)
}
