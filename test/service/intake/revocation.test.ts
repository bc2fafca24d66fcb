import { describe, expect, test } from 'vitest'
import { Desk, Signer } from './desk.ts'

const officer = new Signer('officer')
const leaked = new Signer('leaked')

/** Both keys are granted, and the officer's schedule is held at revision 5. */
const desk = (): Desk => {
  const made = new Desk()
  made.trust(1, [made.grant(officer), made.grant(leaked)])
  made.receive('schedule', officer.sign('schedule', made.schedule(5, { title: 'of the officer' })))
  return made
}
const take = (at: Desk, signer: Signer, rev: number, more: Parameters<Desk['schedule']>[1] = {}): void =>
  at.receive('schedule', signer.sign('schedule', at.schedule(rev, more)))
const title = (at: Desk) => at.intake.inForce('schedule')[0]?.items[0]?.title

describe('T05 a leaked key', () => {
  test('cannot push the revision out of reach', () => {
    const at = desk()
    take(at, leaked, 999_999_999_999)
    expect([at.refused, at.heldRev]).toEqual(['REV_JUMP', 5])
  })

  test('loses what it published when it is revoked: the last document of a granted key is in force again, with an event', () => {
    const at = desk()
    take(at, leaked, 100_000_005, { title: 'of the thief' })
    expect(title(at)).toBe('of the thief')
    at.changes.length = 0
    at.trust(2, [at.grant(officer)])
    expect([at.heldRev, title(at)]).toEqual([5, 'of the officer'])
    expect(at.changes).toEqual(['75/26068/schedule', '75/trust'])
    expect(at.events).toMatchObject([
      {
        code: 'OUT_OF_SCOPE',
        data: { document: '75/26068/schedule', rev: 100_000_005, kid: 'leaked' },
      },
    ])
    take(at, officer, 4)
    expect(at.refused).toBe('OLD_REVISION')
    take(at, officer, 6)
    expect(at.heldRev).toBe(6)
  })

  test('cannot push out the honest document by publishing without end, nor over a restart', () => {
    const at = desk()
    for (let rev = 6; rev < 40; rev += 1) take(at, leaked, rev)
    at.open()
    at.trust(2, [at.grant(officer)])
    expect([at.heldRev, title(at)]).toEqual([5, 'of the officer'])
  })

  test('that was alone on a topic leaves it to start anew, however high its first revision was', () => {
    const at = new Desk()
    at.trust(1, [at.grant(leaked)])
    take(at, leaked, 999_999_999_999)
    expect(at.heldRev).toBe(999_999_999_999)
    at.trust(2, [at.grant(officer)])
    expect(at.heldRev).toBeUndefined()
    take(at, officer, 3)
    expect(at.heldRev).toBe(3)
  })

  test('takes the floors of its fresh with it; those of an earlier fresh are floors again', () => {
    const at = desk()
    at.receive('fresh', officer.sign('fresh', at.fresh(1, { schedule: 4 })))
    at.receive('fresh', leaked.sign('fresh', at.fresh(2, { schedule: 40 })))
    take(at, officer, 6)
    expect(at.refused).toBe('OLD_REVISION')
    at.trust(2, [at.grant(officer)])
    take(at, officer, 6)
    expect(at.heldRev).toBe(6)
    at.trust(3, [at.grant(leaked)])
    at.trust(4, [at.grant(officer)])
    take(at, officer, 1)
    expect(at.heldRev).toBe(1)
  })

  test('whose id is given to another key signed nothing that stays', () => {
    const at = desk()
    take(at, leaked, 6)
    const renewed = new Signer('leaked')
    at.trust(2, [at.grant(officer), at.grant(renewed)])
    expect(at.heldRev).toBe(5)
    take(at, renewed, 6)
    expect(at.heldRev).toBe(6)
  })

  test('that is granted again later brings nothing back by itself', () => {
    const at = desk()
    take(at, leaked, 6)
    take(at, officer, 7)
    at.trust(2, [at.grant(officer)])
    at.trust(3, [at.grant(leaked)])
    expect(at.heldRev).toBeUndefined()
  })
})

describe('a grant that is narrowed', () => {
  test('revokes what goes beyond it; the last document within it comes back', () => {
    const at = desk()
    take(at, officer, 6, { class: 'emergency' })
    at.trust(2, [at.grant(officer, { maxClass: 'normal' })])
    expect(at.heldRev).toBe(5)
  })

  test('leaves a document of which another signer may still sign it', () => {
    const at = desk()
    const both = at.schedule(6)
    at.receive('schedule', leaked.sign('schedule', both))
    at.receive('schedule', officer.sign('schedule', both))
    at.trust(2, [at.grant(officer)])
    expect(at.heldRev).toBe(6)
  })
})

describe('root keys that were changed in the configuration', () => {
  test('leave no trust of the old ones, and nothing that it granted', () => {
    const at = desk()
    const renewed = new Signer('root-a')
    at.rootKeys = [renewed]
    at.open()
    expect([at.intake.inForce('trust'), at.heldRev]).toEqual([[], undefined])
    expect(at.events.map(({ code }) => code)).toEqual(['OUT_OF_SCOPE'])
    at.trust(1, [at.grant(officer)], [renewed])
    take(at, officer, 1)
    expect(at.heldRev).toBe(1)
  })

  test('with a higher threshold what too few signed goes too', () => {
    const at = desk()
    at.open('required', 2)
    expect(at.intake.inForce('trust')).toEqual([])
  })
})
