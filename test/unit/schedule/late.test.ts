import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startDecision, takeUp, windowEnd } from '../../../agent/core/schedule/late.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { item } from './items.ts'

const planned = epochMs(1_000_000)
const after = (seconds: number) => epochMs(planned + seconds * 1000)
const late = (policy: 'skip' | 'play' | 'join', withinSeconds: number) =>
  item({ late: { policy, withinSeconds } })
const signOnly = item({ parts: [], late: { policy: 'skip', withinSeconds: 0 } })

test('before its second an occurrence is early, on it it starts from the beginning', () => {
  for (const policy of ['skip', 'play', 'join'] as const) {
    expect(startDecision(late(policy, 60), planned, after(-0.001), 600)).toEqual({ kind: 'early' })
    expect(startDecision(late(policy, 60), planned, planned, 600)).toEqual({ kind: 'start', fromSeconds: 0 })
  }
})

test('skip and play start from the beginning anywhere in the window, and not after it', () => {
  for (const policy of ['skip', 'play'] as const) {
    expect(startDecision(late(policy, 60), planned, after(60), 600)).toEqual({
      kind: 'start',
      fromSeconds: 0,
    })
    expect(startDecision(late(policy, 60), planned, after(60.001), 600)).toEqual({ kind: 'missed' })
  }
})

test('join starts where it would be by now, in its window and while it lasts', () => {
  expect(startDecision(late('join', 600), planned, after(90), 612)).toEqual({
    kind: 'start',
    fromSeconds: 90,
  })
  expect(startDecision(late('join', 600), planned, after(601), 1800)).toEqual({ kind: 'missed' })
  expect(startDecision(late('join', 600), planned, after(30), 30)).toEqual({ kind: 'missed' })
})

test('a sign-only item joins within its whole duration, whatever its late policy', () => {
  expect(startDecision(signOnly, planned, after(3600), 41_400)).toEqual({ kind: 'start', fromSeconds: 3600 })
  expect(startDecision(signOnly, planned, after(41_400), 41_400)).toEqual({ kind: 'missed' })
  expect(windowEnd(signOnly, planned, 41_400)).toBe(after(41_400))
  expect(windowEnd(late('play', 5), planned, 41_400)).toBe(after(5))
})

test('once missed an occurrence stays missed, and a start is never before the beginning or after the end', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('skip', 'play', 'join'),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: -50, max: 300 }),
      fc.integer({ min: 0, max: 300 }),
      (policy, within, seconds, first, more) => {
        const before = startDecision(late(policy, within), planned, after(first), seconds)
        const later = startDecision(late(policy, within), planned, after(first + more), seconds)
        if (before.kind === 'missed') expect(later.kind).toBe('missed')
        if (before.kind !== 'early') expect(later.kind).not.toBe('early')
        if (later.kind === 'start') {
          expect(later.fromSeconds).toBeGreaterThanOrEqual(0)
          expect(later.fromSeconds).toBeLessThan(seconds)
        }
      },
    ),
  )
})

const checkpoint = { at: after(100), seconds: 100 }

test('skip is never taken up again', () => {
  expect(takeUp(late('skip', 600), checkpoint, after(101), 600)).toEqual({ kind: 'interrupted' })
})

test('play goes on from the checkpoint when the agent was away no longer than its window', () => {
  const goesOn = { kind: 'take-up', fromSeconds: 100, lostSeconds: 0 }
  expect(takeUp(late('play', 30), checkpoint, after(130), 600)).toEqual(goesOn)
  expect(takeUp(late('play', 30), checkpoint, after(130.5), 600)).toEqual({ kind: 'interrupted' })
})

test('join goes on from where it would be, while it would still be playing', () => {
  expect(takeUp(late('join', 1), checkpoint, after(130), 600)).toEqual({
    kind: 'take-up',
    fromSeconds: 130,
    lostSeconds: 30,
  })
  expect(takeUp(late('join', 1), checkpoint, after(600), 600)).toEqual({ kind: 'interrupted' })
})

test('a sign-only item goes on like join', () => {
  expect(takeUp(signOnly, checkpoint, after(130), 600)).toMatchObject({ kind: 'take-up', fromSeconds: 130 })
})

test('a clock set back while the agent was away does not rewind what sounded', () => {
  expect(takeUp(late('join', 600), checkpoint, after(-5000), 600)).toMatchObject({ fromSeconds: 100 })
})
