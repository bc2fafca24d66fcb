import { describe, expect, test, vi } from 'vitest'
import type { Alert, AlertDocument } from '../../../agent/core/documents.ts'
import { SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { AlertService } from '../../../agent/services/alerts.ts'
import { at, news, Station } from '../dispatch/station.ts'

const flood = (changes: Partial<Alert> = {}): Alert => ({
  id: 'flood',
  event: 'flood',
  severity: 'extreme',
  headline: { vi: 'LŨ KHẨN CẤP' },
  siren: { onSeconds: 10, offSeconds: 5, cycles: 2 },
  until: at(3600),
  ...changes,
})

/** A station that takes alerts: 25 s of siren make one sounding of `flood`. */
class WarnedStation extends Station {
  alerts: readonly Alert[] = []
  rev = 0
  #service: AlertService | undefined

  get service(): AlertService {
    if (this.#service === undefined) throw new Error('the station is off')
    return this.#service
  }

  override on(): void {
    super.on()
    const { time, play, signs } = this.agent
    this.#service = new AlertService({
      clock: this.clock,
      time,
      play,
      signs,
      facts: this.store.facts,
      sources: (): readonly AlertDocument[] => [
        { kind: 'alert', v: 1, area: '75', rev: this.rev, iat: at(0), alerts: this.alerts },
      ],
      scope: () => ({ id: 'd-1', groups: [], languages: ['vi'] }),
      amplifiers: ['main'],
      media: () => ({ state: 'missing' }),
      soundFrames: (sound) => SOUND_FRAMES[sound],
      spokenAs: () => ({ sha256: '0'.repeat(64), bytes: 0, format: 'wav', seconds: 0, urls: [] }),
      armMs: 4500,
    })
    this.service.begin()
  }

  protected override clockStepped(stepMs: number): void {
    super.clockStepped(stepMs)
    this.#service?.clockStepped(stepMs)
  }

  warn(alerts: readonly Alert[]): void {
    this.alerts = alerts
    this.rev += 1
    this.service.replace()
  }

  async passWatching(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      await this.pass(1)
      this.service.tick()
    }
  }
}

const started = (): WarnedStation => {
  const station = new WarnedStation()
  station.on()
  return station
}

describe('an alert in force', () => {
  test('sounds at once, cuts the news, and the news goes on where it stopped', async () => {
    const station = started()
    station.publish([news('morning', at(5), 60)])
    await station.passWatching(20)
    station.warn([flood()])
    expect(station.agent.playout.orders.at(-1)).toMatchObject({ takeover: true, at: station.clock.wall() })
    await station.passWatching(100)
    expect(station.record('flood')).toMatchObject({
      document: '75/alert',
      class: 'emergency',
      tier: 'province',
      result: 'completed',
      playedSeconds: 25,
      volume: 100,
    })
    expect(station.record('morning')).toMatchObject({ result: 'completed', playedSeconds: 60, cuts: 1 })
  })

  test('is commanded before anything is written, and has its row in the same turn', () => {
    const station = started()
    const schedule = vi.spyOn(station.agent.playout, 'schedule')
    const open = vi.spyOn(station.store.ledger, 'open')
    station.warn([flood()])
    expect(station.store.ledger.opened()).toMatchObject([{ item: 'flood', draft: { result: 'interrupted' } }])
    const [commanded = 0] = schedule.mock.invocationCallOrder
    expect(open.mock.invocationCallOrder[0]).toBeGreaterThan(commanded)
    expect(schedule).toHaveBeenCalledOnce()
  })

  test('repeats from start to start and keeps everything else silent until it is removed', async () => {
    const station = started()
    station.publish([news('morning', at(60), 10, { late: { policy: 'play', withinSeconds: 1800 } })])
    station.warn([flood({ repeatEverySeconds: 300 })])
    await station.passWatching(700)
    const soundings = station.records.filter(({ item }) => item === 'flood')
    expect(soundings.map(({ planned }) => (Date.parse(planned) - Date.parse(at(0))) / 1000)).toEqual([
      0, 300, 600,
    ])
    expect(soundings.slice(1).map(({ startErrorMs }) => startErrorMs)).toEqual([0, 0])
    expect(station.outcomes.some((outcome) => outcome.startsWith('morning'))).toBe(false)
    station.warn([])
    await station.passWatching(60)
    expect(station.record('morning').result).toBe('completed')
  })

  test('removed just before it would sound again, it leaves nothing behind', async () => {
    const station = started()
    station.warn([flood({ repeatEverySeconds: 300 })])
    await station.passWatching(297)
    station.warn([])
    await station.passWatching(60)
    expect(station.outcomes).toEqual(['flood: completed'])
  })

  test('removed while it sounds it is faded at once', async () => {
    const station = started()
    station.warn([flood()])
    await station.passWatching(10)
    station.warn([])
    await station.passWatching(2)
    expect(station.outcomes).toEqual(['flood: partial CANCELLED'])
  })

  test('its pages stand on the sign until it is over', async () => {
    const station = started()
    const sign = { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', seconds: 5 }] } as const
    station.warn([flood({ sign, until: at(120) })])
    await station.passWatching(100)
    expect(station.board.text).toBe('SƠ TÁN NGAY')
    await station.passWatching(30)
    expect(station.board.text).toBe('')
  })

  test('sounds once without repeats, and anew when its words change', async () => {
    const station = started()
    station.warn([flood()])
    await station.passWatching(400)
    expect(station.outcomes).toEqual(['flood: completed'])
    station.warn([flood({ severity: 'severe' })])
    await station.passWatching(60)
    expect(station.outcomes).toEqual(['flood: completed', 'flood: completed'])
  })
})

describe('when the clock is set', () => {
  const soundings = (station: WarnedStation): readonly string[] =>
    station.records.map(({ started }) => String(started))

  test.each([-3600, 3600])('%i s, it goes on from start to start', async (step) => {
    const station = started()
    station.warn([flood({ repeatEverySeconds: 300, until: at(9000) })])
    await station.passWatching(100)
    station.step(step)
    await station.passWatching(600)
    expect(soundings(station)).toEqual([at(0), at(step + 300), at(step + 600)])
  })

  test('back while one waits for another, the second follows the first', async () => {
    const station = started()
    station.warn([flood(), flood({ id: 'second' })])
    await station.passWatching(10)
    station.step(-3600)
    await station.passWatching(60)
    expect(station.outcomes).toEqual(['flood: completed', 'second: completed'])
  })

  test('back with a repetition handed over, it sounds all the same', async () => {
    const station = started()
    station.warn([flood({ repeatEverySeconds: 300 })])
    await station.passWatching(297)
    station.step(-3600)
    await station.passWatching(60)
    expect(soundings(station)).toEqual([at(0), at(300 - 3600)])
  })

  test('back in time without power, it is not silent for longer than its period', async () => {
    const station = started()
    station.warn([flood({ repeatEverySeconds: 300 })])
    await station.passWatching(100)
    await station.powerCut()
    station.step(-40 * 365 * 86_400)
    station.synchronised = false
    station.uptimeMs = 0
    station.on()
    await station.passWatching(330)
    expect(station.outcomes).toEqual(['flood: completed', 'flood: completed'])
  })
})

describe('after a restart', () => {
  test('a sounding that was cut short sounds again at once, a completed one at its next due', async () => {
    const station = started()
    station.warn([flood({ repeatEverySeconds: 300 })])
    await station.passWatching(10)
    await station.powerCut()
    station.on()
    await station.passWatching(40)
    expect(station.outcomes).toEqual(['flood: interrupted POWER_LOST', 'flood: completed'])
    await station.powerCut()
    station.on()
    await station.passWatching(200)
    expect(station.outcomes).toHaveLength(2)
    await station.passWatching(120)
    expect(station.outcomes).toHaveLength(3)
  })

  test('with the time unknown it sounds all the same', async () => {
    const station = new WarnedStation()
    station.synchronised = false
    station.uptimeMs = 0
    station.clock.step(-40 * 365 * 86_400_000)
    station.on()
    expect(station.agent.time.state).toBe('unset')
    station.warn([flood()])
    await station.passWatching(40)
    expect(station.outcomes).toEqual(['flood: completed'])
  })

  test('it sounds to its end when the time becomes known meanwhile, with one record', async () => {
    const station = new WarnedStation()
    station.synchronised = false
    station.uptimeMs = 0
    station.on()
    expect(station.agent.time.state).toBe('unset')
    station.warn([flood()])
    await station.passWatching(10)
    station.synchronised = true
    await station.passWatching(40)
    expect(station.agent.time.state).toBe('synced')
    expect(station.outcomes).toEqual(['flood: completed'])
  })
})

describe('in mute', () => {
  test('every due is skipped, and one without repeats sounds on unmute', async () => {
    const station = started()
    const mute = (on: boolean): void =>
      station.agent.play.apply({ kind: 'mute', at: station.clock.wall(), on })
    mute(true)
    station.warn([flood({ repeatEverySeconds: 300 }), flood({ id: 'once' })])
    await station.passWatching(10)
    expect(station.outcomes).toEqual(['flood: skipped MUTED', 'once: skipped MUTED'])
    mute(false)
    await station.passWatching(60)
    expect(station.outcomes).toEqual(['flood: skipped MUTED', 'once: skipped MUTED', 'once: completed'])
    const [skipped, sounded] = station.records.filter(({ item }) => item === 'once')
    expect(sounded?.planned).not.toBe(skipped?.planned)
  })

  test('the pages of an alert are shown all the same', async () => {
    const station = started()
    station.agent.play.apply({ kind: 'mute', at: station.clock.wall(), on: true })
    station.warn([flood({ sign: { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', seconds: 5 }] } })])
    await station.passWatching(30)
    expect(station.board.text).toBe('SƠ TÁN NGAY')
  })

  test('the pages of an alert that has sounded are there again after a restart', async () => {
    const station = started()
    station.warn([flood({ sign: { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', seconds: 5 }] } })])
    await station.passWatching(60)
    await station.stop()
    station.on()
    await station.passWatching(5)
    expect(station.board.text).toBe('SƠ TÁN NGAY')
  })
})
