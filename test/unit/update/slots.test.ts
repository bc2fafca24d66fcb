import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  freeSlot,
  packageOnly,
  releaseToRun,
  type SlotsInput,
  type SlotsState,
  type StagedRelease,
  TRIAL_STARTS,
  transition,
} from '../../../agent/core/update/slots.ts'
import { compareVersions } from '../../../agent/core/update/version.ts'
import { parseSlots, parseUpdateRequest } from '../../../agent/wire/release.ts'

const at = '2026-11-26T08:00:00.000Z'
const release: StagedRelease = { slot: 'a', version: '1.2.0', sha256: 'a'.repeat(64) }
const before = { sound: true, broker: true }
const start: SlotsInput = { kind: 'start', at }
const staged: SlotsInput = { kind: 'staged', request: 'r1', release }
const tried: SlotsInput = { kind: 'try', request: 'r2', before }
const commit: SlotsInput = { kind: 'commit', request: 'r3' }

const stateAfter = (...inputs: readonly SlotsInput[]): SlotsState =>
  inputs.reduce(transition, packageOnly('0.9.0'))

describe('the slots', () => {
  test('a release that is staged, tried and committed runs', () => {
    expect(releaseToRun(stateAfter(staged))).toBe('package')
    expect(releaseToRun(stateAfter(staged, tried, start))).toBe('a')
    const state = stateAfter(staged, tried, start, commit, start)
    expect(state).toMatchObject({ committed: { slot: 'a', version: '1.2.0' }, last: { result: 'committed' } })
    expect(releaseToRun(state)).toBe('a')
    expect(freeSlot(state, 'a')).toBe('b')
  })

  test('three starts without a commit go back, and the fourth runs the release before', () => {
    const starts = Array.from({ length: TRIAL_STARTS }, () => start)
    expect(releaseToRun(stateAfter(staged, tried, ...starts))).toBe('a')
    const state = stateAfter(staged, tried, ...starts, start)
    expect(releaseToRun(state)).toBe('package')
    expect(state.refused).toEqual([
      { version: '1.2.0', sha256: release.sha256, reason: '3 starts without being well', at },
    ])
    expect(state.last).toEqual({ request: 'r2', result: 'back', message: '3 starts without being well' })
  })

  test('one that says it is sick goes back at once, with its reason', () => {
    const sick: SlotsInput = { kind: 'sick', request: 'r4', reason: 'no sound', at }
    const state = stateAfter(staged, tried, start, sick, start)
    expect(releaseToRun(state)).toBe('package')
    expect(state.last).toEqual({ request: 'r4', result: 'back', message: 'no sound' })
  })

  test('the slot that still runs is not free, though it was gone back from', () => {
    const sick: SlotsInput = { kind: 'sick', request: 'r4', reason: 'no sound', at }
    const state = stateAfter(staged, tried, start, commit, {
      ...staged,
      release: { ...release, slot: 'b', version: '1.3.0' },
    })
    const back = [tried, start, sick].reduce(transition, state)
    expect(freeSlot(back, 'b')).toBeUndefined()
    expect(freeSlot(back, 'a')).toBe('b')
  })

  test('what asks for what is not there is refused, and nothing else changes', () => {
    for (const input of [tried, commit, { kind: 'sick', request: 'r', reason: 'x', at } as const]) {
      const { last, ...rest } = stateAfter(input)
      expect(rest).toEqual(packageOnly('0.9.0'))
      expect(last).toMatchObject({ result: 'refused', code: 'INVALID' })
    }
    expect(stateAfter(staged, tried, staged).last).toMatchObject({ result: 'refused', code: 'BUSY' })
    // Between the order and the start nothing was tried yet.
    expect(stateAfter(staged, tried, commit).last).toMatchObject({ result: 'refused' })
  })

  test('a package takes the place of what is not newer than it, and leaves a newer release alone', () => {
    const committed = [staged, tried, start, commit]
    const installed = (version: string): SlotsInput => ({ kind: 'package', version })
    expect(stateAfter(...committed, installed('1.1.0')).committed).toEqual({ slot: 'a', version: '1.2.0' })
    expect(stateAfter(...committed, installed('1.2.0')).committed).toEqual({
      slot: 'package',
      version: '1.2.0',
    })
    expect(stateAfter(...committed, installed('1.3.0')).committed).toEqual({
      slot: 'package',
      version: '1.3.0',
    })
    expect(stateAfter(staged, installed('1.1.0')).staged).toEqual(release)
    expect(stateAfter(staged, installed('1.2.0')).staged).toBeUndefined()
    expect(stateAfter(staged, tried, start, installed('1.3.0')).trial).toBeUndefined()
  })

  test('a damaged slot is not run', () => {
    const damaged: SlotsInput = { kind: 'damaged', slot: 'a', at, package: '0.9.0' }
    expect(releaseToRun(stateAfter(staged, tried, start, damaged))).toBe('package')
    expect(stateAfter(staged, tried, start, damaged).refused).toHaveLength(1)
    expect(stateAfter(staged, damaged).staged).toBeUndefined()
    const state = stateAfter(staged, tried, start, commit, damaged)
    expect(state.committed).toEqual({ slot: 'package', version: '0.9.0' })
    expect(state.last).toMatchObject({ result: 'back', code: 'STORAGE' })
  })
})

const slot = fc.constantFrom('a' as const, 'b' as const)
const version = fc.integer({ min: 0, max: 9 }).map((minor) => `1.${minor}.0`)
const input: fc.Arbitrary<SlotsInput> = fc.oneof(
  fc.record({
    kind: fc.constant('staged' as const),
    request: fc.constant('s'),
    release: fc.record({ slot, version, sha256: fc.constant('b'.repeat(64)) }),
  }),
  fc.constant(tried),
  fc.constant(commit),
  fc.constant(start),
  fc.constant({ kind: 'sick', request: 'k', reason: 'no sound', at } as const),
  fc.constant({ kind: 'cancel', request: 'c' } as const),
  fc.constant({ kind: 'refuse', request: 'f', code: 'INVALID', message: 'x' } as const),
  fc.record({ kind: fc.constant('overwrite' as const), slot }),
  fc.record({ kind: fc.constant('package' as const), version }),
  fc.record({
    kind: fc.constant('damaged' as const),
    slot,
    at: fc.constant(at),
    package: fc.constant('1.0.0'),
  }),
)

/** What the updater looks at before it does anything: a release is only staged into the free slot and above the ratchet. */
const isPossible = (state: SlotsState, { kind, ...rest }: SlotsInput): boolean => {
  if (kind === 'overwrite') return freeSlot(state, releaseToRun(state)) === (rest as StagedRelease).slot
  if (kind !== 'staged') return true
  const { release: next } = rest as { release: StagedRelease }
  return (
    freeSlot(state, releaseToRun(state)) === next.slot &&
    compareVersions(next.version, state.committed.version) > 0 &&
    state.refused.every((earlier) => earlier.version !== next.version)
  )
}

describe('whatever happens in whatever order', () => {
  const walk = (
    inputs: readonly SlotsInput[],
    look: (state: SlotsState, input: SlotsInput) => void,
  ): void => {
    let state = packageOnly('1.0.0')
    for (const each of inputs) {
      if (!isPossible(state, each)) continue
      look(state, each)
      state = transition(state, each)
    }
  }
  const sequences = fc.array(input, { maxLength: 40 })

  test('the file can be read again, with one at most of staged and trial, and none in the committed slot', () => {
    fc.assert(
      fc.property(sequences, (inputs) => {
        walk(inputs, (state, each) => {
          const next = transition(state, each)
          expect(parseSlots(Buffer.from(JSON.stringify(next)))).toEqual(next)
        })
      }),
    )
  })

  test('a slot that was never whole is never run', () => {
    fc.assert(
      fc.property(sequences, (inputs) => {
        const whole = new Set<string>(['package'])
        walk(inputs, (state, each) => {
          if (each.kind === 'staged') whole.add(each.release.slot)
          if (each.kind === 'damaged') whole.delete(each.slot)
          const next = transition(state, each)
          expect(whole).toContain(releaseToRun(next))
          if (each.kind === 'overwrite') expect(next.staged?.slot).not.toBe(each.slot)
        })
      }),
    )
  })

  test('four starts in a row end at what is committed', () => {
    fc.assert(
      fc.property(sequences, (inputs) => {
        walk(inputs, (state) => {
          const later = [start, start, start, start].reduce(transition, state)
          expect(releaseToRun(later)).toBe(state.committed.slot)
        })
      }),
    )
  })

  test('the committed version falls only when its files are damaged', () => {
    fc.assert(
      fc.property(sequences, (inputs) => {
        walk(inputs, (state, each) => {
          const next = transition(state, each)
          const isOlder = compareVersions(next.committed.version, state.committed.version) < 0
          if (isOlder && state.committed.slot !== 'package') expect(each.kind).toBe('damaged')
        })
      }),
    )
  })
})

test.each([
  '',
  '[]',
  '{"v":2}',
  '{"v":1,"committed":{"slot":"c","version":"1.0.0"},"refused":[]}',
  '{"v":1,"committed":{"slot":"a","version":"1.0.0"},"refused":[],"staged":{"slot":"a","version":"1.1.0","sha256":"00"}}',
  `{"v":1,"committed":{"slot":"a","version":"1.0.0"},"refused":[],"staged":{"slot":"a","version":"1.1.0","sha256":"${'a'.repeat(64)}"}}`,
])('slots.json that says %s is not taken', (text) => {
  expect(() => parseSlots(Buffer.from(text))).toThrow()
})

test('a request says what it asks, and nothing longer is read', () => {
  const parsed = (value: unknown) => parseUpdateRequest(Buffer.from(JSON.stringify(value)))
  expect(parsed({ v: 1, id: 'x', op: 'try', before, more: 1 })).toEqual({ v: 1, id: 'x', op: 'try', before })
  expect(() => parsed({ v: 1, id: 'x', op: 'try' })).toThrow(/before/)
  expect(() => parsed({ v: 1, id: 'x', op: 'sick' })).toThrow(/reason/)
  expect(() => parsed({ v: 1, id: '../x', op: 'stage' })).toThrow(/id/)
  expect(() => parsed({ v: 1, id: 'x', op: 'erase' })).toThrow(/op/)
  expect(() => parsed({ v: 1, id: 'x', op: 'stage', more: 'x'.repeat(70_000) })).toThrow(/bytes/)
})
