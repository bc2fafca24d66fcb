import { afterEach, expect, test } from 'vitest'
import { Mute } from '../../agent/services/mute.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { at, news, Station } from './dispatch/station.ts'

const HOUR_SECONDS = 3600

/** A station that can be muted. */
class MutableStation extends Station {
  unmuted = 0
  #mute: Mute | undefined

  get mute(): Mute {
    if (this.#mute === undefined) throw new Error('the station is off')
    return this.#mute
  }

  override on(): void {
    super.on()
    const { time, play, playout } = this.agent
    this.#mute = new Mute({
      clock: this.clock,
      time,
      facts: this.store.facts,
      playout,
      play,
      logger: silentLogger,
      onUnmuted: () => {
        this.unmuted += 1
      },
    })
    this.mute.begin()
  }

  override async stop(): Promise<void> {
    this.mute.close()
    await super.stop()
  }

  async passTicking(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 10) {
      await this.pass(Math.min(10, seconds - passed), 10_000)
      this.mute.tick()
    }
  }

  get silent(): boolean {
    const { play, playout } = this.agent
    expect([play.muted, playout.muted]).toEqual([this.mute.on, this.mute.on])
    return this.mute.on
  }
}

let station = new MutableStation()
const started = (): MutableStation => {
  station = new MutableStation()
  station.on()
  return station
}
afterEach(() => station.crash())

test('what plays ends, what waits to go on ends, and what could start is skipped', async () => {
  started()
  station.publish([
    news('morning', at(5), 60),
    news('urgent', at(20), 60, { class: 'priority' }),
    news('next', at(40), 10, { class: 'emergency' }),
  ])
  await station.pass(30)
  station.mute.mute()
  await station.pass(30)
  expect([...station.outcomes].sort()).toEqual([
    'morning: partial MUTED',
    'next: skipped MUTED',
    'urgent: partial MUTED',
  ])
})

test('without seconds it holds until it is lifted, over restarts and power cuts', async () => {
  started()
  station.mute.mute()
  await station.passTicking(2 * HOUR_SECONDS)
  await station.stop()
  station.on()
  expect(station.silent).toBe(true)
  await station.powerCut()
  await station.pass(HOUR_SECONDS)
  station.on()
  expect(station.silent).toBe(true)
  expect([station.mute.lift(), station.mute.lift(), station.unmuted]).toEqual([true, false, 1])
  await station.crash()
  station.on()
  expect(station.silent).toBe(false)
})

test('its seconds run out', async () => {
  started()
  station.mute.mute(60)
  await station.passTicking(50)
  expect(station.silent).toBe(true)
  await station.passTicking(20)
  expect([station.silent, station.unmuted]).toEqual([false, 1])
})

test('a step of the clock neither shortens nor prolongs it', async () => {
  started()
  station.mute.mute(100)
  station.step(HOUR_SECONDS)
  await station.passTicking(60)
  expect(station.silent).toBe(true)
  station.step(-2 * HOUR_SECONDS)
  await station.passTicking(50)
  expect(station.silent).toBe(false)
})

test('time away counts where the clock was set before and after', async () => {
  started()
  station.mute.mute(HOUR_SECONDS)
  await station.passTicking(60)
  await station.crash()
  await station.pass(HOUR_SECONDS / 2)
  station.on()
  expect(station.silent).toBe(true)
  await station.stop()
  await station.pass(HOUR_SECONDS / 2)
  station.on()
  expect(station.silent).toBe(false)
})

test('with the clock unset only running time counts: the mute lasts longer, never for ever', async () => {
  started()
  station.mute.mute(HOUR_SECONDS)
  await station.powerCut()
  await station.pass(2 * HOUR_SECONDS)
  station.synchronised = false
  station.uptimeMs = 0
  station.on()
  expect([station.agent.time.state, station.silent]).toEqual(['unset', true])
  await station.passTicking(HOUR_SECONDS + 10)
  expect(station.silent).toBe(false)
})

test('a second order replaces the first', async () => {
  started()
  station.mute.mute(20)
  station.mute.mute(100)
  await station.passTicking(50)
  expect(station.silent).toBe(true)
  station.mute.mute(10)
  await station.passTicking(20)
  expect(station.silent).toBe(false)
})

test('a disk that takes nothing does not keep the device loud, nor silent', async () => {
  started()
  const { set } = station.store.facts
  station.store.facts.set = () => {
    throw Object.assign(new Error('full'), { name: 'full' })
  }
  expect(() => station.mute.mute()).toThrow('full')
  expect(station.silent).toBe(true)
  expect(() => station.mute.lift()).toThrow('full')
  expect([station.silent, station.unmuted]).toEqual([false, 1])
  station.store.facts.set = set
})
