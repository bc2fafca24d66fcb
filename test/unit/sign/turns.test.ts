import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseOwners, type SignLayer } from '../../../agent/core/sign/claim.ts'
import { type LaidPage, layTextPage } from '../../../agent/core/sign/page.ts'
import {
  advance,
  DARK_SIGN,
  type PagedClaim,
  type SignState,
  showingOf,
} from '../../../agent/core/sign/turns.ts'

const GATE = { width: 64, height: 16, framesPerSecond: 30 }
const page = (text: string, seconds: number): LaidPage => layTextPage({ text, seconds }, GATE)
const claim = (owner: string, layer: SignLayer, ...pages: readonly LaidPage[]): PagedClaim => ({
  owner,
  layer,
  class: 'normal',
  pages,
})

/** What is on the sign from one moment to another, every `stepMs`, as `text@ms` where it changes. */
const watch = (
  claims: (now: number) => readonly PagedClaim[],
  untilMs: number,
  stepMs = 500,
): readonly string[] => {
  const seen: string[] = []
  let state: SignState = DARK_SIGN
  for (let now = 0; now < untilMs; now += stepMs) {
    const next = advance(state, claims(now), now)
    if (next.turn !== state.turn) seen.push(`${next.turn?.page.text ?? 'dark'}@${now}`)
    state = next
  }
  return seen
}

describe('who has a sign', () => {
  const normal = claim('n', 'notice', page('n', 1))
  const priority: PagedClaim = { ...claim('p', 'notice', page('p', 1)), class: 'priority' }
  const programme = claim('item', 'programme', page('item', 1))
  const alert = claim('alert', 'alert', page('alert', 1))

  test('alerts, then the item that plays, then notices of the highest class', () => {
    const owners = (...claims: readonly PagedClaim[]) => chooseOwners(claims).map(({ owner }) => owner)
    expect(owners(normal, programme, alert, priority)).toEqual(['alert'])
    expect(owners(normal, programme, priority)).toEqual(['item'])
    expect(owners(normal, priority)).toEqual(['p'])
    expect(owners(normal)).toEqual(['n'])
    expect(owners()).toEqual([])
  })
})

describe('pages in turn', () => {
  test('each page has its seconds, then the next, over and over', () => {
    const claims = [claim('a', 'notice', page('one', 2), page('two', 3))]
    expect(watch(() => claims, 11_000)).toEqual(['one@0', 'two@2000', 'one@5000', 'two@7000', 'one@10000'])
  })

  test('every page of any list has exactly its seconds, however late the looks at it are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 200, maxLength: 200 }),
        (seconds, gaps) => {
          const pages = seconds.map((s, i) => page(`p${i}`, s))
          const claims = [claim('a', 'notice', ...pages)]
          let state = advance(DARK_SIGN, claims, 0)
          let now = 0
          for (const gap of gaps) {
            const before = state.turn
            now += gap
            state = advance(state, claims, now)
            if (state.turn === before || before === undefined) continue
            expect(state.turn?.since).toBe(before.since + before.page.durationMs)
            expect(state.turn?.page).toBe(pages[(before.shown + 1) % pages.length])
          }
        },
      ),
    )
  })

  test('equals take turns page by page', () => {
    const claims = [claim('a', 'notice', page('a1', 1), page('a2', 1)), claim('b', 'notice', page('b1', 1))]
    expect(watch(() => claims, 6000)).toEqual(['a1@0', 'b1@1000', 'a2@2000', 'b1@3000', 'a1@4000', 'b1@5000'])
  })

  test('one that comes later waits for the end of the page of its equal', () => {
    const first = claim('a', 'notice', page('a', 4))
    const second = claim('b', 'notice', page('b', 2))
    expect(watch((now) => (now < 1000 ? [first] : [first, second]), 7000)).toEqual([
      'a@0',
      'b@4000',
      'a@6000',
    ])
  })

  test('a page that was cut is shown again whole', () => {
    const item = claim('a', 'programme', page('a1', 4), page('a2', 4))
    const alert = claim('x', 'alert', page('x', 60))
    const shown = watch((now) => (now >= 5000 && now < 8000 ? [item, alert] : [item]), 17_000)
    expect(shown).toEqual(['a1@0', 'a2@4000', 'x@5000', 'a2@8000', 'a1@12000', 'a2@16000'])
  })

  test('a new alert does not wait for the page of another; then they take turns', () => {
    const first = claim('x', 'alert', page('x', 60))
    const second = claim('y', 'alert', page('y', 2))
    expect(watch((now) => (now < 1000 ? [first] : [first, second]), 6000)).toEqual([
      'x@0',
      'y@1000',
      'x@3000',
    ])
  })

  test('the sign is dark when nobody has it', () => {
    const item = claim('a', 'programme', page('a', 4))
    expect(watch((now) => (now < 1000 ? [item] : []), 3000)).toEqual(['a@0', 'dark@1000'])
  })

  test('new pages of the same owner begin with the first, at once', () => {
    const before = claim('a', 'programme', page('old', 9), page('old2', 9))
    const after = claim('a', 'programme', page('new', 9), page('new2', 9))
    expect(watch((now) => (now < 1000 ? [before] : [after]), 3000)).toEqual(['old@0', 'new@1000'])
  })

  test('after a standstill the pages that were missed are not hurried through', () => {
    const claims = [claim('a', 'notice', page('one', 2), page('two', 2))]
    const state = advance(advance(DARK_SIGN, claims, 0), claims, 60_000)
    expect(state.turn).toMatchObject({ shown: 1, since: 60_000 })
  })

  test('a showing is one round of all pages', () => {
    const claims = [claim('a', 'notice', page('one', 1), page('two', 1))]
    let state: SignState = DARK_SIGN
    const showings = [0, 1000, 2000, 3000, 4000].map((now) => {
      state = advance(state, claims, now)
      return state.turn === undefined ? undefined : showingOf(state.turn)
    })
    expect(showings).toEqual([0, 0, 1, 1, 2])
  })
})
