import { describe, expect, test } from 'vitest'
import { askerOf, BOOT } from './asking.ts'
import { Desk, Signer } from './desk.ts'

const officer = new Signer('officer')
const stranger = new Signer('stranger')

const trusting = (signatures: 'required' | 'off' = 'required') => {
  const desk = new Desk()
  desk.open(signatures)
  desk.trust(1, [desk.grant(officer, { maxClass: 'priority', kinds: ['schedule', 'command'] })])
  return { desk, ask: askerOf(desk, 'd-1', signatures) }
}
const order = (desk: Desk, more: object = {}) => ({
  kind: 'command',
  v: 1,
  id: 'c-1',
  device: 'd-1',
  boot: BOOT,
  iat: desk.at(0),
  exp: desk.at(60),
  op: 'stop',
  ...more,
})

describe('a message that is asked about', () => {
  test('would be accepted, then is held: who signed it, what it says, what is in force; nothing changes', () => {
    const { desk, ask } = trusting()
    const message = officer.sign('schedule', desk.schedule(5, { exp: desk.at(3600) }))
    const before = ask(message)
    expect(before).toMatchObject({
      kind: 'schedule',
      document: '75/26068/schedule',
      rev: 5,
      exp: desk.at(3600),
      keys: [{ kid: 'officer', known: true, verifies: true, maySign: true }],
      verdict: 'accepted',
    })
    expect([before.held, desk.heldRev, desk.events]).toEqual([undefined, undefined, []])
    desk.receive('schedule', message)
    expect(ask(message)).toMatchObject({ verdict: 'held', held: { rev: 5, hash: before.hash } })
    expect(ask(officer.sign('schedule', desk.schedule(4)))).toMatchObject({
      verdict: 'refused',
      code: 'OLD_REVISION',
      held: { rev: 5, signers: ['officer'] },
    })
  })

  test('by a key that is unknown, forged, or may not sign it is refused, each told apart', () => {
    const { desk, ask } = trusting()
    const schedule = desk.schedule(5, { class: 'emergency' })
    expect(ask(stranger.sign('schedule', schedule))).toMatchObject({
      code: 'UNKNOWN_KEY',
      keys: [{ kid: 'stranger', known: false, verifies: false }],
    })
    expect(ask(new Signer('officer').sign('schedule', schedule))).toMatchObject({
      code: 'BAD_SIGNATURE',
      keys: [{ known: true, verifies: false }],
    })
    expect(ask(officer.sign('schedule', schedule))).toMatchObject({
      code: 'OUT_OF_SCOPE',
      keys: [{ verifies: true, maySign: false }],
    })
  })

  test('that breaks the schema is refused with the path of its fault', () => {
    const { desk, ask } = trusting()
    const report = ask(officer.sign('schedule', { ...desk.schedule(5), items: [{ id: 'a' }] }))
    expect(report).toMatchObject({ verdict: 'refused', code: 'INVALID', path: 'items.0.when', rev: 5 })
    expect(report.keys[0]).toEqual({ kid: 'officer', known: true, verifies: true })
  })

  test('for another area or device is not for this one', () => {
    const { desk, ask } = trusting()
    expect(ask(officer.sign('schedule', { ...desk.schedule(5), area: '75/26069' }))).toMatchObject({
      document: '75/26069/schedule',
      code: 'WRONG_DEVICE',
    })
    expect(ask(officer.sign('command', order(desk, { device: 'd-2' })))).toMatchObject({
      code: 'WRONG_DEVICE',
    })
  })

  test('is trust by as many roots as are needed', () => {
    const { desk, ask } = trusting()
    expect(ask(desk.trustMessage(2, []))).toMatchObject({
      document: '75/trust',
      verdict: 'accepted',
      keys: [{ kid: 'root-a', verifies: true, maySign: true }],
    })
    expect(ask(desk.trustMessage(2, [], [stranger]))).toMatchObject({ code: 'BAD_SIGNATURE' })
  })

  test('is a command for this boot, or for another', () => {
    const { desk, ask } = trusting()
    expect(ask(officer.sign('command', order(desk)))).toMatchObject({
      kind: 'command',
      verdict: 'accepted',
      keys: [{ maySign: true }],
    })
    expect(ask(officer.sign('command', order(desk, { boot: '1'.repeat(32) })))).toMatchObject({
      code: 'WRONG_BOOT',
    })
    expect(ask(officer.sign('command', order(desk, { op: 'dance' })))).toMatchObject({ code: 'INVALID' })
  })

  test('that is no document at all is refused, whatever it is', () => {
    const { ask } = trusting()
    for (const message of ['', 'x', '{}', 'a.b.c', '[1,2]', '{"payload":"","signatures":[]}'])
      expect(ask(message)).toMatchObject({ verdict: 'refused', code: 'BAD_SIGNATURE', keys: [] })
    expect(ask(officer.sign('job', { kind: 'job' }))).toMatchObject({ verdict: 'refused' })
  })

  test('is judged without its signature on a bench with signatures off', () => {
    const { desk, ask } = trusting('off')
    expect(ask(JSON.stringify(desk.schedule(5)))).toMatchObject({
      kind: 'schedule',
      keys: [],
      signatures: 'off',
      verdict: 'accepted',
    })
    expect(ask('{"rev":1}')).toMatchObject({ code: 'INVALID', path: 'kind' })
    expect(ask(stranger.sign('schedule', desk.schedule(5)))).toMatchObject({ verdict: 'accepted' })
  })
})
