import { expect, test } from 'vitest'
import { NOTHING_RUN } from '../../../agent/core/arbiter/programme.ts'
import { healthLevel } from '../../../agent/core/health/level.ts'
import type { EventBody } from '../../../agent/core/records.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { HearingTrend } from '../../../agent/services/hearing-trend.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'

/** A device whose store outlives it. */
class Device {
  readonly #clock = new ManualClock()
  readonly #store = new MemoryStateStore(() => this.#clock.wall())
  readonly #events: EventBody[] = []
  condition = this.#newCondition()
  trend = new HearingTrend(this.condition, this.#store.facts)

  restart(): void {
    this.condition = this.#newCondition()
    this.trend = new HearingTrend(this.condition, this.#store.facts)
  }

  plays(...scores: readonly number[]): void {
    for (const score of scores) this.trend.recorded({ ...NOTHING_RUN, heard: { score, seconds: 30 } })
  }

  told(): readonly string[] {
    return this.#events.map(({ code, severity, data }) => `${code} ${severity} ${data['state']}`)
  }

  get problems(): readonly string[] {
    return this.condition.problems.map(({ code }) => code)
  }

  #newCondition(): Condition {
    const emit = (event: EventBody) => this.#events.push(event)
    return new Condition({ clock: this.#clock, amplifiers: [], emit, further: () => [] })
  }
}

test('three programmes of which nothing was heard are one alarm and a problem, until one is heard again', () => {
  const device = new Device()
  device.plays(0.9, 0, 0.1)
  expect(device.problems).toEqual([])
  device.plays(0.05, 0, 0)
  expect(device.problems).toEqual(['NOT_HEARD'])
  expect(healthLevel(['NOT_HEARD'])).toBe('degraded')
  device.plays(0.4)
  expect(device.problems).toEqual(['NOT_HEARD'])
  device.plays(0.9)
  expect(device.problems).toEqual([])
  expect(device.told()).toEqual(['NOT_HEARD alarm fault', 'NOT_HEARD info ok'])
})

test('what was heard is remembered across a restart, and told once', () => {
  const device = new Device()
  device.plays(0.8, 0, 0, 0)
  device.restart()
  expect(device.problems).toEqual(['NOT_HEARD'])
  expect(device.trend.report).toEqual({ last: 0, mean: 0.2, of: 4 })
  device.plays(0.9)
  expect(device.told()).toEqual(['NOT_HEARD alarm fault', 'NOT_HEARD info ok'])
})

test('a relay that did not close explains the silence, and what was not judged says nothing', () => {
  const device = new Device()
  for (let programme = 0; programme < 4; programme += 1) {
    device.trend.recorded({ ...NOTHING_RUN, relay: false, heard: { score: 0, seconds: 30 } })
    device.trend.recorded(NOTHING_RUN)
  }
  expect(device.trend.report).toBeUndefined()
  expect(device.problems).toEqual([])
})
