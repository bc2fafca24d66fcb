import { describe, expect, test } from 'vitest'
import { Broadcasts } from '../../../scripts/rigs/cuts/broadcasts.ts'
import type { DeviceState } from '../../../scripts/rigs/cuts/device-state.ts'
import {
  lostAtCut,
  type Played,
  silentSince,
  tally,
  wronglyClosed,
} from '../../../scripts/rigs/cuts/judge.ts'

const NOW = Date.UTC(2026, 10, 26, 5)
const AUDIO = { sha256: 'a'.repeat(64), bytes: 1, format: 'wav' as const, seconds: 3, urls: [] }

const state = (over: Partial<DeviceState> = {}): DeviceState => ({
  damage: [],
  epoch: 'e1',
  n: 2,
  records: new Map([
    [1, 'one'],
    [2, 'two'],
  ]),
  documents: { '75/26068/schedule': 3 },
  open: [],
  ...over,
})
const known = { epoch: 'e1', records: new Map([[1, 'one']]), revs: { '75/26068/schedule': 3 } }

describe('what the province had is on the disk', () => {
  test('when the device has all of it, and perhaps more', () => {
    expect(lostAtCut(state(), known)).toEqual([])
    expect(lostAtCut(state({ documents: { '75/26068/schedule': 4 } }), known)).toEqual([])
  })

  test('not when a record is gone or another, a document older, or the epoch new', () => {
    expect(lostAtCut(state({ records: new Map() }), known)).toEqual(['record 1 is gone'])
    expect(lostAtCut(state({ records: new Map([[1, 'other']]) }), known)).toEqual(['record 1 is another'])
    expect(lostAtCut(state({ documents: {} }), known)).toEqual([
      '75/26068/schedule is at 0, the device had said 3',
    ])
    expect(lostAtCut(state({ epoch: 'e2' }), known)).toEqual(['the epoch is e2, the province has e1'])
  })
})

describe('the programmes of the rig', () => {
  const broadcasts = new Broadcasts()
  broadcasts.extend(NOW, AUDIO, NOW + 6000)
  const first = broadcasts.all.length
  broadcasts.extend(NOW + 50_000, AUDIO)

  test('come every six seconds without a hole where they were extended in time', () => {
    const times = broadcasts.all.map(({ planned }) => Date.parse(planned))
    expect(times.slice(1).every((at, i) => at - (times[i] ?? 0) === 6000)).toBe(true)
    expect(new Set(broadcasts.all.map(({ id }) => id)).size).toBe(broadcasts.all.length)
  })

  test('are added so far ahead that a board without power is back before', () => {
    const [added] = broadcasts.all.slice(first)
    expect(Date.parse(added?.planned ?? '')).toBeGreaterThanOrEqual(NOW + 50_000 + 120_000)
  })

  test('stay in the schedule until their record is there', () => {
    const items = broadcasts.items(new Set(['tin-1', 'tin-2']))
    expect(items[0]?.id).toBe('tin-3')
    expect(items).toHaveLength(broadcasts.all.length - 2)
  })
})

describe('the count of records', () => {
  const planned = new Date(NOW).toISOString()
  const all = ['tin-1', 'tin-2', 'tin-4'].map((id) => ({ id, planned, takenUp: id === 'tin-4' }))
  const record = (item: string, result: string, rest: Partial<Played> = {}): Played => ({
    item,
    planned,
    result,
    ...rest,
  })

  test('finds what has none, and what has two', () => {
    const played = [record('tin-1', 'completed'), record('tin-1', 'interrupted'), record('tin-4', 'missed')]
    expect(tally(all, played)).toEqual({
      lost: [`tin-2 at ${planned}`],
      twice: [`tin-1 at ${planned}`],
    })
  })

  test('knows how what sounded at a cut must end', () => {
    const cut = new Set(all.map(({ id }) => `${id} at ${planned}`))
    const power = { reason: 'POWER_LOST' }
    const closed = (...played: readonly Played[]) => wronglyClosed(cut, all, played)
    expect(closed(record('tin-1', 'interrupted', power), record('tin-4', 'interrupted', power))).toEqual([])
    expect(closed(record('tin-4', 'completed', { cuts: 1 }))).toEqual([])
    expect(closed(record('tin-1', 'completed', { cuts: 1 }))).toHaveLength(1)
    expect(closed(record('tin-1', 'interrupted', { reason: 'CRASHED' }))).toHaveLength(1)
    expect(closed(record('tin-4', 'completed'))).toHaveLength(1)
    expect(wronglyClosed(new Set(), all, [record('tin-1', 'missed')])).toEqual([])
  })

  test('misses an alert that never sounded, or not again after a cut', () => {
    const later = { planned: new Date(NOW + 60_000).toISOString() }
    const cut = record('lu-1', 'interrupted', { reason: 'POWER_LOST' })
    expect(silentSince(['lu-1', 'lu-2'], [cut])).toEqual(['lu-1', 'lu-2'])
    expect(silentSince(['lu-1'], [record('lu-1', 'completed', later), cut])).toEqual([])
  })
})
