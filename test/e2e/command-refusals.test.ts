import { expect, test } from 'vitest'
import { commandDocument } from '../../scripts/source-system/command.ts'
import { makeKey, type SigningKey } from '../../scripts/source-system/keys.ts'
import { seal } from '../../scripts/source-system/sign.ts'
import { grant, trustDocument } from '../../scripts/source-system/trust.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench } from '../rig/bench.ts'
import { answered, bootOf, order, repliesTo, sendRaw } from '../rig/commander.ts'

const LONG = 90_000

/** A province that trusts one key with commands for the commune, another with schedules only. */
const signedBench = async () => {
  const [root, chief, editor, stranger] = ['root-a', 'p-75', 'c-75', 'x-1'].map(makeKey) as [
    SigningKey,
    SigningKey,
    SigningKey,
    SigningKey,
  ]
  const bench = await Bench.open({
    config: { security: { signatures: 'required', rootKeys: [{ kid: root.kid, x: root.x }], threshold: 1 } },
  })
  const from = new Date(Date.now() - 60_000)
  const keys = [
    { ...grant(chief, { area: '75', from }), kinds: ['command'], maxClass: 'priority' },
    { ...grant(editor, { area: '75/26068', from }), kinds: ['schedule'] },
  ]
  const trust = trustDocument('75', keys as never, new Date())
  await bench.observer.document('75', 'trust', seal('trust', Buffer.from(JSON.stringify(trust)), [root]))
  await bench.agent.start()
  await bench.observer.until('reported', 'trust', ({ revs }) => Object.hasOwn(revs as object, '75/trust'))
  return { bench, chief, editor, stranger }
}

test(
  'T01 with signatures required every refusal is an event with its code, and only holders of a key are answered',
  async () => {
    const { bench, chief, editor, stranger } = await signedBench()
    await using _ = bench
    const { agent, observer } = bench
    expect(await order(observer, 'volume', { volume: 70 }, chief)).toMatchObject({ status: 'done' })

    const boot = await bootOf(observer)
    const now = new Date()
    const command = (id: string, more: object = {}) => ({
      ...commandDocument({
        device: DEVICE,
        boot,
        op: 'play',
        args: { parts: [{ sound: 'siren-wail' }] },
        now,
        id,
      }),
      ...more,
    })
    const signed = (document: object, key: SigningKey) =>
      seal('command', Buffer.from(JSON.stringify(document)), [key])
    const tampered = signed(command('tampered'), chief).replace(/.{8}$/, 'AAAAAAAA')
    const hourAgo = new Date(now.getTime() - 3_600_000)
    const refusals: readonly (readonly [string, string, 'rejected' | 'silence', string])[] = [
      ['BAD_SIGNATURE', 'tampered', 'silence', tampered],
      ['BAD_SIGNATURE', 'bare', 'silence', JSON.stringify(command('bare'))],
      ['UNKNOWN_KEY', 'strange', 'silence', signed(command('strange'), stranger)],
      ['OUT_OF_SCOPE', 'editor', 'rejected', signed(command('editor'), editor)],
      ['WRONG_DEVICE', 'other', 'rejected', signed(command('other', { device: 'd-2' }), chief)],
      ['WRONG_BOOT', 'older', 'rejected', signed(command('older', { boot: '0'.repeat(32) }), chief)],
      [
        'EXPIRED',
        'late',
        'rejected',
        signed(
          {
            ...commandDocument({ ...command('late'), op: 'play', args: command('late').args, now: hourAgo }),
          },
          chief,
        ),
      ],
      ['INVALID', 'unknown', 'rejected', signed(command('unknown', { op: 'explode' }), chief)],
      ['TOO_LARGE', 'huge', 'silence', 'x'.repeat(1_000_001)],
    ]
    for (const [code, id, answer, message] of refusals) {
      await sendRaw(observer, message)
      await observer.event(code)
      if (answer === 'rejected') await answered(observer, id, `rejected ${code}`)
    }
    // A command that is obeyed afterwards: what was not answered by now never is.
    expect(await order(observer, 'stop', {}, chief)).toMatchObject({ status: 'done' })
    for (const id of ['tampered', 'bare', 'strange', 'huge']) expect(repliesTo(observer, id)).toEqual([])
    expect(agent.sounds).toEqual([])
  },
  LONG,
)
