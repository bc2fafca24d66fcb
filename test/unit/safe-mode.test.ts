import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CRASH_LOOP_STARTS,
  OPTIONAL_PARTS,
  START_STAGES,
  type Start,
  type StartStage,
  startMode,
  withStage,
  withStart,
} from '../../agent/core/safe-mode.ts'

/** What is left off where nobody knows which part fails. */
const BLINDLY = OPTIONAL_PARTS.filter((part) => part !== 'state')

const diedAt = (...stages: readonly StartStage[]): readonly Start[] =>
  stages.map((stage) => ({ stage, safe: false }))

const starts = fc.array(
  fc.record({ stage: fc.constantFrom(...START_STAGES), safe: fc.boolean() }) satisfies fc.Arbitrary<Start>,
  { maxLength: 12 },
)

/** The agent starts and dies at each of these, one after the other; what is remembered, and how each was begun. */
const livedThrough = (stages: readonly StartStage[]) => {
  let dead: readonly Start[] = []
  const modes = stages.map((stage) => {
    const mode = startMode(dead)
    dead = withStage(withStart(dead, mode), stage)
    return mode
  })
  return { modes, next: startMode(dead) }
}

describe('a crash loop', () => {
  test('is never seen in fewer than five starts', () => {
    fc.assert(
      fc.property(starts, (all) => {
        const few = all.slice(0, CRASH_LOOP_STARTS - 1)
        expect(startMode(few)).toEqual({ kind: 'normal' })
      }),
    )
  })

  test('is seen after any five, and everything it leaves off may be left off', () => {
    fc.assert(
      fc.property(starts, (all) => {
        fc.pre(all.length >= CRASH_LOOP_STARTS)
        const mode = startMode(all)
        if (mode.kind !== 'safe') throw new Error('a normal start')
        expect(mode.off.length).toBeGreaterThan(0)
        expect(OPTIONAL_PARTS).toEqual(expect.arrayContaining([...mode.off]))
        if (mode.part !== undefined) expect(mode.off).toContain(mode.part)
        // A memory is given up only where every start died of it.
        const allOfState = all.slice(-CRASH_LOOP_STARTS).every(({ stage }) => stage === 'state')
        expect(mode.off.includes('state')).toBe(allOfState)
      }),
    )
  })

  test('is not seen in a start that survived: what is forgotten begins at nought', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...START_STAGES), { maxLength: 4 }), (stages) => {
        const { modes, next } = livedThrough(stages)
        expect([...modes, next].every(({ kind }) => kind === 'normal')).toBe(true)
      }),
    )
  })

  test('that always ends at the state leaves it off, and what cannot do without it', () => {
    const off = ['state', 'media', 'schedule', 'housekeeping']
    const dead = diedAt('state', 'state', 'state', 'state', 'state')
    expect(startMode(dead)).toEqual({ kind: 'safe', part: 'state', off, entered: true })
    expect(startMode(dead.map((start) => ({ ...start, safe: true })))).toMatchObject({ off, entered: false })
  })

  test.each(BLINDLY)('that always ends at %s leaves that off and nothing else', (part) => {
    expect(startMode(diedAt(part, part, part, part, part))).toEqual({
      kind: 'safe',
      part,
      off: [part],
      entered: true,
    })
  })

  test.each([
    ['the starts do not agree', diedAt('media', 'media', 'signs', 'media', 'media')],
    ['the part cannot be left off', diedAt('playout', 'playout', 'playout', 'playout', 'playout')],
    ['it dies after it was ready', diedAt('running', 'running', 'running', 'running', 'running')],
  ])('leaves everything off that may be when %s', (_when, dead) => {
    expect(startMode(dead)).toEqual({ kind: 'safe', off: BLINDLY, entered: true })
  })

  test('that goes on in safe mode leaves everything off, and is entered once', () => {
    const { modes, next } = livedThrough(['media', 'media', 'media', 'media', 'media', 'running', 'signs'])
    expect(modes[5]).toEqual({ kind: 'safe', part: 'media', off: ['media'], entered: true })
    const widened = { kind: 'safe', off: BLINDLY, entered: false }
    expect(modes[6]).toEqual(widened)
    expect(next).toEqual(widened)
  })
})

test('no more starts are remembered than count', () => {
  fc.assert(
    fc.property(starts, (all) => {
      const kept = withStart(all, startMode(all))
      expect(kept.length).toBeLessThanOrEqual(CRASH_LOOP_STARTS)
      expect(kept.at(-1)?.stage).toBe('state')
      expect(withStage(kept, 'signs').at(-1)?.stage).toBe('signs')
      expect(withStage(kept, 'signs').slice(0, -1)).toEqual(kept.slice(0, -1))
    }),
  )
})
