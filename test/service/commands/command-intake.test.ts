import { describe, expect, test } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { Command, TrustKey } from '../../../agent/core/documents.ts'
import type { ClockState, EventBody } from '../../../agent/core/records.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { keySetOf } from '../../../agent/core/trust/key-set.ts'
import { CommandIntake } from '../../../agent/services/commands/command-intake.ts'
import { Refusals } from '../../../agent/services/refusals.ts'
import { claimedId, parseDocument } from '../../../agent/wire/documents.ts'
import { openEnvelope } from '../../../agent/wire/envelope.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { Signer } from '../intake/desk.ts'

const HOUR_MS = 3_600_000

/** A desk for commands in boot `b`, whose key `k` may order priority. */
const bench = (signatures: 'required' | 'off' = 'required') => {
  const clock = new ManualClock()
  const key = new Signer('k')
  const iso = (seconds: number): string => new Date(clock.wall() + seconds * 1000).toISOString()
  const grant: TrustKey = {
    kid: key.kid,
    x: key.x,
    tier: 'province',
    area: '75',
    kinds: ['command'],
    maxClass: 'priority',
    nbf: iso(-86_400),
    exp: iso(86_400),
  }
  const time = { state: 'synced' as ClockState, floor: epochMs(clock.wall()) }
  const events: EventBody[] = []
  const obeyed: string[] = []
  const rejected: string[] = []
  const intake = new CommandIntake({
    codec: {
      open: (message) => openEnvelope('command', message, { signatures }),
      parse: (payload) => parseDocument('command', payload),
      claimedId,
    },
    crypto: createCryptography(),
    clock,
    time,
    keys: () => keySetOf([{ keys: [grant] }]),
    signatures,
    device: 'd-1',
    deviceArea: '75/26068',
    boot: 'b',
    refusals: new Refusals(clock, (event) => events.push(event)),
    replies: { reject: (id, code) => void rejected.push(`${id} ${code}`) },
    logger: silentLogger,
    obey: ({ id }) => void obeyed.push(id),
  })
  const order = (id: string, op: Command['op'], more: object = {}): object => ({
    kind: 'command',
    v: 1,
    id,
    device: 'd-1',
    boot: 'b',
    iat: iso(0),
    exp: iso(60),
    op,
    ...more,
  })
  const send = (document: object, signer = key): void =>
    intake.receive(
      signatures === 'off' ? Buffer.from(JSON.stringify(document)) : signer.sign('command', document),
    )
  const codes = (): readonly string[] => events.map(({ code }) => code)
  return { clock, key, time, intake, order, send, events, codes, obeyed, rejected, iso }
}

const chime = { args: { parts: [{ sound: 'chime' }] } }

test('a signed command is obeyed once', () => {
  const { send, order, obeyed, rejected, codes } = bench()
  send(order('one', 'stop'))
  send(order('one', 'stop'))
  expect([obeyed, rejected, codes()]).toEqual([['one'], ['one REPLAYED'], ['REPLAYED']])
})

test('a refused command leaves nothing behind: the same id may come again as it should be', () => {
  const { send, order, obeyed } = bench()
  send(order('one', 'play', { args: { ...chime.args, class: 'emergency' } }))
  send(order('one', 'play', { boot: 'older', ...chime }))
  send(order('one', 'play', chime))
  expect(obeyed).toEqual(['one'])
})

test('an empty message is nothing', () => {
  const { intake, codes } = bench()
  intake.receive(new Uint8Array())
  expect(codes()).toEqual([])
})

describe('a refusal', () => {
  test('is answered only when a known key signed, by the id that could be read', () => {
    const { send, order, intake, key, rejected, codes } = bench()
    send(order('stranger', 'stop'), new Signer('x'))
    send(order('forged', 'stop'), new Signer('k'))
    intake.receive(Buffer.from(JSON.stringify(order('bare', 'stop'))))
    intake.receive(key.sign('schedule', order('schedule', 'stop')))
    expect([rejected, codes()]).toEqual([[], ['UNKNOWN_KEY', 'BAD_SIGNATURE']])
    send(order('new', 'explode' as Command['op']))
    send(order('loud', 'play', { args: { ...chime.args, class: 'emergency' } }))
    send(
      order('late', 'play', {
        iat: new Date(0).toISOString(),
        exp: new Date(60_000).toISOString(),
        ...chime,
      }),
    )
    send(order('other', 'stop', { device: 'd-2' }))
    expect(rejected).toEqual(['new INVALID', 'loud OUT_OF_SCOPE', 'late EXPIRED', 'other WRONG_DEVICE'])
  })

  test('names key and path, and copies of it are counted', () => {
    const { send, order, events } = bench()
    for (let copy = 0; copy < 500; copy += 1) send(order('x', 'volume', { args: { volume: 101 } }))
    expect(events).toEqual([
      expect.objectContaining({
        code: 'INVALID',
        data: expect.objectContaining({ document: 'command', kid: 'k', path: 'args.volume' }),
      }),
    ])
  })
})

describe('without a synced clock', () => {
  test('orders that silence are judged by the floor, whatever the clock says', () => {
    const { send, order, obeyed, time, clock } = bench()
    time.state = 'held'
    const [mute, play] = [order('mute', 'mute'), order('play', 'play', chime)]
    clock.step(HOUR_MS)
    send(mute)
    send(play)
    expect(obeyed).toEqual(['mute'])
  })

  test('nothing else is accepted while the time is not known', () => {
    const { send, order, obeyed, time, rejected } = bench()
    time.state = 'unset'
    send(order('play', 'play', chime))
    send(order('volume', 'volume', { args: { volume: 5 } }))
    for (const op of ['stop', 'mute', 'unmute', 'sign-clear', 'sync'] as const) send(order(op, op))
    expect(obeyed).toEqual(['stop', 'mute', 'unmute', 'sign-clear', 'sync'])
    expect(rejected).toEqual(['play EXPIRED', 'volume EXPIRED'])
  })
})

describe('a flood', () => {
  test('of more than thirty orders in a minute is refused, and does not keep the device from being silenced', async () => {
    const { send, order, obeyed, rejected, clock } = bench()
    for (let n = 0; n < 35; n += 1) send(order(`v-${n}`, 'volume', { args: { volume: n } }))
    expect([obeyed.length, rejected]).toEqual([30, [30, 31, 32, 33, 34].map((n) => `v-${n} TOO_MANY`)])
    send(order('mute', 'mute'))
    expect(obeyed.at(-1)).toBe('mute')
    await clock.advance(2000)
    send(order('v-34', 'volume', { args: { volume: 34 } }))
    expect(obeyed.at(-1)).toBe('v-34')
  })
})

test('with signatures off a bare command is obeyed under the same rules', () => {
  const { send, order, obeyed, rejected } = bench('off')
  send(order('one', 'stop'))
  send(order('one', 'stop'))
  send(order('two', 'stop', { boot: 'older' }))
  expect([obeyed, rejected]).toEqual([['one'], ['one REPLAYED', 'two WRONG_BOOT']])
})
