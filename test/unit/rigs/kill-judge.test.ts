import { expect, test } from 'vitest'
import { allowedOutcomes, type Blow } from '../../../scripts/rigs/parts/kill-judge.ts'

const blow = (changes: Partial<Blow>): Blow => ({
  ...{
    what: 'agent',
    policy: 'skip',
    at: 3000,
    heardBefore: 3000,
    backAt: 5000,
    recordAfter: 2000,
    length: 8000,
  },
  ...changes,
})

test.each([
  ['skip is never taken up', {}, ['interrupted CRASHED']],
  ['an orderly stop says so', { what: 'stop' }, ['interrupted STOPPED']],
  ['play goes on', { policy: 'play' }, ['completed']],
  ['join goes on where it would be', { policy: 'join' }, ['partial LATE']],
  ['join that would be over is not', { policy: 'join', backAt: 12_000 }, ['interrupted CRASHED']],
  ['only armed, skip starts in its window', { at: -1000, heardBefore: 0, backAt: 2000 }, ['completed']],
  ['only armed, join is late', { policy: 'join', at: -1000, heardBefore: 0, backAt: 2000 }, ['partial LATE']],
  [
    'only armed, join is on time or late',
    { policy: 'join', at: -1500, heardBefore: 0, backAt: 500 },
    ['completed', 'partial LATE'],
  ],
  [
    'a start not noted yet may be either',
    { at: 200, heardBefore: 200 },
    ['interrupted CRASHED', 'completed'],
  ],
  ['playout alone costs nothing', { what: 'playout', policy: 'join' }, ['completed']],
  [
    'as when it is back in time for an item not heard yet',
    { what: 'playout', policy: 'join', at: -90, heardBefore: 0, againAt: 800 },
    ['completed'],
  ],
  [
    'and makes a joiner late that was not heard yet',
    { what: 'playout', policy: 'join', at: -90, heardBefore: 0, againAt: 1300 },
    ['partial LATE'],
  ],
  [
    'unless it is away for ten seconds',
    { what: 'playout', recordAfter: 10_500 },
    ['completed', 'interrupted CRASHED'],
  ],
] satisfies [string, Partial<Blow>, string[]][])('%s', (_, changes, outcomes) => {
  expect(allowedOutcomes(blow(changes))).toEqual(outcomes)
})
