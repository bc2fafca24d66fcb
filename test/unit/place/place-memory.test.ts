import { describe, expect, test } from 'vitest'
import type { FormerPlace } from '../../../agent/core/place.ts'
import { movingTo, ordered, type PlaceMemory, placeNow } from '../../../agent/core/place-memory.ts'

const HOME = { province: '75', commune: '26068' }
const NEXT = { province: '77', commune: '26680' }
const NEAR = { province: '75', commune: '26071' }
const issued = '2026-11-26'

/** A receiver from start to start: `start` with what agent.yaml says, `order` with what `desired` says. */
const receiver = () => {
  let memory: PlaceMemory | undefined
  let now = placeNow(HOME, undefined)
  return {
    start: (device: typeof HOME & { readonly formerly?: readonly FormerPlace[] }) => {
      now = placeNow(device, memory)
      memory = { ...now.memory, stood: now.present }
      return now
    },
    order: (rev: number, place: typeof HOME & { readonly overlapDays?: number }) => {
      const next = ordered(memory ?? now.memory, now, { place, rev, issued })
      memory = next ?? memory
      return memory && movingTo(memory, now.present)
    },
  }
}

describe('where a receiver stands', () => {
  test('is what agent.yaml says, until a desired moves it; the overlap counts from the date of signature', () => {
    const { start, order } = receiver()
    expect(start(HOME)).toMatchObject({ present: HOME, formerly: [] })
    expect(order(5, { ...NEXT, overlapDays: 10 })).toEqual(NEXT)
    expect(start(HOME)).toMatchObject({ present: NEXT, formerly: [{ ...HOME, until: '2026-12-06' }] })
    expect(start(HOME)).toMatchObject({ present: NEXT, formerly: [{ ...HOME, until: '2026-12-06' }] })
  })

  test('is for thirty days in both without a word about the overlap, and with 0 in the new one alone', () => {
    const { start, order } = receiver()
    start(HOME)
    order(5, NEAR)
    expect(start(HOME).formerly).toEqual([{ ...HOME, until: '2026-12-26' }])
    const other = receiver()
    other.start(HOME)
    other.order(5, { ...NEAR, overlapDays: 0 })
    expect(other.start(HOME).formerly).toEqual([{ ...HOME, until: '1970-01-01' }])
  })

  test('a revision has its say once: heard again after agent.yaml was given another place it moves nothing', () => {
    const { start, order } = receiver()
    start(HOME)
    order(5, NEAR)
    start(HOME)
    const formerly = [{ ...NEAR, until: '2026-12-31' }]
    expect(start({ ...NEXT, formerly })).toMatchObject({ present: NEXT, formerly })
    start({ ...HOME })
    expect(order(5, NEAR)).toBeUndefined()
    expect(order(6, NEAR)).toEqual(NEAR)
  })

  test('one that repeats where it stands is no order for the day when agent.yaml says otherwise', () => {
    const { start, order } = receiver()
    start(HOME)
    expect(order(5, HOME)).toBeUndefined()
    start(NEXT)
    start(HOME)
    expect(order(5, HOME)).toBeUndefined()
    start(NEAR)
    expect(order(5, HOME)).toBeUndefined()
  })

  test('each province counts its own revisions: a lower one of the new province moves it on', () => {
    const { start, order } = receiver()
    start(HOME)
    order(500, NEXT)
    start(HOME)
    const third = { province: '79', commune: '27000' }
    expect(order(1, third)).toEqual(third)
    expect(start(HOME).formerly.map(({ province }) => province)).toEqual(['77', '75'])
  })

  test('moved back it is in the overlap with where it was', () => {
    const { start, order } = receiver()
    start(HOME)
    order(5, NEXT)
    start(HOME)
    order(1, HOME)
    expect(start(HOME)).toMatchObject({ present: HOME, formerly: [NEXT] })
  })

  test('an order that is taken back before it was carried out moves nothing', () => {
    const { start, order } = receiver()
    start(HOME)
    expect(order(5, NEXT)).toEqual(NEXT)
    expect(order(6, HOME)).toBeUndefined()
    expect(start(HOME)).toMatchObject({ present: HOME, formerly: [] })
  })

  test('agent.yaml that was brought in line with the order keeps the overlap', () => {
    const { start, order } = receiver()
    start(HOME)
    order(5, { ...NEXT, overlapDays: 10 })
    start(HOME)
    expect(start(NEXT)).toMatchObject({ present: NEXT, formerly: [{ ...HOME, until: '2026-12-06' }] })
  })

  test('a place that agent.yaml left without a word is over at once, but accounted for', () => {
    const { start } = receiver()
    start(HOME)
    expect(start(NEXT).formerly).toEqual([{ ...HOME, until: '1970-01-01' }])
    expect(start(NEXT).formerly).toEqual([])
  })

  test('no more than four places are left behind by orders', () => {
    const { start, order } = receiver()
    start(HOME)
    for (let rev = 1; rev < 8; rev += 1) {
      order(rev, { province: '75', commune: `2610${rev}` })
      start(HOME)
    }
    expect(start(HOME).formerly.map(({ commune }) => commune)).toEqual(['26106', '26105', '26104', '26103'])
  })
})
