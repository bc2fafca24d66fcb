import { expect, test } from 'vitest'
import { Desk, Signer } from './desk.ts'

const officer = new Signer('officer')
const speaker = new Signer('speaker')
const TOPIC = { kind: 'job', key: 'job', area: '75/26068', device: 'd-1' } as const

const desk = (): Desk => {
  const made = new Desk()
  made.trust(1, [
    made.grant(officer, { kinds: ['job'] }),
    made.grant(speaker, { kinds: ['schedule', 'alert', 'desired', 'command'] }),
  ])
  return made
}
const job = (at: Desk, rev: number, more: object = {}): object => ({
  kind: 'job',
  v: 1,
  device: 'd-1',
  rev,
  iat: at.at(0),
  job: { id: `u-${rev}`, op: 'update', release: 'a.b.c' },
  ...more,
})
const held = (at: Desk): string | undefined => at.intake.inForce('job')[0]?.job.id

test('T21 a job is taken from a key that may sign jobs, for this device, at a rising revision, and from nobody else', async () => {
  const at = desk()
  at.intake.receive(TOPIC, speaker.sign('job', job(at, 1)))
  expect(held(at)).toBe(undefined)
  at.intake.receive(TOPIC, officer.sign('job', job(at, 2)))
  expect(held(at)).toBe('u-2')
  at.intake.receive(TOPIC, officer.sign('job', job(at, 3, { device: 'd-2' })))
  at.intake.receive(TOPIC, officer.sign('job', job(at, 1)))
  at.intake.receive(TOPIC, officer.sign('desired', job(at, 4)))
  at.intake.receive(TOPIC, new Uint8Array())
  expect([held(at), at.intake.revisions['job']]).toEqual(['u-2', 2])
  await at.pass(31)
  expect(at.events.map(({ code }) => code).toSorted()).toEqual([
    'BAD_SIGNATURE',
    'OLD_REVISION',
    'WRONG_DEVICE',
  ])
})

test('a job outlives a restart, and goes with the key that signed it', () => {
  const at = desk()
  at.intake.receive(TOPIC, officer.sign('job', job(at, 2)))
  at.open()
  expect(held(at)).toBe('u-2')
  at.changes.length = 0
  at.trust(2, [at.grant(speaker)])
  expect([held(at), at.changes]).toEqual([undefined, ['job', '75/trust']])
})
