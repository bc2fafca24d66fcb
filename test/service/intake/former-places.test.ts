import { describe, expect, test } from 'vitest'
import type { DesiredConfig } from '../../../agent/core/documents.ts'
import type { DocumentTopic } from '../../../agent/services/document-intake.ts'
import { Desk, Signer } from './desk.ts'

const HOME = { province: '75', commune: '26068' }
const NEXT = { province: '77', commune: '26680' }

const OWN: DocumentTopic = { kind: 'desired', key: 'desired', area: '75/26068', device: 'd-1' }

/** A device that stood in 75/26068 and stands in 77/26680; `old` and `fresh` sign for their province, `central` for all. */
const moved = () => {
  const desk = new Desk()
  const [old, fresh, central] = [new Signer('p-75'), new Signer('p-77'), new Signer('central')]
  const trust = (area: string, signer: Signer, of = area) =>
    desk.trust(1, [desk.grant(signer, { area: of })], [desk.root], area)
  const schedule = (rev: number, area: string, signer: Signer) =>
    desk.receive('schedule', signer.sign('schedule', { ...desk.schedule(rev), area }), area)
  const desired = (rev: number, config: DesiredConfig, signer = central) => {
    const document = { kind: 'desired', v: 1, device: 'd-1', rev, iat: desk.at(0), config }
    desk.intake.receive(OWN, signer.sign('desired', document))
  }
  trust('vn', central)
  trust('75', old)
  schedule(3, '75/26068', old)
  desired(500, { volume: 40 })
  const move = () => {
    desk.standing = { present: NEXT, former: [HOME] }
    desk.open()
    trust('77', fresh)
  }
  const revs = () => desk.intake.revisions
  return { desk, old, fresh, central, trust, schedule, desired, move, revs }
}

describe('a device that was moved', () => {
  test('obeys its former commune and takes new revisions of it', () => {
    const { move, revs, schedule, old, fresh } = moved()
    move()
    expect(revs()['75/26068/schedule']).toBe(3)
    schedule(4, '75/26068', old)
    schedule(1, '77/26680', fresh)
    expect(revs()).toMatchObject({ '75/26068/schedule': 4, '77/26680/schedule': 1 })
  })

  test('T02 obeys no key of its former place in the new one, nor the other way round', () => {
    const { desk, move, revs, schedule, old, fresh } = moved()
    move()
    schedule(1, '77/26680', old)
    schedule(1, '77', old)
    schedule(9, '75/26068', fresh)
    expect(revs()).toMatchObject({ '75/26068/schedule': 3 })
    expect(Object.keys(revs()).filter((key) => key.startsWith('77'))).toEqual(['77/trust'])
    expect(desk.intake.keys.has('p-75')).toBe(false)
  })

  test('T02 does so also where trust of the former place grants a key the whole country', () => {
    const { desk, move, revs, schedule, trust } = moved()
    const wide = new Signer('wide')
    trust('75/26068', wide, 'vn')
    schedule(1, 'vn', wide)
    expect(revs()['vn/schedule']).toBe(1)
    move()
    expect(revs()['vn/schedule']).toBeUndefined()
    schedule(2, 'vn', wide)
    schedule(2, '77/26680', wide)
    schedule(5, '75/26068', wide)
    expect(revs()).toMatchObject({ '75/26068/schedule': 5 })
    expect([revs()['vn/schedule'], revs()['77/26680/schedule']]).toEqual([undefined, undefined])
    expect(desk.intake.keys.has('wide')).toBe(false)
  })

  test('a kid that both places use for other keys counts in each for its own', () => {
    const { desk, move, revs, schedule } = moved()
    const [one, two] = [new Signer('officer'), new Signer('officer')]
    desk.trust(2, [desk.grant(one, { area: '75' })], [desk.root], '75')
    move()
    desk.trust(2, [desk.grant(two, { area: '77' })], [desk.root], '77')
    schedule(8, '75/26068', one)
    schedule(8, '77/26680', two)
    expect(revs()).toMatchObject({ '75/26068/schedule': 8, '77/26680/schedule': 8 })
  })

  test('a key that the new place takes back keeps what it signed in the former one', () => {
    const { desk, move, revs, schedule } = moved()
    const shared = new Signer('shared')
    desk.trust(2, [desk.grant(shared, { area: '75' })], [desk.root], '75')
    schedule(4, '75/26068', shared)
    move()
    desk.trust(2, [desk.grant(shared, { area: '77' })], [desk.root], '77')
    schedule(4, '77/26680', shared)
    desk.trust(3, [], [desk.root], '77')
    expect(revs()).toMatchObject({ '75/26068/schedule': 4 })
    expect(revs()['77/26680/schedule']).toBeUndefined()
  })

  test('keeps what it was configured to until the new province says something, under its own revisions', () => {
    const { desk, move, desired, revs } = moved()
    move()
    expect(desk.intake.desired?.config).toEqual({ volume: 40 })
    expect([desk.intake.desiredFrom, revs()['desired']]).toEqual(['75', undefined])
    desired(1, { volume: 60 })
    expect(desk.intake.desired?.config).toEqual({ volume: 60 })
    expect([desk.intake.desiredFrom, revs()['desired']]).toEqual([undefined, 1])
    desk.open()
    expect(desk.intake.desired?.config).toEqual({ volume: 60 })
  })

  test('keeps of it only what a key signed that may sign for the new place', () => {
    const { desk, move, desired, old } = moved()
    desired(501, { volume: 30 }, old)
    expect(desk.intake.desired?.config).toEqual({ volume: 30 })
    move()
    expect(desk.intake.desired?.config).toEqual({ volume: 40 })
    desk.trust(2, [], [desk.root], 'vn')
    expect(desk.intake.desired).toBeUndefined()
  })

  test('T03 that comes back takes no older revision than it once held, of documents and of its own configuration', () => {
    const { desk, move, schedule, desired, old, central, revs } = moved()
    move()
    desired(1, { volume: 60 })
    desk.standing = { present: NEXT, former: [] }
    desk.intake.leavePlaces()
    desk.standing = { present: HOME, former: [] }
    desk.open()
    desk.trust(1, [desk.grant(old)], [desk.root], '75')
    schedule(2, '75/26068', old)
    desired(499, { volume: 90 }, central)
    expect([revs()['75/26068/schedule'], revs()['desired']]).toEqual([undefined, undefined])
    schedule(4, '75/26068', old)
    desired(501, { volume: 90 }, central)
    expect([revs()['75/26068/schedule'], revs()['desired']]).toEqual([4, 501])
  })
})

describe('when the overlap is over', () => {
  test('documents of the former place alone go out of force, trust last, and come in no more', () => {
    const { desk, move, revs, schedule, old, fresh } = moved()
    move()
    schedule(1, '77/26680', fresh)
    desk.changes.length = 0
    desk.standing = { present: NEXT, former: [] }
    desk.intake.leavePlaces()
    expect(desk.changes).toEqual(['75/26068/schedule', '75/trust'])
    expect(Object.keys(revs()).toSorted()).toEqual(['77/26680/schedule', '77/trust', 'vn/trust'])
    schedule(9, '75/26068', old)
    expect(revs()['75/26068/schedule']).toBeUndefined()
    desk.open()
    expect(revs()['75/26068/schedule']).toBeUndefined()
  })

  test('what was refused for want of a key is not told any more', async () => {
    const { desk, move, schedule } = moved()
    move()
    schedule(9, '75/26068', new Signer('nobody'))
    desk.standing = { present: NEXT, former: [] }
    desk.intake.leavePlaces()
    await desk.pass(40)
    expect(desk.events).toEqual([])
  })
})

describe('an order to stand elsewhere', () => {
  const order = (signer: 'central' | 'old', place: NonNullable<DesiredConfig['place']>) => {
    const bench = moved()
    bench.desired(501, { place }, bench[signer])
    return bench.desk.intake.ownDesired?.config.place
  }

  test('across provinces is taken from a key that may sign for both', () => {
    expect(order('central', NEXT)).toEqual(NEXT)
  })

  test('across provinces is refused from a key of one of them', async () => {
    expect(order('old', NEXT)).toBeUndefined()
    const { desk, desired, old } = moved()
    desired(501, { place: NEXT }, old)
    await desk.pass(31)
    expect(desk.refusals.recent[0]).toMatchObject({ document: 'desired', code: 'OUT_OF_SCOPE' })
  })

  test('within a province is taken from a key of it', () => {
    const near = { province: '75', commune: '26071', overlapDays: 0 }
    expect(order('old', near)).toEqual(near)
  })

  test('T02 is not taken from a commune, or from two keys that each may sign a half', () => {
    const { desk, desired, trust } = moved()
    const commune = new Signer('c-75-26068')
    trust('75/26068', commune)
    desired(501, { place: { ...HOME, commune: '26071' } }, commune)
    expect(desk.intake.ownDesired?.rev).toBe(500)
  })
})
