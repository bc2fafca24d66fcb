import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { mediaTargets } from './media.ts'
import { messageTargets } from './messages.ts'

const EACH_MS = 1000
const seed = Date.now() % 2 ** 31
const reached: string[] = []
afterAll(() => process.stdout.write(`fuzz: seed ${seed}; ${reached.join(', ')}\n`))

// New inputs at every run; with a failure fast-check prints seed and path, and the smallest input that fails.
describe('T11 untrusted bytes', () => {
  test.each([...messageTargets, ...mediaTargets].map((each) => [each.name, each] as const))(
    '%s: whatever comes is taken or refused, in bounded time',
    (name, { property }) => {
      const counts = { accepted: 0, refused: 0 }
      fc.assert(
        property((outcome) => {
          counts[outcome] += 1
        }),
        { seed, numRuns: 1_000_000, interruptAfterTimeLimit: EACH_MS, markInterruptAsFailure: false },
      )
      reached.push(`${name} ${counts.accepted}+${counts.refused}`)
      // A target that takes nothing, or everything, tries only half of the code.
      expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(0)
    },
  )
})
