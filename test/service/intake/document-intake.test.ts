import { describe, expect, test } from 'vitest'
import { Desk, Signer, topic } from './desk.ts'

const COMMUNE = topic('schedule')
const officer = new Signer('officer')
const other = new Signer('other')

const trusting = (): Desk => {
  const desk = new Desk()
  desk.trust(1, [desk.grant(officer)])
  return desk
}
const take = (desk: Desk, document: object, signer = officer): void =>
  desk.intake.receive(COMMUNE, signer.sign('schedule', document))

describe('revisions', () => {
  test('rise: lower is old, the same again is nothing, the same with another content a conflict', () => {
    const desk = trusting()
    take(desk, desk.schedule(5))
    const held = desk.schedule(7)
    take(desk, held)
    take(desk, held)
    expect(desk.heldRev).toBe(7)
    expect(desk.refused).toBeUndefined()
    take(desk, desk.schedule(6))
    expect(desk.refused).toBe('OLD_REVISION')
    take(desk, desk.schedule(7, { title: 'another' }))
    expect(desk.refused).toBe('REV_CONFLICT')
    expect(desk.intake.inForce('schedule')[0]?.items[0]?.title).toBe('news')
  })

  test('do not jump', () => {
    const desk = trusting()
    take(desk, desk.schedule(5))
    take(desk, desk.schedule(100_000_006))
    expect(desk.refused).toBe('REV_JUMP')
    expect(desk.heldRev).toBe(5)
  })

  test('are not below what an accepted fresh names', () => {
    const desk = trusting()
    desk.receive('fresh', officer.sign('fresh', desk.fresh(1, { schedule: 40 })))
    take(desk, desk.schedule(39))
    expect(desk.refused).toBe('OLD_REVISION')
    take(desk, desk.schedule(40))
    expect(desk.heldRev).toBe(40)
  })

  test('the same document under a further key makes that key a signer: revoking the first revokes nothing', () => {
    const desk = new Desk()
    desk.trust(1, [desk.grant(officer), desk.grant(other)])
    const document = desk.schedule(5)
    take(desk, document)
    take(desk, document, other)
    desk.trust(2, [desk.grant(other)])
    expect(desk.heldRev).toBe(5)
  })
})

describe('T10 an empty retained payload', () => {
  test('cancels nothing, and nobody is told', () => {
    const desk = trusting()
    take(desk, desk.schedule(5))
    desk.receive('schedule', new Uint8Array(0))
    desk.receive('trust', new Uint8Array(0), '75')
    expect(desk.heldRev).toBe(5)
    expect(desk.intake.inForce('trust').length).toBe(1)
    expect(desk.events).toEqual([])
  })
})

describe('trust', () => {
  test('a document that came before its trust is in force as soon as the trust is, without an event', () => {
    const desk = new Desk()
    take(desk, desk.schedule(5))
    expect(desk.heldRev).toBeUndefined()
    desk.trust(1, [desk.grant(officer)])
    expect(desk.heldRev).toBe(5)
    expect(desk.events).toEqual([])
    expect(desk.changes).toEqual(['75/26068/schedule', '75/trust'])
  })

  test('only a refusal that stands for 30 s is an event, once', async () => {
    const desk = new Desk()
    take(desk, desk.schedule(5))
    await desk.pass(29)
    expect(desk.events).toEqual([])
    await desk.pass(120)
    expect(desk.events.map(({ code }) => code)).toEqual(['UNKNOWN_KEY'])
    take(desk, desk.schedule(6))
    await desk.pass(31)
    expect(desk.events.map(({ code }) => code)).toEqual(['UNKNOWN_KEY', 'UNKNOWN_KEY'])
  })

  test('a bad signature is refused at once', () => {
    const desk = trusting()
    take(desk, desk.schedule(5), new Signer('officer'))
    expect(desk.events.map(({ code }) => code)).toEqual(['BAD_SIGNATURE'])
  })

  test('a key may not sign what it is not granted', async () => {
    const desk = new Desk()
    desk.trust(1, [desk.grant(officer, { maxClass: 'normal' })])
    take(desk, desk.schedule(5, { class: 'emergency' }))
    await desk.pass(31)
    expect(desk.refused).toBe('OUT_OF_SCOPE')
    expect(desk.heldRev).toBeUndefined()
  })

  test('root signatures up to the threshold are needed', () => {
    const desk = new Desk()
    desk.open('required', 2)
    desk.trust(1, [desk.grant(officer)])
    expect(desk.intake.inForce('trust')).toEqual([])
    desk.trust(1, [desk.grant(officer)], [desk.root, desk.otherRoot])
    expect(desk.intake.inForce('trust').length).toBe(1)
  })

  test('a key that comes into its dates lets in what waited for it', async () => {
    const desk = new Desk()
    desk.trust(1, [desk.grant(officer, { nbf: desk.at(10) })])
    take(desk, desk.schedule(5))
    await desk.pass(9)
    expect(desk.heldRev).toBeUndefined()
    await desk.pass(2)
    expect(desk.heldRev).toBe(5)
    expect(desk.events).toEqual([])
  })

  test('the end of a key limits acceptance only', async () => {
    const desk = new Desk()
    desk.trust(1, [desk.grant(officer, { exp: desk.at(10) })])
    take(desk, desk.schedule(5))
    await desk.pass(20)
    expect(desk.heldRev).toBe(5)
    take(desk, desk.schedule(6))
    expect(desk.heldRev).toBe(5)
  })

  test('what was refused as expired by a wrong clock is judged again when the clock is set', async () => {
    const desk = trusting()
    const document = desk.schedule(5, { exp: desk.at(3600) })
    desk.clock.step(86_400_000)
    await desk.pass(1)
    take(desk, document)
    expect(desk.heldRev).toBeUndefined()
    desk.clock.step(-86_400_000)
    await desk.pass(2)
    expect(desk.heldRev).toBe(5)
  })
})

describe('what is held', () => {
  test('is in force again after a restart', () => {
    const desk = trusting()
    take(desk, desk.schedule(5))
    desk.open()
    expect(desk.heldRev).toBe(5)
    take(desk, desk.schedule(4))
    expect(desk.refused).toBe('OLD_REVISION')
  })

  test('survives a document that breaks the schema, which is refused with the path of the fault', () => {
    const desk = trusting()
    take(desk, desk.schedule(5))
    take(desk, { ...desk.schedule(6), items: [{ id: 'a', when: { times: ['25:00:00'] } }] })
    expect(desk.heldRev).toBe(5)
    expect(desk.refusals.recent[0]).toMatchObject({ code: 'INVALID', path: 'items.0.when.times.0', rev: 6 })
  })

  test('is not in force where signatures are required and it was accepted without', () => {
    const desk = new Desk()
    desk.open('off')
    take(desk, desk.schedule(5))
    expect(desk.heldRev).toBe(5)
    desk.open('required')
    expect(desk.heldRev).toBeUndefined()
  })

  test('a document for another area or a job is not for this topic', () => {
    const desk = trusting()
    take(desk, { ...desk.schedule(5), area: '75/26069' })
    expect(desk.refused).toBe('WRONG_DEVICE')
  })

  test('on a device without memory has to be newer than 35 days before the floor', async () => {
    const desk = trusting()
    take(desk, desk.schedule(5, { iat: desk.at(-36 * 86_400) }))
    expect(desk.refused).toBe('OLD_REVISION')
    take(desk, desk.schedule(5, { iat: desk.at(-34 * 86_400) }))
    expect(desk.heldRev).toBe(5)
  })

  test('raises the floor of time by its iat', () => {
    const desk = trusting()
    desk.synchronised = false
    const before = desk.time.floor
    take(desk, desk.schedule(5, { iat: desk.at(3600) }))
    expect(desk.time.floor - before).toBeGreaterThanOrEqual(3600_000)
  })
})

test('an alert with a CAP text that says nothing is in force, and one info event says what was passed over', () => {
  const desk = trusting()
  const alert = {
    id: 'lu',
    event: 'flood',
    severity: 'extreme',
    headline: { vi: 'LŨ' },
    until: desk.at(3600),
  }
  const document = { kind: 'alert', v: 1, area: '75/26068', rev: 3, iat: desk.at(0) }
  const alerts = [alert, { ...alert, id: 'bao', cap: 7 }, { ...alert, id: 'chay', cap: '<alert>' }]
  const message = officer.sign('alert', { ...document, alerts })
  desk.intake.receive(topic('alert'), message)
  desk.intake.receive(topic('alert'), message)
  expect(desk.intake.inForce('alert')[0]?.alerts).toHaveLength(3)
  expect(desk.refusals.recent).toEqual([])
  expect(desk.events).toMatchObject([
    {
      code: 'INVALID',
      severity: 'info',
      data: { document: '75/26068/alert', rev: 3, path: 'alerts.1.cap' },
    },
  ])
})
