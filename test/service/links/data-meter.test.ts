import { describe, expect, test } from 'vitest'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { DATA_FACT, DataMeter, type DataMeterOptions } from '../../../agent/services/data-meter.ts'
import { FakeLinks } from '../../fakes/fake-links.ts'
import { openBench } from './bench.ts'

const MB = 1_000_000
const DAY_MS = 86_400_000

/** A device that may be started again, with what it noted. */
const open = (budget: Partial<DataMeterOptions> = { monthlyMb: 1000 }) => {
  const bench = openBench()
  const links = new FakeLinks()
  const kept = new Map<string, string>()
  const writes: string[] = []
  const time = { state: 'synced' as 'synced' | 'unset' }
  const start = (kernelBootId = 'boot-1'): DataMeter =>
    new DataMeter({
      clock: bench.clock,
      time,
      zone: createZone('Asia/Ho_Chi_Minh'),
      facts: {
        get: (name) => kept.get(name),
        set: (name, value) => {
          if (kept.get(name) !== value) writes.push(name)
          kept.set(name, value)
        },
        settle: () => undefined,
      },
      links,
      kernelBootId,
      billingDay: 5,
      monthlyMb: undefined,
      condition: () => bench.condition,
      ...budget,
    })
  /** Minute by minute, with so much going over the modem in each. */
  const live = async (meter: DataMeter, minutes: number, bytesEach = 0): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      if (bytesEach > 0) links.carry(bytesEach)
      meter.tick()
      await bench.clock.advance(60_000)
    }
  }
  return { ...bench, links, kept, writes, time, start, live }
}

test('without a modem nothing is counted, told or written', async () => {
  const { start, live, writes } = open()
  const meter = start()
  await live(meter, 5)
  expect([meter.report, meter.problems, writes]).toEqual([undefined, [], []])
})

test("what went before the first look is nobody's; from then on every byte counts", async () => {
  const { start, live, links } = open()
  links.carry(700 * MB)
  const meter = start()
  await live(meter, 1)
  expect(meter.report).toEqual({ since: '2026-11-05', usedMb: 0, monthlyMb: 1000 })
  await live(meter, 10, 2 * MB)
  expect(meter.report?.usedMb).toBe(20)
})

test('restarts of the agent, reboots and a modem plugged in anew lose nothing and count nothing twice', async () => {
  const { start, live, links } = open()
  await live(start(), 11, 2 * MB)
  links.carry(5 * MB)
  await live(start(), 1)
  expect(start().report?.usedMb).toBe(25)
  // The counters of another boot begin at 0; 3 MB went before the agent started.
  links.counters = { wwan0: { index: 4, rx: 3 * MB, tx: 0 } }
  await live(start('boot-2'), 1)
  expect(start('boot-2').report?.usedMb).toBe(28)
  links.counters = {}
  await live(start('boot-2'), 1)
  links.counters = { wwan0: { index: 7, rx: MB, tx: 0 } }
  await live(start('boot-2'), 1)
  expect(start('boot-2').report?.usedMb).toBe(29)
})

describe('the budget', () => {
  test('is told at 80 % and when it is used up, once a month each, across restarts too', async () => {
    const { start, live, told, events } = open()
    let meter = start()
    await live(meter, 80, 10 * MB)
    expect([meter.problems, told()]).toEqual([[], []])
    await live(meter, 2, 10 * MB)
    expect(meter.problems).toEqual([{ code: 'DATA_BUDGET', detail: '810 of 1000 MB since 2026-11-05' }])
    meter = start()
    await live(meter, 60, 10 * MB)
    expect(told()).toEqual(['DATA_BUDGET warning', 'DATA_BUDGET warning'])
    expect(events.map(({ data }) => data)).toEqual([
      { percent: 80, since: '2026-11-05', usedMb: 800, monthlyMb: 1000 },
      { percent: 100, since: '2026-11-05', usedMb: 1000, monthlyMb: 1000 },
    ])
  })

  test('begins anew with the billing month, and is told again in it', async () => {
    const { start, live, told, clock } = open()
    const meter = start()
    await live(meter, 90, 10 * MB)
    clock.step(14 * DAY_MS)
    await live(meter, 1, 10 * MB)
    expect([meter.report, meter.problems]).toEqual([{ since: '2026-12-05', usedMb: 0, monthlyMb: 1000 }, []])
    await live(meter, 90, 10 * MB)
    expect(told()).toHaveLength(2)
  })

  test('is no problem where there is none, but the bytes are known', async () => {
    const { start, live, told } = open({})
    const meter = start()
    await live(meter, 101, 10 * MB)
    expect([meter.report, meter.problems, told()]).toEqual([{ since: '2026-11-05', usedMb: 1000 }, [], []])
  })
})

describe('a clock that is not right', () => {
  test('ends no month while it is unset', async () => {
    const { start, live, time, clock } = open()
    const meter = start()
    await live(meter, 11, 10 * MB)
    time.state = 'unset'
    clock.step(-20_000 * DAY_MS)
    await live(meter, 10, 10 * MB)
    expect(meter.report).toEqual({ since: '2026-11-05', usedMb: 200, monthlyMb: 1000 })
    clock.step(20_000 * DAY_MS)
    time.state = 'synced'
    await live(meter, 1)
    expect(meter.report?.usedMb).toBe(200)
  })

  test('forgets nothing when it was ahead and is set right', async () => {
    const { start, live, clock } = open()
    const meter = start()
    await live(meter, 11, 10 * MB)
    clock.step(4000 * DAY_MS)
    await live(meter, 10, 10 * MB)
    clock.step(-4000 * DAY_MS)
    await live(meter, 1)
    expect(meter.report).toEqual({ since: '2026-11-05', usedMb: 200, monthlyMb: 1000 })
  })
})

test('what is kept is short, noted at most once a minute, and nonsense in its place is nothing', async () => {
  const { start, live, kept, writes } = open()
  const meter = start()
  await live(meter, 30, MB)
  expect(writes.length).toBeLessThanOrEqual(30)
  await live(meter, 30)
  expect(writes.length).toBeLessThanOrEqual(31)
  expect(kept.get(DATA_FACT)?.length).toBeLessThan(300)
  for (const nonsense of ['', '{', '[]', '{"from":"2026-11-05"}', 'null']) {
    kept.set(DATA_FACT, nonsense)
    expect(start().report).toBeUndefined()
  }
})
