import { expect, test } from 'vitest'
import type { Command, CommandOp, TrustKey } from '../../../agent/core/documents.ts'
import type { ClockState } from '../../../agent/core/records.ts'
import { authoriseCommand, type CommandGrounds } from '../../../agent/core/trust/authorise-command.ts'
import { keySetOf } from '../../../agent/core/trust/key-set.ts'
import { at } from '../schedule/items.ts'

const order = (
  op: CommandOp,
  more: Partial<Pick<Command, 'device' | 'boot' | 'iat' | 'exp'>> = {},
): Command => ({
  kind: 'command',
  v: 1,
  id: 'c-1',
  device: 'd-1',
  boot: 'b',
  iat: '2026-11-22T08:00:00+07:00',
  exp: '2026-11-22T08:01:00+07:00',
  ...more,
  ...op,
})
const stop = order({ op: 'stop' })
const play = (args = {}) => order({ op: 'play', args: { parts: [{ sound: 'chime' }], ...args } })
const granted: TrustKey = {
  kid: 'k',
  x: 'x',
  tier: 'province',
  area: '75',
  kinds: ['command'],
  maxClass: 'priority',
  nbf: '2026-11-01T00:00:00+07:00',
  exp: '2027-11-01T00:00:00+07:00',
}
const grounds = (more: Partial<CommandGrounds> = {}): CommandGrounds => ({
  device: 'd-1',
  deviceArea: '75/26068',
  boot: 'b',
  seen: () => false,
  keys: keySetOf([{ keys: [granted] }]),
  clock: 'synced',
  time: { now: at('2026-11-22T08:00:30+07:00'), floor: at('2026-11-22T08:00:00+07:00') },
  ...more,
})
const judge = (command: Command, more: Partial<CommandGrounds> = {}) =>
  authoriseCommand(command, { kind: 'kids', kids: ['k'] }, grounds(more))?.code ?? 'accepted'
const atTime = (now: string) => ({ time: { now: at(now), floor: at('2026-11-22T00:00:00Z') } })

test('a command for this device and boot, new, signed and in time is accepted', () => {
  expect(judge(play())).toBe('accepted')
  expect(judge(play({ class: 'priority' }))).toBe('accepted')
})

test('another device, another boot, an id seen before', () => {
  expect(judge(order({ op: 'stop' }, { device: 'd-2' }))).toBe('WRONG_DEVICE')
  expect(judge(order({ op: 'stop' }, { boot: 'old' }))).toBe('WRONG_BOOT')
  expect(judge(stop, { seen: (id) => id === 'c-1' })).toBe('REPLAYED')
})

test('the key must cover the place of the device and the class of the order', () => {
  expect(judge(stop, { keys: keySetOf([]) })).toBe('UNKNOWN_KEY')
  expect(judge(stop, { deviceArea: '76/26068' })).toBe('OUT_OF_SCOPE')
  expect(judge(play({ class: 'emergency' }))).toBe('OUT_OF_SCOPE')
  const unsigned = authoriseCommand(
    play({ class: 'emergency' }),
    { kind: 'unjudged' },
    grounds({ keys: keySetOf([]) }),
  )
  expect(unsigned).toBeUndefined()
})

test('exp is at most five minutes after iat', () => {
  expect(judge(order({ op: 'stop' }, { exp: '2026-11-22T08:05:00+07:00' }))).toBe('accepted')
  expect(judge(order({ op: 'stop' }, { exp: '2026-11-22T08:05:00.001+07:00' }))).toBe('INVALID')
})

test('the time is between iat less a minute and exp', () => {
  expect(judge(play(), atTime('2026-11-22T07:58:59+07:00'))).toBe('EXPIRED')
  expect(judge(play(), atTime('2026-11-22T07:59:00+07:00'))).toBe('accepted')
  expect(judge(play(), atTime('2026-11-22T08:01:00+07:00'))).toBe('EXPIRED')
  expect(judge(stop, atTime('2026-11-22T08:01:00+07:00'))).toBe('EXPIRED')
})

test.each(['held', 'stale'] as const)(
  'with the clock %s orders that silence are not judged by the time, others are',
  (clock) => {
    const later = { clock, ...atTime('2026-11-22T12:00:00+07:00') }
    expect(judge(stop, later)).toBe('accepted')
    expect(judge(play(), later)).toBe('EXPIRED')
    expect(judge(play(), { clock })).toBe('accepted')
  },
)

test('with the clock unset only orders that silence are taken, with exp not below the floor', () => {
  const clock: ClockState = 'unset'
  const silencing: readonly CommandOp[] = [
    { op: 'stop' },
    { op: 'mute' },
    { op: 'unmute' },
    { op: 'sign-clear' },
    { op: 'sync' },
  ]
  for (const op of silencing)
    expect(judge(order(op), { clock, ...atTime('1970-01-01T00:00:00Z') })).toBe('accepted')
  expect(judge(play(), { clock })).toBe('EXPIRED')
  expect(
    judge(stop, { clock, time: { now: at('1970-01-01T00:00:00Z'), floor: at('2026-11-22T08:01:01+07:00') } }),
  ).toBe('EXPIRED')
})
