import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pressedAtMs } from '../../../agent/core/contact/pressed.ts'
import {
  type ContactState,
  heard,
  nextLookMs,
  settled,
  UNREAD,
  unread,
} from '../../../agent/core/contact/settling.ts'

const DEBOUNCE = 50

/** Runs a contact, which is open at first, through edges at instants; answers every level that counted, and the end. */
const run = (edges: readonly number[], untilMs: number) => {
  const counted: { readonly active: boolean | undefined; readonly atMs: number }[] = []
  let state: ContactState = settled(heard(UNREAD, false, -1000), DEBOUNCE, -1)
  const look = (atMs: number): void => {
    const next = settled(state, DEBOUNCE, atMs)
    if (next.active !== state.active) counted.push({ active: next.active, atMs })
    state = next
  }
  const passTo = (atMs: number): void => {
    for (
      let due = nextLookMs(state, DEBOUNCE);
      due !== undefined && due < atMs;
      due = nextLookMs(state, DEBOUNCE)
    )
      look(due)
  }
  for (const [index, atMs] of edges.entries()) {
    passTo(atMs)
    state = heard(state, index % 2 === 0, atMs)
    look(atMs)
  }
  passTo(untilMs)
  return { counted, state }
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => 1000 + ms * index)

describe('a contact', () => {
  it('counts once its level has lasted', () => {
    expect(run([1000], 5000).counted).toEqual([{ active: true, atMs: 1050 }])
  })

  it('that bounces when it is closed counts once', () => {
    const bounce = [1000, 1001, 1003, 1004, 1010, 1012, 1013, 1014, 1018, 1019, 1025]
    const { counted, state } = run(bounce, 5000)
    expect(counted).toEqual([{ active: true, atMs: 1075 }])
    expect(state.trembles).toBe(false)
  })

  it('does not count a touch that is shorter', () => {
    expect(run([1000, 1040], 5000).counted).toEqual([])
  })

  it('trembles when it changes more often than a hand could, however short its levels are', () => {
    expect(run(every(5, 24), 1200).state).toMatchObject({ trembles: true, active: false })
    expect(run(every(80, 24), 3000).state.trembles).toBe(true)
  })

  it('trembles when it swings for a minute with levels that count', () => {
    expect(run(every(4000, 12), 46_000).state.trembles).toBe(true)
    expect(run(every(8000, 12), 100_000).state.trembles).toBe(false)
  })

  it('is calm again half a minute after its last edge, and not before', () => {
    const edges = every(5, 25)
    const last = 1000 + 5 * 24
    expect(run(edges, last + 29_000).state).toMatchObject({ trembles: true, active: true })
    expect(run(edges, last + 30_100).state).toMatchObject({ trembles: false, active: true, edges: [] })
  })

  it('that cannot be read goes on counting as it did, and its first reading after that is no edge', () => {
    const { state } = run([1000], 2000)
    const lost = unread(state)
    expect(lost.active).toBe(true)
    expect(nextLookMs(lost, DEBOUNCE)).toBeUndefined()
    const back = settled(heard(lost, false, 3000), DEBOUNCE, 3050)
    expect(back).toMatchObject({ active: false, edges: state.edges })
  })

  it('never counts a level that did not last, and always ends at the true one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }), (gaps) => {
        let at = 1000
        const edges = gaps.map((gap) => {
          at += gap
          return at
        })
        const { counted, state } = run(edges, at + 1000)
        expect(state.active).toBe(edges.length % 2 === 1)
        for (const { active, atMs } of counted) {
          const before = edges.filter((edge) => edge <= atMs)
          expect(active).toBe(before.length % 2 === 1)
          expect(atMs - (before.at(-1) ?? 0)).toBeGreaterThanOrEqual(DEBOUNCE)
        }
      }),
    )
  })
})

describe('an emergency contact', () => {
  const closedAt = (sinceMs: number): ContactState => ({
    ...UNREAD,
    raw: true,
    rawSinceMs: sinceMs - DEBOUNCE,
    active: true,
    sinceMs,
  })

  it('counts at once, or when it has been held', () => {
    expect(pressedAtMs(closedAt(1000), undefined, 0)).toBe(1000)
    expect(pressedAtMs(closedAt(1000), undefined, 700)).toBe(1700)
    expect(pressedAtMs({ ...closedAt(1000), active: false }, undefined, 0)).toBeUndefined()
    expect(pressedAtMs(UNREAD, undefined, 0)).toBeUndefined()
  })

  it('counts only while its key is turned, held from when both were', () => {
    expect(pressedAtMs(closedAt(1000), closedAt(500), 700)).toBe(1700)
    expect(pressedAtMs(closedAt(1000), closedAt(4000), 700)).toBe(4700)
    expect(pressedAtMs(closedAt(1000), { ...closedAt(500), active: false }, 0)).toBeUndefined()
    expect(pressedAtMs(closedAt(1000), UNREAD, 0)).toBeUndefined()
  })

  it('that trembles counts once it was closed firmly', () => {
    const trembling = { ...closedAt(1000), rawSinceMs: 2000, trembles: true }
    expect(pressedAtMs(trembling, undefined, 0)).toBe(5000)
    expect(pressedAtMs(trembling, undefined, 9000)).toBe(11_000)
  })
})
