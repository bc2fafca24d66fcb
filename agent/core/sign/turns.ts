import { type Claim, chooseOwners } from './claim.ts'
import type { LaidPage } from './page.ts'

/** A claim with its pages laid out for this sign; at least one page. The same array as long as the content is the same. */
export type PagedClaim = Claim & { readonly pages: readonly LaidPage[] }

/** The page on a sign: the `shown`-th (from 0) that this claim has had, on the sign since `since` (monotonic ms). */
export type Turn = {
  readonly owner: string
  readonly pages: readonly LaidPage[]
  readonly page: LaidPage
  readonly shown: number
  readonly since: number
}

/** What is on a sign, and how many pages each claim has had to their end. */
export type SignState = {
  readonly turn: Turn | undefined
  readonly counts: ReadonlyMap<readonly LaidPage[], number>
}

export const DARK_SIGN: SignState = { turn: undefined, counts: new Map() }

/** After a gap (a suspended process) the pages missed are not hurried through. */
const LONGEST_CATCH_UP_MS = 1000

/**
 * The state at `now`. The page of a claim that still has the sign stays for its seconds, then the next of its equals has its next page,
 * and so on round. A page that was cut is shown again from its beginning when its claim has the sign again.
 * Nothing waits for an alert that has not been shown yet, another alert neither.
 */
export const advance = (state: SignState, claims: readonly PagedClaim[], now: number): SignState => {
  const owners = chooseOwners(claims)
  const turn = owners.some((claim) => claim.pages === state.turn?.pages) ? state.turn : undefined
  const newcomer = owners.find((claim) => claim.layer === 'alert' && !state.counts.has(claim.pages))
  const over = turn !== undefined && now >= turn.since + turn.page.durationMs
  if (turn !== undefined && !over && newcomer === undefined) return state

  const counts = countsOf(state, claims, over)
  const next = newcomer ?? followerOf(owners, state.turn?.owner)
  if (next === undefined) return { turn: undefined, counts }
  const since = over ? caughtUp(turn.since + turn.page.durationMs, now) : now
  return { turn: turnOf(next, counts.get(next.pages) ?? 0, since), counts: withClaim(counts, next) }
}

/** In which showing of its page (from 0) a turn is. */
export const showingOf = (turn: Turn): number => Math.floor(turn.shown / turn.pages.length)

const turnOf = (claim: PagedClaim, shown: number, since: number): Turn | undefined => {
  const page = claim.pages[shown % claim.pages.length]
  return page === undefined ? undefined : { owner: claim.owner, pages: claim.pages, page, shown, since }
}

const followerOf = (owners: readonly PagedClaim[], owner: string | undefined): PagedClaim | undefined =>
  owners[(owners.findIndex((claim) => claim.owner === owner) + 1) % Math.max(1, owners.length)]

const caughtUp = (end: number, now: number): number => (now - end > LONGEST_CATCH_UP_MS ? now : end)

const countsOf = (state: SignState, claims: readonly PagedClaim[], over: boolean) => {
  const known = new Set(claims.map((claim) => claim.pages))
  const counts = new Map([...state.counts].filter(([pages]) => known.has(pages)))
  if (over && state.turn !== undefined) counts.set(state.turn.pages, state.turn.shown + 1)
  return counts
}

const withClaim = (counts: ReadonlyMap<readonly LaidPage[], number>, claim: PagedClaim) =>
  new Map(counts).set(claim.pages, counts.get(claim.pages) ?? 0)
