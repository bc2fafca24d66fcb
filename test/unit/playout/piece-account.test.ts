import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PieceAccount } from '../../../agent/playout/piece-account.ts'

type Step =
  | { readonly do: 'write'; readonly frames: number; readonly drift: -1 | 0 | 1 }
  | { readonly do: 'gap'; readonly frames: number }
  | { readonly do: 'takeBack'; readonly frames: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    frames: fc.integer({ min: 2, max: 300 }),
    drift: fc.constantFrom<-1 | 0 | 1>(-1, 0, 1),
  }),
  fc.record({ do: fc.constant('gap' as const), frames: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ do: fc.constant('takeBack' as const), frames: fc.integer({ min: 0, max: 500 }) }),
)

describe('the account of a piece', () => {
  it('loses no frame and counts none twice, whatever is written, left out, put in and taken back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const account = new PieceAccount(10_000)
        let at = 0
        let position = 0
        for (const each of steps)
          if (each.do === 'gap') at += each.frames
          else if (each.do === 'write') {
            const sources = each.frames + each.drift
            account.note(at, each.frames, position, sources)
            at += each.frames
            position += sources
          } else {
            at = Math.max(0, at - each.frames)
            position -= account.takeBack(at)
            expect(account.framesBefore(Number.POSITIVE_INFINITY)).toBe(position)
          }
        expect(account.given).toBe(position)
        expect(account.framesBefore(at)).toBe(position)
        expect(account.positionAt(at) ?? 0).toBe(position)
      }),
    )
  })

  it('keeps the count of what is too old to be taken back', () => {
    const account = new PieceAccount(1000)
    for (let second = 0; second < 500; second += 1) account.note(100 * second, 100, 101 * second, 101)
    expect(account.framesBefore(50_000)).toBe(50_500)
    expect(account.takeBack(49_950)).toBe(50)
    expect(account.positionAt(49_950)).toBe(50_450)
  })
})
