import type { UsbPowerConfig } from '../configuration.ts'
import type { MonoMs } from '../time.ts'

const DAY_MS = 86_400_000
const LONGEST_BACK_OFF_MS = 3_600_000

/** Attempts at a socket. */
export type PowerAccount = {
  /** When, those of the last day. */
  readonly attempts: readonly MonoMs[]
  /** How many since its adapter was there last. */
  readonly inVain: number
}

export const NO_ATTEMPTS: PowerAccount = { attempts: [], inVain: 0 }

export type PowerFacts = {
  readonly now: MonoMs
  /** Since when the adapter is gone. */
  readonly goneSince: MonoMs | undefined
  /** Something sounds, or is about to, out of a card that may lose its power with this hub. */
  readonly soundAtRisk: boolean
  readonly alertInForce: boolean
}

type Rule = Pick<UsbPowerConfig, 'afterSeconds' | 'atMostADay'>

/** From one attempt to the next: as long as the first took, then twice as long each time, an hour at most. */
const backOffMs = ({ afterSeconds }: Rule, inVain: number): number =>
  Math.min(LONGEST_BACK_OFF_MS, afterSeconds * 1000 * 2 ** inVain)

/** Whether a socket is to be switched off and on now. */
export const mayCycle = (rule: Rule, { attempts, inVain }: PowerAccount, facts: PowerFacts): boolean => {
  const { now, goneSince, soundAtRisk, alertInForce } = facts
  if (goneSince === undefined || soundAtRisk || alertInForce) return false
  const today = attempts.filter((at) => now - at < DAY_MS)
  if (today.length >= rule.atMostADay) return false
  const last = today.at(-1)
  const since = inVain === 0 || last === undefined ? goneSince : last
  return now - since >= backOffMs(rule, inVain)
}

export const attempted = ({ attempts, inVain }: PowerAccount, now: MonoMs): PowerAccount => ({
  attempts: [...attempts.filter((at) => now - at < DAY_MS), now],
  inVain: inVain + 1,
})

/** Its adapter is there: the next loss is tried as soon as the first. */
export const succeeded = (account: PowerAccount): PowerAccount =>
  account.inVain === 0 ? account : { ...account, inVain: 0 }
