import { describe, expect, test } from 'vitest'
import type { DesiredDocument } from '../../agent/core/documents.ts'
import type { FormerPlace } from '../../agent/core/place.ts'
import type { EventBody } from '../../agent/core/records.ts'
import { createZone } from '../../agent/core/schedule/zone.ts'
import { epochMs } from '../../agent/core/time.ts'
import { MoveWatch } from '../../agent/services/move-watch.ts'
import { Places } from '../../agent/services/places.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { memoryFacts } from '../fakes/memory-state-store.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const HOME = { province: '75', commune: '26068' }
const NEXT = { province: '77', commune: '26680' }
const HOUR = 3600

/** An agent as far as its place is concerned: started anew when it asks for that. */
const bench = (device: typeof HOME & { readonly formerly?: readonly FormerPlace[] } = HOME) => {
  const clock = new ManualClock()
  const zone = createZone('Asia/Ho_Chi_Minh')
  const facts = memoryFacts()
  const events: EventBody[] = []
  const world = {
    sounding: false,
    near: false,
    durable: true,
    turn: true,
    unset: false,
    left: 0,
    restarts: 0,
  }
  let desired: DesiredDocument | undefined
  const open = (config = device) => {
    const places = new Places(config, facts)
    const watch = new MoveWatch({
      clock,
      zone,
      places,
      time: {
        get state() {
          return world.unset ? ('unset' as const) : ('synced' as const)
        },
        floor: epochMs(Date.UTC(2026, 0, 1)),
      },
      logger: silentLogger,
      desired: () => desired,
      leave: () => {
        world.left += 1
      },
      emit: (event) => events.push(event),
      quiet: (how) => !world.sounding && (how === 'nothing sounds' || !world.near),
      durable: () => world.durable,
      hasTurn: () => world.turn,
      restart: () => {
        world.restarts += 1
      },
    })
    watch.begin()
    return { places, watch }
  }
  let agent = open()
  return {
    clock,
    world,
    facts,
    events: () => events.map(({ code, data }) => ({ code, ...data })),
    report: () => agent.watch.report,
    order: (rev: number, place: DesiredDocument['config']['place']) => {
      const iat = new Date(clock.wall()).toISOString()
      const config = place === undefined ? {} : { place }
      desired = { kind: 'desired', v: 1, device: 'd-1', rev, iat, config }
    },
    start: (config = device) => {
      desired = undefined
      agent = open(config)
    },
    pass: async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1000)
        agent.watch.tick()
      }
    },
  }
}

describe('a move', () => {
  test('waits until nothing sounds and nothing is near, and then starts the agent anew, once', async () => {
    const { world, order, pass, report, start, events } = bench()
    Object.assign(world, { sounding: true, near: true })
    order(5, NEXT)
    await pass(60)
    expect([world.restarts, report()]).toEqual([0, { ...HOME, movingTo: NEXT }])
    world.sounding = false
    await pass(60)
    expect(world.restarts).toBe(0)
    world.near = false
    await pass(5)
    expect(world.restarts).toBe(1)
    start()
    await pass(60)
    expect(report()).toMatchObject({ ...NEXT, formerly: [HOME] })
    expect([world.restarts, events()]).toEqual([1, [{ code: 'MOVED', from: '75/26068', to: '77/26680' }]])
  })

  test('after an hour of waiting needs no more than that nothing sounds', async () => {
    const { world, order, pass } = bench()
    Object.assign(world, { sounding: true, near: true })
    order(5, NEXT)
    await pass(HOUR + 2)
    expect(world.restarts).toBe(0)
    world.sounding = false
    await pass(2)
    expect(world.restarts).toBe(1)
  })

  test('of many devices has its turn, and none while what is remembered would not outlive it', async () => {
    const { world, order, pass } = bench()
    Object.assign(world, { turn: false, durable: false })
    order(5, NEXT)
    await pass(10)
    world.turn = true
    await pass(10)
    expect(world.restarts).toBe(0)
    world.durable = true
    await pass(1)
    expect(world.restarts).toBe(1)
  })

  test('that was remembered when the power failed is made with the next start', async () => {
    const { world, order, pass, start, report } = bench()
    world.sounding = true
    order(5, NEXT)
    await pass(1)
    start()
    expect(report()).toMatchObject(NEXT)
  })

  test('that was taken back in time is not made', async () => {
    const { world, order, pass, start, report } = bench()
    world.sounding = true
    order(5, NEXT)
    await pass(1)
    order(6, HOME)
    await pass(1)
    world.sounding = false
    start()
    await pass(10)
    expect([world.restarts, report()]).toEqual([0, HOME])
  })

  test('stands when a later desired says nothing of the place', async () => {
    const { order, pass, start, report, world } = bench()
    order(5, NEXT)
    await pass(2)
    start()
    order(1, undefined)
    await pass(10)
    expect([report().commune, world.restarts]).toEqual(['26680', 1])
  })
})

describe('the overlap', () => {
  const until = '2026-11-22T11:00:00+07:00'

  test('ends at its time: what is of the place goes out of force at once, its topics with a restart', async () => {
    const { clock, world, pass, report, events } = bench({ ...HOME, formerly: [{ ...NEXT, until }] })
    world.sounding = true
    expect(report()).toEqual({ ...HOME, formerly: [{ ...NEXT, until }] })
    await clock.advance(Date.parse(until) - clock.wall() - 500)
    expect(world.left).toBe(0)
    await pass(3)
    expect([world.left, world.restarts, report()]).toEqual([1, 0, HOME])
    expect(events()).toEqual([{ code: 'MOVED', left: '77/26680' }])
    world.sounding = false
    await pass(2)
    expect(world.restarts).toBe(1)
  })

  test('that is over at the start ends then, without a restart', async () => {
    const { world, pass, report, events, start } = bench({
      ...HOME,
      formerly: [{ ...NEXT, until: '2026-01-01' }],
    })
    await pass(5)
    expect([world.left, world.restarts, report()]).toEqual([1, 0, HOME])
    start()
    start()
    // As long as agent.yaml names it, it is told of once.
    expect(events()).toEqual([{ code: 'MOVED', left: '77/26680' }])
  })

  test('does not end by a clock that is not set', async () => {
    const { clock, world, pass } = bench({ ...HOME, formerly: [{ ...NEXT, until }] })
    world.unset = true
    await clock.advance(Date.parse(until) - clock.wall() + 1000)
    await pass(2)
    expect(world.left).toBe(0)
    world.unset = false
    await pass(1)
    expect(world.left).toBe(1)
  })

  test('is none where agent.yaml was given another place without one', () => {
    const { world, start, events, report } = bench()
    start(NEXT)
    expect([world.left, report()]).toEqual([1, NEXT])
    expect(events()).toEqual([
      { code: 'MOVED', left: '75/26068' },
      { code: 'MOVED', from: '75/26068', to: '77/26680' },
    ])
    start(NEXT)
    expect(events()).toHaveLength(2)
  })
})
