import { expect, test } from 'vitest'
import { isOfToday } from '../../scripts/source-system/monitor.ts'
import { boardsAfter, rowOf } from '../../scripts/source-system/monitor-row.ts'
import { formatTable } from '../../scripts/source-system/monitor-table.ts'

const heartbeat = {
  v: 1,
  at: '2026-11-22T10:00:00.000Z',
  state: 'playing',
  item: 'thong-bao-hop-thon-buoi-sang',
  health: 'ok',
  problems: [],
  clock: { state: 'synced', offsetMs: 0.4 },
  outbox: 12,
  next: { item: 'tin-tinh', at: '2026-11-22T10:45:00.000Z', armed: false },
}
const birth = { state: 'online', boot: 'b', at: '2026-11-22T09:00:00.000Z', agent: '0.1.0' }
const lost = { ...birth, state: 'lost', at: '2026-11-22T09:59:00.000Z' }

test('a heartbeat newer than a lost state means online', () => {
  expect(rowOf('75', 'd-1', { state: lost, heartbeat, heardAt: 0 }).state).toBe('playing')
})

test('a lost state newer than the heartbeat stands', () => {
  const later = { ...lost, at: '2026-11-22T10:01:00.000Z' }
  expect(rowOf('75', 'd-1', { state: later, heartbeat, heardAt: 0 }).state).toBe('lost')
})

test('a device that said nothing but its birth is online, with nothing else known', () => {
  expect(rowOf('75', 'd-1', { state: birth, heardAt: 7 })).toEqual({
    device: 'd-1',
    province: '75',
    state: 'online',
    problems: [],
    agent: '0.1.0',
    heardAt: 7,
  })
})

test('a row says everything in 80 columns, in the time of the schedule', () => {
  const row = rowOf('75', 'd-7k2m4q9x', { state: birth, heartbeat, heardAt: 1000 })
  const [title = '', line = ''] = formatTable([row], 6500)
  expect(line).toBe('d-7k2m4q9x      playing ok           thong-bao-ho… 17:45! tin-t… synced 12   5s')
  expect(Math.max(title.length, line.length)).toBeLessThanOrEqual(80)
})

test('the first problem stands for the health', () => {
  const sick = { ...heartbeat, health: 'fault', problems: ['AUDIO_DEVICE', 'SIGN'] }
  const [, line] = formatTable([rowOf('75', 'd-1', { heartbeat: sick, heardAt: 0 })], 0)
  expect(line).toContain(' AUDIO_DEVICE ')
})

test.each([
  [-500, '0s'],
  [99_999, '99s'],
  [100_000, '1m'],
  [7_300_000, '2h'],
  [400_000_000, 'old'],
])('a message of %d ms ago is %s old', (ms, age) => {
  const [, line] = formatTable([rowOf('75', 'd-1', { heartbeat, heardAt: 0 })], ms)
  expect(line?.split(' ').at(-1)).toBe(age)
})

test('what a device sends cannot steer the terminal', () => {
  const row = rowOf('75', 'd-1', { heartbeat: { ...heartbeat, item: '\x1b[2J\u202etin\n' }, heardAt: 0 })
  expect(formatTable([row], 0).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('a body that is not what it should be gives a row all the same', () => {
  const odd = { state: 7, next: [], clock: null, problems: 'x', outbox: '3', at: {} }
  expect(formatTable([rowOf('75', 'd-1', { heartbeat: odd, heardAt: 0 })], 0)).toHaveLength(2)
})

test('a device that was moved is where it speaks, not where something of it stays retained', () => {
  const known = { province: '77' }
  const of = (province: string, leaf: string, body = {}) => isOfToday(known, { province, leaf }, body)
  expect(isOfToday(undefined, { province: '75', leaf: 'state' }, { state: 'offline' })).toBe(true)
  expect([of('75', 'state', { state: 'offline' }), of('75', 'about')]).toEqual([false, false])
  expect([of('77', 'state', { state: 'offline' }), of('77', 'about')]).toEqual([true, true])
  expect([of('79', 'state', { state: 'online' }), of('79', 'heartbeat')]).toEqual([true, true])
})

const spoken = (...serials: readonly unknown[]): readonly string[] =>
  serials.reduce<readonly string[]>((boards, serial) => boardsAfter(boards, { serial }), [])

test('a copied card shows as two boards when the first speaks again, whatever problem it has', () => {
  const heard = { heartbeat: { ...heartbeat, problems: ['SESSION_TAKEN'] }, heardAt: 0 }
  const row = rowOf('75', 'd-1', { ...heard, boards: spoken('a', 'b', 'b', 'a') })
  expect(row).toMatchObject({ serials: ['a', 'b'], cloned: true })
  expect(formatTable([row], 0)[1]).toContain(' TWO BOARDS ')
})

test('a card that was put into another board is a repair, and one board that reconnects is one', () => {
  const repaired = rowOf('75', 'd-1', { heardAt: 0, boards: spoken('a', 'a', 'b') })
  expect(repaired.serials).toEqual(['a', 'b'])
  expect(repaired.cloned).toBeUndefined()
  expect(
    rowOf('75', 'd-1', { heardAt: 0, boards: spoken('a', 'a', 'unknown', undefined, 'a') }),
  ).not.toHaveProperty('serials')
})

test('boards that speak in turn for ever take no more room', () => {
  const turns = Array.from({ length: 1000 }, (_, i) => `board ${i % 2}`)
  expect(spoken(...turns)).toHaveLength(8)
})
