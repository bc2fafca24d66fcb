import { expect, it } from 'vitest'
import { proofAfter } from '../../../agent/core/arbiter/proof.ts'

const NOTHING = { frames: 0 }

it('relays were right throughout only if they were in every piece that sounded', () => {
  expect(proofAfter(NOTHING, { frames: 10, relay: true })).toEqual({ relay: true })
  expect(proofAfter({ frames: 10, relay: true }, { frames: 5, relay: true })).toEqual({ relay: true })
  expect(proofAfter({ frames: 10, relay: true }, { frames: 5, relay: false })).toEqual({ relay: false })
  expect(proofAfter({ frames: 10, relay: false }, { frames: 5 })).toEqual({ relay: false })
})

it('a piece that nobody saw leaves nothing to be said of the whole, before it or after', () => {
  expect(proofAfter({ frames: 10, relay: true }, { frames: 5 })).toEqual({})
  expect(proofAfter({ frames: 10 }, { frames: 5, relay: true })).toEqual({})
  expect(proofAfter({ frames: 10, relay: true }, NOTHING)).toEqual({ relay: true })
})

it('what was heard of the pieces counts by the seconds that were judged', () => {
  const first = { frames: 10, heard: { score: 1, seconds: 30 } }
  expect(proofAfter(first, { frames: 5, heard: { score: 0.2, seconds: 10 } })).toEqual({
    heard: { score: 0.8, seconds: 40 },
  })
  expect(proofAfter(first, { frames: 5 })).toEqual({ heard: first.heard })
})
