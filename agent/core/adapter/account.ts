import type { MonoMs } from '../time.ts'

/** USB takes a moment after power-on: until then nothing is missed. */
const START_GRACE_MS = 10_000
/** More changes than that in a while are a loose plug: they are counted, and told no more. */
const TOLD_IN_A_WHILE = 6
const WHILE_MS = 600_000

/** What became of an adapter since the agent started. */
export type AdapterAccount = {
  readonly begunAt: MonoMs
  /** The very device: it changes with every plugging in. Undefined while it is gone. */
  readonly identity: string | undefined
  /** Since when it is gone, as far as that counts. */
  readonly goneSince: MonoMs | undefined
  readonly losses: number
  readonly returns: number
  /** When changes were told lately. */
  readonly told: readonly MonoMs[]
  /** It changes so often that changes are told no more. */
  readonly loose: boolean
}

export type AdapterNews = 'lost' | 'back' | 'missing' | 'loose'

export const openAccount = (now: MonoMs): AdapterAccount => ({
  begunAt: now,
  identity: undefined,
  goneSince: undefined,
  losses: 0,
  returns: 0,
  told: [],
  loose: false,
})

type Change = { readonly account: AdapterAccount; readonly news?: AdapterNews }

const gone = (account: AdapterAccount, now: MonoMs): Change => {
  if (account.identity !== undefined)
    return {
      account: { ...account, identity: undefined, goneSince: now, losses: account.losses + 1 },
      news: 'lost',
    }
  if (account.goneSince !== undefined || now - account.begunAt < START_GRACE_MS) return { account }
  return { account: { ...account, goneSince: now }, news: 'missing' }
}

const there = (account: AdapterAccount, identity: string): Change => {
  if (account.identity === identity) return { account }
  const seen = { ...account, identity, goneSince: undefined }
  if (account.goneSince !== undefined)
    return { account: { ...seen, returns: account.returns + 1 }, news: 'back' }
  // It was plugged out and in between two looks, or is seen for the first time.
  return account.identity === undefined
    ? { account: seen }
    : {
        account: { ...seen, losses: account.losses + 1, returns: account.returns + 1 },
        news: 'back',
      }
}

const rationed = ({ account, news }: Change, now: MonoMs): Change => {
  const told = account.told.filter((at) => now - at < WHILE_MS)
  if (news === undefined) return { account: { ...account, told, loose: account.loose && told.length > 0 } }
  if (account.loose) return { account: { ...account, told: [...told.slice(1), now] } }
  const loose = told.length >= TOLD_IN_A_WHILE
  return { account: { ...account, told: [...told, now], loose }, news: loose ? 'loose' : news }
}

/** Enters what was seen of an adapter now, and says what of it is to be told: each change once, unless it changes all the time. */
export const seen = (account: AdapterAccount, identity: string | undefined, now: MonoMs): Change =>
  rationed(identity === undefined ? gone(account, now) : there(account, identity), now)
