import { describe, expect, test } from 'vitest'
import type { Reading, Readings } from '../../../agent/core/sensor/reading.ts'
import { sensorWatches } from '../../../agent/core/sensor/watches.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { SensorWatch } from '../../../agent/services/sensor-watch.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { silentLogger } from '../../fakes/control-handlers.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { BOARD } from '../../fixtures/board.ts'

const EVERY_MS = 10_000
const { sensors: config } = readBoard(BOARD, 'board.yaml')

/** A device whose store outlives it, and whose sensors say what the test wants. */
class Device implements Disposable {
  readonly clock = new ManualClock()
  readonly store = new MemoryStateStore(() => this.clock.wall())
  readings: Readings = {}
  card: Reading
  #stop = new AbortController()
  condition = this.#newCondition()
  watch = this.#newWatch()

  restart(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.condition = this.#newCondition()
    this.watch = this.#newWatch()
  }

  /** So many looks pass. */
  async looks(count: number, readings: Readings = this.readings): Promise<void> {
    this.readings = readings
    await this.clock.advance(count * EVERY_MS)
  }

  get events(): readonly string[] {
    return this.store.outbox.pending(0, Number.POSITIVE_INFINITY).flatMap((entry) => {
      if (entry.topic !== 'event' || entry.record.code === 'DATABASE') return []
      const { code, severity, data } = entry.record
      return [`${code} ${severity} ${String(data['source'])} ${String(data['state'])}`]
    })
  }

  get problems(): readonly string[] {
    return this.condition.problems.map(({ code, detail }) => `${code} ${detail}`)
  }

  #newCondition(): Condition {
    return new Condition({
      clock: this.clock,
      amplifiers: [],
      emit: (event) => this.store.outbox.event(event),
      further: () => [],
    })
  }

  #newWatch(): SensorWatch {
    const watch = new SensorWatch({
      clock: this.clock,
      sensors: { read: () => Promise.resolve(this.readings), tryCard: () => Promise.resolve(this.card) },
      watches: sensorWatches(config, false),
      everyMs: EVERY_MS,
      facts: this.store.facts,
      condition: this.condition,
      logger: silentLogger,
    })
    watch.run(this.#stop.signal).catch(() => undefined)
    return watch
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
  }
}

describe('heat', () => {
  test('is one event when it has lasted, stands in the heartbeat, and is one event when it is over', async () => {
    using device = new Device()
    await device.looks(3, { cpu: { value: 60 } })
    expect([device.events, device.problems]).toEqual([[], []])
    await device.looks(3, { cpu: { value: 85 } })
    expect(device.events).toEqual([])
    await device.looks(60, { cpu: { value: 85 } })
    expect(device.events).toEqual(['TEMPERATURE warning cpu fault'])
    expect(device.problems).toEqual(['TEMPERATURE the processor has 85 °C'])
    await device.looks(60, { cpu: { value: 78 } })
    expect(device.problems).toEqual(['TEMPERATURE the processor has 78 °C'])
    await device.looks(6, { cpu: { value: 70 } })
    expect(device.problems).toEqual([])
    expect(device.events).toEqual(['TEMPERATURE warning cpu fault', 'TEMPERATURE info cpu ok'])
  })

  test('is told once, however often the agent is started anew', async () => {
    using device = new Device()
    await device.looks(6, { cpu: { value: 85 } })
    for (let start = 0; start < 3; start += 1) {
      device.restart()
      await device.looks(2)
      expect(device.problems).toEqual(['TEMPERATURE the processor has 85 °C'])
    }
    device.restart()
    await device.looks(6, { cpu: { value: 50 } })
    expect(device.events).toEqual(['TEMPERATURE warning cpu fault', 'TEMPERATURE info cpu ok'])
    device.restart()
    await device.looks(6)
    expect(device.events).toHaveLength(2)
  })
})

test('what a board file names no more is forgotten with what was told of it', async () => {
  using device = new Device()
  device.store.facts.set('sensors.told', '["supply","cpu"]')
  device.restart()
  await device.looks(1, { cpu: { value: 70 } })
  expect(device.problems).toEqual(['TEMPERATURE the processor has 70 °C'])
  await device.looks(6)
  expect(device.store.facts.get('sensors.told')).toBe('[]')
})

describe('supply', () => {
  test('that is too low for a moment is told at once, and over after a calm minute', async () => {
    using device = new Device()
    await device.looks(1, { undervoltage: { value: 1 } })
    await device.looks(6, { undervoltage: { value: 0 } })
    expect(device.events).toEqual(['UNDERVOLTAGE alarm undervoltage fault'])
    await device.looks(2)
    expect(device.events).toEqual([
      'UNDERVOLTAGE alarm undervoltage fault',
      'UNDERVOLTAGE info undervoltage ok',
    ])
  })

  test('that flickers is not an event each time', async () => {
    using device = new Device()
    for (let time = 0; time < 50; time += 1) await device.looks(1, { undervoltage: { value: time % 2 } })
    expect(device.events).toEqual(['UNDERVOLTAGE alarm undervoltage fault'])
  })

  test('by mains, as a charger says, has events of its own', async () => {
    using device = new Device()
    await device.looks(1, { mains: { value: 1 } })
    expect(device.watch.mains).toBe(true)
    await device.looks(1, { mains: { value: 0 } })
    expect(device.watch.mains).toBe(false)
    await device.looks(1, { mains: { value: 1 } })
    expect(device.events).toEqual(['MAINS_LOST warning mains fault', 'MAINS_BACK info mains ok'])
  })
})

describe('a sensor that is broken', () => {
  test('is one event, and one when it has been well for a minute', async () => {
    using device = new Device()
    await device.looks(2, { supply: { fault: 'there is no iio device adc' } })
    expect(device.events).toEqual([])
    await device.looks(100)
    expect(device.events).toEqual(['SENSOR warning sensor supply fault'])
    expect(device.problems).toEqual(['SENSOR supply: there is no iio device adc'])
    await device.looks(5, { supply: { value: 12 } })
    expect(device.problems).toEqual(['SENSOR supply: it failed a moment ago'])
    await device.looks(3)
    expect(device.problems).toEqual([])
    expect(device.events).toEqual(['SENSOR warning sensor supply fault', 'SENSOR info sensor supply ok'])
  })

  test('that says what cannot be is broken, and is not believed', async () => {
    using device = new Device()
    await device.looks(30, { cpu: { value: 6553.5 } })
    expect(device.watch.values).toEqual({})
    expect(device.events).toEqual(['SENSOR warning sensor cpu fault'])
    expect(device.problems).toEqual(['SENSOR cpu: it says 6553.5 °C'])
  })

  test('that answers nonsense now and then is none', async () => {
    using device = new Device()
    for (let time = 0; time < 60; time += 1)
      await device.looks(1, { supply: time % 3 === 0 ? { fault: 'x' } : { value: 12 } })
    expect(device.events).toEqual([])
  })

  test('that was there and is gone is broken; one that never was is not', async () => {
    using device = new Device()
    await device.looks(3, { cpu: { value: 50 }, fan: { value: 2000 } })
    await device.looks(30, { cpu: { value: 50 } })
    expect(device.problems).toEqual(['SENSOR fan: it was there and is gone'])
    expect(device.events).toEqual(['SENSOR warning sensor fan fault'])
  })

  test('leaves a problem that it told of before as it was', async () => {
    using device = new Device()
    await device.looks(6, { cpu: { value: 85 } })
    await device.looks(20, { cpu: { fault: 'EIO' } })
    expect(device.events).toEqual(['TEMPERATURE warning cpu fault', 'SENSOR warning sensor cpu fault'])
  })
})

describe('the disk of the state', () => {
  test('that gives back something else is told until a night in which it does not', async () => {
    using device = new Device()
    device.card = { value: 1, detail: 'what was written did not come back' }
    await device.watch.tryCard()
    await device.looks(20)
    expect(device.problems).toEqual(['STORAGE write and read back: 1: what was written did not come back'])
    device.restart()
    await device.looks(20)
    expect(device.problems).toHaveLength(1)
    device.card = { value: 0 }
    await device.watch.tryCard()
    expect(device.problems).toEqual([])
    expect(device.events).toEqual(['STORAGE alarm card fault', 'STORAGE info card ok'])
  })

  test('that cannot keep what was told does not stop the telling', async () => {
    using device = new Device()
    device.store.facts.set = () => {
      throw new Error('the disk is read-only')
    }
    await device.looks(6, { cpu: { value: 85 } })
    await device.looks(6, { cpu: { value: 50 } })
    expect(device.events).toEqual(['TEMPERATURE warning cpu fault', 'TEMPERATURE info cpu ok'])
  })
})

test('an event tells the value and what it means, at its end the value alone', async () => {
  using device = new Device()
  await device.looks(6, { cpu: { value: 85.12345 } })
  await device.looks(6, { cpu: { value: 50 } })
  await device.looks(6, { cpu: { fault: 'EIO' } })
  const data = device.store.outbox
    .pending(0, Number.POSITIVE_INFINITY)
    .flatMap(({ topic, record }) => (topic === 'event' && record.code !== 'DATABASE' ? [record.data] : []))
  expect(data).toEqual([
    { source: 'cpu', value: 85.123, state: 'fault', message: 'the processor has 85.12 °C' },
    { source: 'cpu', value: 50, state: 'ok' },
    { source: 'sensor cpu', state: 'fault', message: 'cpu: EIO' },
  ])
})

test('values are there for heartbeat and status, rounded', async () => {
  using device = new Device()
  await device.looks(1, {
    cpu: { value: 48.31234 },
    memory: { value: 312 },
    load: { fault: 'x' },
    fan: undefined,
  })
  expect(device.watch.values).toEqual({ cpu: 48.312, memory: 312 })
  expect(device.watch.mains).toBeUndefined()
})
