import { expect, test } from 'vitest'
import type { InputConfig, InputRole } from '../../../agent/core/configuration.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { ContactReports } from '../../../agent/services/contact-reports.ts'
import { ContactWatch } from '../../../agent/services/contact-watch.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'

const input = (id: string, role: InputRole): InputConfig => ({
  ...{ id, role, driver: 'virtual', level: `/run/${id}`, debounceMs: 50 },
})
const INPUTS = [
  input('mains', 'mains'),
  input('box', 'tamper'),
  input('cabinet', 'door'),
  input('ups', 'fault'),
]

/** A device whose store outlives it. */
class Device {
  readonly clock = new ManualClock()
  readonly store = new MemoryStateStore(() => this.clock.wall())
  #stop = new AbortController()
  condition = this.#newCondition()
  reports = new ContactReports(this.condition, this.store.facts)
  watch = this.#newWatch()

  async restart(): Promise<void> {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.condition = this.#newCondition()
    this.reports = new ContactReports(this.condition, this.store.facts)
    this.watch = this.#newWatch()
    await this.clock.advance(0)
  }

  async put(levels: Readonly<Record<string, boolean>>): Promise<void> {
    for (const [id, active] of Object.entries(levels)) this.watch.handlers.onLevel(id, active)
    await this.clock.advance(60)
  }

  async chatter(id: string, edges: number, everyMs: number): Promise<void> {
    for (let edge = 0; edge < edges; edge += 1) {
      this.watch.handlers.onLevel(id, edge % 2 === 0)
      await this.clock.advance(everyMs)
    }
  }

  get events(): readonly string[] {
    return this.store.outbox.pending(0, Number.POSITIVE_INFINITY).flatMap((entry) => {
      if (entry.topic !== 'event' || entry.record.code === 'DATABASE') return []
      const { code, severity, data } = entry.record
      return [`${code} ${severity} ${String(data['source'])} ${String(data['state'])}`]
    })
  }

  get problems(): readonly string[] {
    return this.condition.problems.map(({ code }) => code)
  }

  #newCondition(): Condition {
    return new Condition({
      clock: this.clock,
      amplifiers: [],
      emit: (event) => this.store.outbox.event(event),
      further: () => [],
    })
  }

  #newWatch(): ContactWatch {
    const watch = new ContactWatch({
      clock: this.clock,
      inputs: INPUTS,
      onReading: (reading) => this.reports.reading(reading),
    })
    void watch.run(this.#stop.signal)
    return watch
  }
}

const CALM = { mains: true, box: false, cabinet: false, ups: false }

test('contacts that say that all is well are no event and no problem', async () => {
  const device = new Device()
  expect(device.reports.mains).toBeUndefined()
  await device.put(CALM)
  expect(device.events).toEqual([])
  expect(device.problems).toEqual([])
  expect(device.reports.mains).toBe(true)
  expect(device.reports.states).toEqual({ mains: 'closed', box: 'open', cabinet: 'open', ups: 'open' })
})

test('each role says what it means, as a problem while it is so and as an event at both ends', async () => {
  const device = new Device()
  await device.put(CALM)
  await device.put({ mains: false, box: true, cabinet: true, ups: true })
  expect(device.problems).toEqual(['MAINS_LOST', 'TAMPER', 'DOOR', 'EXTERNAL_FAULT'])
  expect(device.reports.mains).toBe(false)
  await device.put(CALM)
  expect(device.problems).toEqual([])
  expect(device.events).toEqual([
    'MAINS_LOST warning contact mains fault',
    'TAMPER alarm contact box fault',
    'DOOR warning contact cabinet fault',
    'EXTERNAL_FAULT alarm contact ups fault',
    'MAINS_BACK info contact mains ok',
    'TAMPER info contact box ok',
    'DOOR info contact cabinet ok',
    'EXTERNAL_FAULT info contact ups ok',
  ])
})

test('a restart tells nothing twice and misses nothing', async () => {
  const device = new Device()
  await device.put({ ...CALM, mains: false, box: true })
  await device.restart()
  await device.put({ ...CALM, mains: true, box: true })
  expect(device.problems).toEqual(['TAMPER'])
  expect(device.events).toEqual([
    'MAINS_LOST warning contact mains fault',
    'TAMPER alarm contact box fault',
    'MAINS_BACK info contact mains ok',
  ])
})

test.each([
  ['too fast to count', 2000, 5],
  ['slow enough to count', 200, 300],
])(
  'a contact that trembles, %s, is one event and one problem, until it is calm',
  async (_, edges, everyMs) => {
    const device = new Device()
    await device.put(CALM)
    await device.chatter('cabinet', edges, everyMs)
    expect(device.problems).toContain('CONTACT')
    expect(device.events.filter((event) => event.startsWith('CONTACT'))).toEqual([
      'CONTACT warning contact cabinet fault',
    ])
    // Before it was known to tremble it may have said a few things that counted.
    expect(device.events.length).toBeLessThanOrEqual(13)
    await device.put(CALM)
    await device.clock.advance(31_000)
    expect(device.problems).toEqual([])
    expect(device.events.at(-1)).toMatch(/ info contact cabinet ok$/)
    expect(device.events.filter((event) => event.startsWith('CONTACT')).at(-1)).toBe(
      'CONTACT info contact cabinet ok',
    )
  },
)

test('a contact that cannot be read is a problem with its cause, and keeps what it said last', async () => {
  const device = new Device()
  await device.put({ ...CALM, box: true })
  device.watch.handlers.onFault('box', 'no GPIO chip is called usb')
  expect(device.reports.states['box']).toBe('fault')
  expect(device.problems).toEqual(['TAMPER', 'CONTACT'])
  expect(device.condition.problems.at(-1)?.detail).toBe('box: no GPIO chip is called usb')
  device.watch.handlers.onFault('box', undefined)
  await device.put({ box: false })
  expect(device.problems).toEqual([])
})
