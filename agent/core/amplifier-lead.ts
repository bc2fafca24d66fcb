import type { AmplifierConfig } from './configuration.ts'

type Starting = Pick<AmplifierConfig, 'settleMs' | 'staggerMs'>

/** From the first of these relays closed to sound through all of them, in ms: they close one after another, each settles. */
export const startLeadMs = (amplifiers: readonly Starting[]): number => {
  let closesAtMs = 0
  let leadMs = 0
  for (const { settleMs, staggerMs = 0 } of amplifiers) {
    leadMs = Math.max(leadMs, closesAtMs + settleMs)
    closesAtMs += staggerMs
  }
  return leadMs
}
