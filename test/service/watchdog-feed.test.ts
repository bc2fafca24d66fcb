import { expect, test } from 'vitest'
import { DEADLINES, HealthMonitor } from '../../agent/services/health-monitor.ts'
import { WatchdogFeed } from '../../agent/services/watchdog-feed.ts'
import { ManualClock } from '../fakes/manual-clock.ts'

const bench = () => {
  const clock = new ManualClock()
  const monitor = new HealthMonitor(clock)
  let fed = 0
  const errors: object[] = []
  const feed = new WatchdogFeed(
    monitor,
    {
      alive: () => {
        fed += 1
      },
    },
    { error: (fields) => errors.push(fields) },
  )
  return { clock, monitor, feed, errors, fed: () => fed }
}

test.each(Object.keys(DEADLINES) as (keyof typeof DEADLINES)[])(
  'without a word of %s within its deadline the watchdog goes hungry, is told once, and is fed again when it is back',
  async (component) => {
    const { clock, monitor, feed, errors, fed } = bench()
    feed.tick()
    expect(fed()).toBe(1)
    const others = (Object.keys(DEADLINES) as (keyof typeof DEADLINES)[]).filter((each) => each !== component)
    await clock.advance(DEADLINES[component] + 1)
    for (const other of others) monitor.heard(other)
    feed.tick()
    feed.tick()
    expect([fed(), errors]).toEqual([1, [{ silent: [component] }]])
    monitor.heard(component)
    feed.tick()
    expect(fed()).toBe(2)
  },
)
