import { describe, expect, test } from 'vitest'
import type { Reading } from '../../../agent/core/sensor/reading.ts'
import type { LineConfig } from '../../../agent/core/sensor-configuration.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { AmplifierState } from '../../../agent/ports/playout.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { LineWatch } from '../../../agent/services/line-watch.ts'
import { silentLogger } from '../../fakes/control-handlers.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'

const LINE: LineConfig = {
  driver: 'iio',
  device: 'ads1015',
  channel: 'voltage0',
  openBelow: 0.4,
  shortAbove: 2.5,
}
const PROGRESS_MS = 500
const REST_VOLTS = 0.2
const PEAK_DB = -12
const MINUTE_MS = 60_000

/** An amplifier with a line that takes `amperes` for full scale, and a converter that reads it. */
class Device implements Disposable {
  readonly clock = new ManualClock()
  readonly store = new MemoryStateStore(() => this.clock.wall())
  amperes = 0.5
  fault: string | undefined
  writes = 0
  reads = 0
  #sounding = false
  #stop = new AbortController()
  condition = this.#newCondition()
  watch = this.#newWatch(LINE)

  constructor() {
    const { facts } = this.store
    const set = facts.set.bind(facts)
    facts.set = (name, value) => {
      this.writes += 1
      set(name, value)
    }
  }

  restart(line: LineConfig = LINE): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.condition = this.#newCondition()
    this.watch = this.#newWatch(line)
  }

  async rest(minutes = 1): Promise<void> {
    await this.clock.advance(minutes * MINUTE_MS)
  }

  async play(seconds: number, peakDb = PEAK_DB): Promise<void> {
    this.#switch('on')
    this.#sounding = true
    for (let time = 0; time < 1000 * seconds; time += PROGRESS_MS) {
      await this.clock.advance(PROGRESS_MS)
      await this.watch.report({ kind: 'progress', clip: 'c', frame: 0, underruns: 0, peakDb })
    }
    this.#sounding = false
    this.#switch('off')
  }

  get state(): string | undefined {
    return this.watch.reportOf('main')?.state
  }

  get events(): readonly string[] {
    return this.store.outbox.pending(0, Number.POSITIVE_INFINITY).flatMap((entry) => {
      if (entry.topic !== 'event' || entry.record.code === 'DATABASE') return []
      const { code, severity, data } = entry.record
      return [`${code} ${severity} ${String(data['source'])} ${String(data['line'] ?? data['state'])}`]
    })
  }

  get problems(): readonly string[] {
    return this.condition.problems.map(({ code, detail }) => `${code} ${detail}`)
  }

  #switch(state: AmplifierState): void {
    this.condition.report({ kind: 'amplifier', id: 'main', state, at: epochMs(0) })
  }

  #channel(): Exclude<Reading, undefined> {
    this.reads += 1
    if (this.fault !== undefined) return { fault: this.fault }
    return { value: REST_VOLTS + (this.#sounding ? this.amperes * 10 ** (PEAK_DB / 20) : 0) }
  }

  #newCondition(): Condition {
    return new Condition({
      clock: this.clock,
      amplifiers: ['main', 'yard'],
      emit: (event) => this.store.outbox.event(event),
      further: () => [],
    })
  }

  #newWatch(line: LineConfig): LineWatch {
    const watch = new LineWatch({
      clock: this.clock,
      lines: [{ id: 'main', line }],
      sensors: { channel: () => Promise.resolve(this.#channel()) },
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

const learned = async (): Promise<Device> => {
  const device = new Device()
  await device.rest()
  await device.play(35)
  return device
}

describe('a loudspeaker line', () => {
  test('is learned while something sounds, in one write, and is well then', async () => {
    using device = new Device()
    await device.rest()
    expect(device.state).toBe('learning')
    await device.play(20)
    expect(device.watch.reportOf('main')).toEqual({ state: 'learning', learnedPercent: 66 })
    expect(device.writes).toBe(0)
    await device.play(20)
    expect(device.state).toBe('ok')
    await device.play(600)
    await device.rest(60)
    expect(device.writes).toBe(1)
    expect(device.watch.reportOf('main')).toEqual({ state: 'ok', loadPercent: 100 })
    expect([device.events, device.problems]).toEqual([[], []])
  })

  test('that is cut through is suspected once, and told when it is well again', async () => {
    using device = await learned()
    device.amperes = 0.02
    await device.play(60)
    await device.rest(60)
    await device.play(60)
    expect(device.events).toEqual(['SPEAKER_LINE warning amplifier main open'])
    expect(device.problems).toEqual(['SPEAKER_LINE main: open suspected, 4 % of the learned load'])
    device.amperes = 0.5
    await device.play(60)
    expect(device.events).toEqual([
      'SPEAKER_LINE warning amplifier main open',
      'SPEAKER_LINE info amplifier main ok',
    ])
    expect(device.problems).toEqual([])
  })

  test('that takes far too much is suspected of a short circuit', async () => {
    using device = await learned()
    device.amperes = 3
    await device.play(60)
    expect(device.state).toBe('short')
    expect(device.events).toEqual(['SPEAKER_LINE warning amplifier main short'])
  })

  test('is known after a restart, suspicion too, and nothing is told twice', async () => {
    using device = await learned()
    device.amperes = 0.02
    await device.play(60)
    device.restart()
    expect(device.problems).toEqual(['SPEAKER_LINE main: open suspected'])
    await device.rest()
    await device.play(60)
    expect(device.events).toEqual(['SPEAKER_LINE warning amplifier main open'])
  })

  test('is learned anew by order, and when it is read from another channel', async () => {
    using device = await learned()
    device.amperes = 0.1
    await device.play(60)
    expect(device.state).toBe('open')
    expect(device.watch.learnAnew('main')).toBe(true)
    expect(device.state).toBe('learning')
    await device.play(60)
    expect(device.state).toBe('ok')
    expect(device.problems).toEqual([])
    device.restart({ ...LINE, channel: 'voltage1' })
    expect(device.state).toBe('learning')
  })

  test('of an amplifier whose line nobody watches has no state', () => {
    using device = new Device()
    expect(device.watch.reportOf('yard')).toBeUndefined()
    expect(device.watch.learnAnew('yard')).toBe(false)
  })

  test('says nothing while its amplifier is off, or what is sent is too quiet', async () => {
    using device = await learned()
    device.amperes = 0.02
    for (let time = 0; time < 200; time += 1)
      await device.watch.report({ kind: 'progress', clip: 'c', frame: 0, underruns: 0, peakDb: PEAK_DB })
    await device.play(120, -40)
    expect(device.state).toBe('ok')
  })
})

describe('a converter that fails', () => {
  test('is one event and no suspicion of the line, and one event when it has been well for a minute', async () => {
    using device = await learned()
    device.fault = 'in_voltage0_raw says "nan"'
    await device.play(60)
    await device.rest(30)
    expect(device.state).toBe('fault')
    expect(device.events).toEqual(['SENSOR warning sensor line main fault'])
    expect(device.problems).toEqual(['SENSOR line of main: in_voltage0_raw says "nan"'])
    device.fault = undefined
    await device.rest(3)
    expect(device.state).toBe('ok')
    expect(device.events).toEqual([
      'SENSOR warning sensor line main fault',
      'SENSOR info sensor line main ok',
    ])
  })

  test('while something sounds is asked again with each report, and a round under way is not doubled', async () => {
    using device = new Device()
    await device.rest()
    const { reads } = device
    const first = device.watch.report({ kind: 'progress', clip: 'c', frame: 0, underruns: 0, peakDb: -6 })
    const second = device.watch.report({ kind: 'progress', clip: 'c', frame: 0, underruns: 0, peakDb: -6 })
    await Promise.all([first, second])
    expect(device.reads).toBe(reads + 1)
    await device.watch.report({ kind: 'device', ok: true, message: '' })
    expect(device.state).toBe('learning')
  })
})
