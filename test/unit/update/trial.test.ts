import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  lookAtTrial,
  type TrialLook,
  type TrialMemory,
  type TrialVerdict,
} from '../../../agent/core/update/trial.ts'

const MINUTE = 60_000
const TRIAL = 5 * MINUTE
const DAY = 24 * 60 * MINUTE
const both = { sound: true, broker: true }
const well = { silent: [], sound: true, broker: true, reachable: undefined, fault: '' }

/** Looks every ten seconds until it is decided or `untilMs`; `seen` says what is seen at a time. */
const watch = (
  seen: (atMs: number) => Partial<TrialLook>,
  untilMs = 2 * DAY,
  before = both,
): { readonly verdict: TrialVerdict; readonly atMs: number } => {
  let memory: TrialMemory = {}
  for (let atMs = 0; ; atMs += 10_000) {
    const looked = lookAtTrial(memory, { ...well, ...seen(atMs), atMs }, { before, trialMs: TRIAL })
    memory = looked.memory
    if (looked.verdict.kind !== 'goes-on' || atMs >= untilMs) return { verdict: looked.verdict, atMs }
  }
}

const network = { broker: false, reachable: false, fault: 'no route' }
const shutOut = { broker: false, reachable: true, fault: 'bad user name' }

describe('a trial', () => {
  test('that is well for its time is well, not sooner', () => {
    expect(watch(() => ({}))).toEqual({ verdict: { kind: 'well' }, atMs: TRIAL })
  })

  test('is held to nothing that did not work before', () => {
    const seen = () => ({ ...network, sound: false })
    expect(watch(seen, DAY, { sound: false, broker: false }).verdict).toEqual({ kind: 'well' })
  })

  test.each<[string, Partial<TrialLook>, string]>([
    ['the sound device does not open', { sound: false }, 'sound device'],
    ['a component is overdue', { silent: ['dispatch'] }, 'dispatch is overdue'],
    ['a broker shuts it out', shutOut, 'bad user name'],
  ])('is over at the end of its time when %s', (_, seen, reason) => {
    const { verdict, atMs } = watch(() => seen)
    expect(verdict).toMatchObject({ kind: 'sick', reason: expect.stringContaining(reason) })
    expect(atMs).toBe(TRIAL)
  })

  test('waits a day for a network that is away, then is decided on the rest', () => {
    expect(watch(() => network)).toEqual({ verdict: { kind: 'well' }, atMs: DAY })
  })

  test('gives a broker that has just come back the time of its tries', () => {
    const back = 10 * MINUTE
    const seen = (atMs: number) => (atMs < back ? network : atMs < back + 2 * MINUTE ? shutOut : {})
    expect(watch(seen).verdict).toEqual({ kind: 'well' })
  })

  test('passes over a fault that is gone again, and is not well before a minute of health', () => {
    const { verdict, atMs } = watch((at) =>
      at > 4.5 * MINUTE && at < TRIAL + 20_000 ? { sound: false } : {},
    )
    expect([verdict.kind, atMs]).toEqual(['well', TRIAL + 20_000 + MINUTE])
  })

  test('does not go on for ever when health comes and goes', () => {
    const { verdict, atMs } = watch((at) => ({ sound: at % 40_000 < 20_000 }))
    expect([verdict.kind, atMs]).toEqual(['sick', 4 * TRIAL])
  })

  test('never ends as sick for the network alone, whatever it does', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (ups) => {
        const seen = (atMs: number) => (ups[Math.floor(atMs / 30_000) % ups.length] ? {} : network)
        expect(watch(seen, 2 * DAY).verdict.kind).toBe('well')
      }),
      { numRuns: 20 },
    )
  })

  test('is always decided within a day, whatever is seen', () => {
    const look = fc.record({ sound: fc.boolean(), broker: fc.boolean(), reachable: fc.boolean() })
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 50 }), (looks) => {
        const { verdict, atMs } = watch((at) => looks[Math.floor(at / 10_000) % looks.length] ?? {})
        expect(verdict.kind).not.toBe('goes-on')
        expect(atMs).toBeLessThanOrEqual(DAY + MINUTE)
      }),
      { numRuns: 20 },
    )
  })
})
