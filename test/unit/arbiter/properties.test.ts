import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Drill, happenings, specs } from './drill.ts'

describe('whatever happens', () => {
  test('every planned occurrence ends in exactly one record, and no lower class cuts a higher one', () => {
    fc.assert(
      fc.property(specs, happenings, (of, befalls) => {
        const drill = new Drill(of)
        drill.run(befalls)
        const { stage, all, withdrawnEarly } = drill
        const recorded = all.filter(({ programme }) => stage.records.has(programme.key))
        expect(recorded.length).toBe(all.length - withdrawnEarly.size)
        expect(stage.state.waiting).toEqual([])
        expect(stage.state.sounding).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
