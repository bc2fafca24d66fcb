import type { ContactState } from './settling.ts'

/** Of a contact that trembles only a level that lasts so long is meant. */
const TREMBLING_HOLD_MS = 3000

/** Since when contact and key switch are both closed; undefined when one of them is not. */
const closedSinceMs = (contact: ContactState, key: ContactState | undefined): number | undefined => {
  if (contact.active !== true) return undefined
  if (key === undefined) return contact.sinceMs
  return key.active === true ? Math.max(contact.sinceMs, key.sinceMs) : undefined
}

/**
 * When an emergency contact has been closed for as long as it must be, its key switch turned all the while;
 * undefined when it is not closed.
 */
export const pressedAtMs = (
  contact: ContactState,
  key: ContactState | undefined,
  holdMs: number,
): number | undefined => {
  const since = closedSinceMs(contact, key)
  if (since === undefined) return undefined
  if (!contact.trembles) return since + holdMs
  return Math.max(since, contact.rawSinceMs) + Math.max(holdMs, TREMBLING_HOLD_MS)
}
