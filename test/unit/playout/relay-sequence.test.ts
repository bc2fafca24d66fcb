import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  byHand,
  nextRelayState,
  RELAY_AT_REST,
  type RelayDemand,
  type RelayState,
  type RelayTiming,
  soundAllowedMs,
} from '../../../agent/playout/relay-sequence.ts'

const TIMING: RelayTiming = { settleMs: 800, holdMs: 500, minOffMs: 2000, maxOnMinutes: 240 }

const ALONE = { waits: false, yields: false, feeds: false }

/** Runs a relay every 20 ms and lists its changes. */
const run = (
  demandsAt: (nowMs: number) => readonly RelayDemand[],
  untilMs: number,
  timing = TIMING,
  first: RelayState = RELAY_AT_REST,
  mutedAt: (nowMs: number) => boolean = () => false,
) => {
  let state = first
  const changes: { on: boolean; atMs: number }[] = []
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 20) {
    const next = nextRelayState(timing, state, demandsAt(nowMs), nowMs, { ...ALONE, muted: mutedAt(nowMs) })
    if (next.on !== state.on) changes.push({ on: next.on, atMs: nowMs })
    state = next
  }
  return { state, changes }
}

const between = (fromMs: number, toMs: number) => (nowMs: number) => (nowMs < toMs ? [{ fromMs }] : [])

describe('a relay', () => {
  it('closes when the first clip needs it and opens holdMs after the last frame', () => {
    expect(run(between(1000, 5000), 10_000).changes).toEqual([
      { on: true, atMs: 1000 },
      { on: false, atMs: 5480 },
    ])
  })

  it('stays closed between clips that follow each other within hold time', () => {
    const demands = (nowMs: number) => [...between(1000, 3000)(nowMs), ...between(3400, 5000)(nowMs)]
    expect(run(demands, 10_000).changes.map(({ on }) => on)).toEqual([true, false])
  })

  it('stays closed when it could not close again in time for the next clip', () => {
    const demands = (nowMs: number) => [...between(1000, 3000)(nowMs), ...between(5000, 7000)(nowMs)]
    expect(run(demands, 10_000).changes.map(({ atMs }) => atMs)).toEqual([1000, 7480])
  })

  it('is not closed again before minOffMs has passed', () => {
    const rested = { ...RELAY_AT_REST, sinceMs: 0 }
    expect(run(between(100, 5000), 3000, TIMING, rested).changes).toEqual([{ on: true, atMs: 2000 }])
  })

  it('opens after maxOnMinutes and stays open until nothing needs it any more', () => {
    const timing = { ...TIMING, maxOnMinutes: 1 }
    const demands = (nowMs: number) => (nowMs < 90_000 || nowMs > 100_000 ? [{ fromMs: 0 }] : [])
    expect(run(demands, 110_000, timing).changes).toEqual([
      { on: true, atMs: 0 },
      { on: false, atMs: 60_000 },
      { on: true, atMs: 100_020 },
    ])
  })

  it('opens at once when muted and closes again when the mute is lifted', () => {
    const muted = (nowMs: number) => nowMs >= 2000 && nowMs < 6000
    expect(run(between(0, 9000), 8000, TIMING, RELAY_AT_REST, muted).changes.map(({ atMs }) => atMs)).toEqual(
      [0, 2000, 6000],
    )
  })

  it('closed by hand opens by itself; opened by hand while a clip sounds stays closed', () => {
    const closed = byHand(RELAY_AT_REST, true, 3, 0)
    expect(run(() => [], 5000, TIMING, closed).changes).toEqual([
      { on: true, atMs: 0 },
      { on: false, atMs: 3000 },
    ])
    const opened = byHand({ ...RELAY_AT_REST, on: true, sinceMs: 0 }, false, 0, 0)
    expect(run(between(0, 9000), 5000, TIMING, opened).changes).toEqual([])
  })

  it('lets sound out only after settle time, whatever happened before', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        (on, since, now) => {
          const state = { ...RELAY_AT_REST, on, sinceMs: Math.min(since, now) }
          const allowed = soundAllowedMs(TIMING, state, now)
          const { changes } = run(() => [{ fromMs: now }], 12_000, TIMING, {
            ...state,
            sinceMs: state.sinceMs,
          })
          const closedAt = on ? state.sinceMs : Math.max(now, changes[0]?.atMs ?? Number.NaN)
          expect(allowed).toBeGreaterThanOrEqual(Math.floor((closedAt + TIMING.settleMs) / 20) * 20 - 20)
        },
      ),
    )
  })

  it('without settle time holds no sound back', () => {
    expect(soundAllowedMs({ ...TIMING, settleMs: 0 }, RELAY_AT_REST, 1000)).toBe(Number.NEGATIVE_INFINITY)
  })
})
