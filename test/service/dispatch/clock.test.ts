import { describe, expect, test } from 'vitest'
import { at, news, notice, Station } from './station.ts'

const HOUR = 3600
const patient = { late: { policy: 'play', withinSeconds: 600 } } as const

const station = (): Station => {
  const made = new Station()
  made.on()
  return made
}

/** A receiver without a clock of its own, just booted, that believes it is `seconds` off. */
const unset = (seconds: number): Station => {
  const made = new Station()
  made.synchronised = false
  made.uptimeMs = 5000
  made.step(seconds)
  made.on()
  return made
}

const YEARS = -56 * 365 * 86_400

describe('T19 the clock steps', () => {
  test('an hour forward: what was jumped over is missed, what is in its window plays late', async () => {
    const it = station()
    it.publish([
      news('jumped', at(600)),
      news('open', at(HOUR - 100), 5, patient),
      news('later', at(HOUR + 100), 5),
    ])
    await it.pass(60)
    it.step(HOUR)
    await it.pass(120)
    expect(it.outcomes).toEqual(['jumped: missed LATE', 'open: completed', 'later: completed'])
    expect(it.clockSteps).toEqual([HOUR * 1000])
  })

  test('an hour forward in the last half second before an item: playout sees it first and does not begin', async () => {
    const it = station()
    it.publish([news('news', at(60), 5)])
    await it.pass(59.5)
    it.step(HOUR)
    await it.pass(30)
    expect(it.outcomes).toEqual(['news: missed LATE'])
    expect(it.begun).toEqual([])
  })

  test('an hour forward while an item plays: it plays to its end', async () => {
    const it = station()
    it.publish([news('news', at(5), 60)])
    await it.pass(20)
    it.step(HOUR)
    await it.pass(60)
    expect(it.record('news')).toMatchObject({ result: 'completed', playedSeconds: 60 })
  })

  test('an hour back: what was played is not played again', async () => {
    const it = station()
    it.publish([news('news', at(30), 5), news('next', at(300), 5)])
    await it.pass(60)
    it.step(-HOUR)
    await it.pass(HOUR + 300)
    expect(it.outcomes).toEqual(['news: completed', 'next: completed'])
    expect(it.begun.length).toBe(2)
    expect(it.record('next').started).toBe(at(300))
  })

  test('an hour back with an item armed: it sounds at its second of the new time', async () => {
    const it = station()
    it.publish([news('news', at(30), 5)])
    await it.pass(28)
    it.step(-HOUR)
    await it.pass(HOUR + 60)
    expect(it.record('news')).toMatchObject({ result: 'completed', started: at(30), startErrorMs: 0 })
  })

  test('an hour back while one plays and an equal waits: the equal follows its end', async () => {
    const it = station()
    it.publish([news('first', at(5), 60), news('second', at(20), 5, patient)])
    await it.pass(30)
    it.step(-10)
    await it.pass(120)
    expect(it.outcomes).toEqual(['first: completed', 'second: completed'])
    expect(it.record('second').started).toBe(it.record('first').ended)
  })

  test('an hour back while a higher class cuts in: what it cut goes on after it', async () => {
    const it = station()
    it.publish([news('news', at(5), 60), news('notice', at(20), 10, { class: 'priority' })])
    await it.pass(25)
    it.step(-HOUR)
    await it.pass(60)
    expect(it.outcomes).toEqual(['notice: completed', 'news: completed'])
    expect(it.record('news')).toMatchObject({ cuts: 1, playedSeconds: 60 })
  })

  test('an hour back while an item plays that a higher class then cuts: it goes on after it', async () => {
    const it = station()
    it.publish([news('news', at(5), 60), news('notice', at(40 - HOUR), 10, { class: 'priority' })])
    await it.pass(30)
    it.step(-HOUR)
    await it.pass(80)
    expect(it.outcomes).toEqual(['notice: completed', 'news: completed'])
    expect(it.record('news')).toMatchObject({ cuts: 1, playedSeconds: 60 })
  })

  test('an hour back in time without power: what was playing is taken up at once', async () => {
    const it = station()
    it.publish([news('news', at(5), 60, patient)])
    await it.pass(30)
    await it.crash()
    it.step(-HOUR)
    it.on()
    await it.pass(60)
    expect(it.record('news')).toMatchObject({ result: 'completed', cuts: 1 })
  })

  test('forward and back again: what comes due in the hour lived twice still has its record after a power cut', async () => {
    const it = station()
    await it.pass(10)
    it.step(HOUR)
    await it.pass(90)
    it.step(-HOUR)
    await it.pass(10)
    it.publish([news('news', at(600))])
    await it.pass(10)
    await it.powerCut()
    await it.pass(1200)
    it.on()
    await it.pass(5)
    expect(it.outcomes).toEqual(['news: missed LATE'])
  })

  test('back while a notice is on the sign: it is shown for its own length', async () => {
    const it = station()
    it.publish([notice('notice', at(5), 30)])
    await it.pass(10)
    it.step(-HOUR)
    await it.pass(60)
    expect(it.outcomes).toEqual(['notice: completed'])
    expect(it.record('notice').shownSeconds).toBeCloseTo(30, 0)
  })
})

describe('while the time is not known', () => {
  test('nothing planned plays, and what is past its window when it becomes known is missed NO_CLOCK', async () => {
    const it = unset(YEARS)
    it.publish([news('past', at(20)), news('open', at(50), 5, patient), notice('notice', at(55), 90)])
    await it.pass(120)
    expect(it.records).toEqual([])
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(60)
    expect(it.outcomes.toSorted()).toEqual([
      'notice: partial LATE',
      'open: completed',
      'past: missed NO_CLOCK',
    ])
  })

  test('what was armed when the time was lost is missed NO_CLOCK too, or plays in its window', async () => {
    const it = station()
    it.publish([
      news('playing', at(5), 60),
      news('closed', at(13), 5, { late: { policy: 'skip', withinSeconds: 2 } }),
      news('open', at(13), 5, patient),
    ])
    await it.pass(10)
    it.synchronised = false
    it.step(YEARS)
    await it.pass(30)
    expect(it.outcomes).toEqual([])
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(60)
    expect(it.outcomes).toEqual(['closed: missed NO_CLOCK', 'playing: completed', 'open: completed'])
  })

  test('a joiner that was armed when the time was lost joins where it would be, though playout sees first that it is known again', async () => {
    const it = station()
    const joins = { late: { policy: 'join', withinSeconds: 600 } } as const
    it.publish([news('joined', at(13), 30, joins), news('over', at(13), 5, joins)])
    await it.pass(12)
    it.synchronised = false
    it.step(YEARS)
    await it.pass(20.5)
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(60)
    expect(it.outcomes).toEqual(['over: missed NO_CLOCK', 'joined: partial LATE'])
    expect(it.record('joined')?.playedSeconds).toBeLessThan(12)
  })

  test('a document first accepted then has no past', async () => {
    const it = unset(YEARS)
    await it.pass(60)
    it.publish([{ ...news('daily', at(0)), when: { times: ['05:00:00', '06:00:30', '06:01:30'] } }])
    await it.pass(120)
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(10)
    expect(it.outcomes).toEqual(['daily: missed NO_CLOCK'])
    expect(it.record('daily').planned).toBe(at(90))
  })

  test('a document replaced then answers for what came due under it', async () => {
    const it = unset(YEARS)
    it.publish([news('old', at(20)), news('gone', at(30), 5, patient)])
    await it.pass(60)
    it.publish([news('new', at(40)), news('coming', at(200), 5)])
    await it.pass(90)
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(90)
    expect(it.outcomes).toEqual(['old: missed NO_CLOCK', 'gone: skipped CANCELLED', 'coming: completed'])
  })

  test('what was playing before the power cut waits for the time before it is taken up', async () => {
    const it = station()
    it.publish([news('relay', at(5), 600, { late: { policy: 'join', withinSeconds: 600 } })])
    await it.pass(65)
    await it.powerCut()
    await it.pass(100)
    it.step(YEARS)
    it.synchronised = false
    it.uptimeMs = 1000
    it.on()
    await it.pass(30)
    expect(it.begun.length).toBe(1)
    it.step(-YEARS)
    it.synchronised = true
    await it.pass(500)
    expect(it.record('relay')).toMatchObject({ result: 'partial', reason: 'LATE', cuts: 1 })
    expect((it.begun[1]?.frame ?? 0) / 48_000).toBeCloseTo(190.5, 0)
  })
})

describe('a board without a clock of its own', () => {
  /** Back after eight hours without power, with the time it had saved before. */
  const atSavedTime = async (): Promise<Station> => {
    const it = station()
    it.publish([
      news('in the night', at(4 * HOUR)),
      news('by the wrong time', at(700), 5),
      news('after', at(8 * HOUR + 1000), 5),
    ])
    await it.pass(60)
    await it.powerCut()
    // Eight hours pass of which its clock knows nothing.
    it.synchronised = false
    it.uptimeMs = 5000
    it.on()
    return it
  }

  test('plays nothing planned by the time it saved, until it knows better', async () => {
    const it = await atSavedTime()
    expect(it.agent.time.state).toBe('unset')
    await it.pass(300)
    it.step(8 * HOUR)
    it.synchronised = true
    await it.pass(1000)
    expect(it.outcomes).toEqual([
      'by the wrong time: missed NO_CLOCK',
      'in the night: missed NO_CLOCK',
      'after: completed',
    ])
  })

  test('plays by it after ten minutes if nobody knows better, and plays nothing twice when somebody does', async () => {
    const it = await atSavedTime()
    await it.pass(599)
    expect([it.agent.time.state, it.outcomes]).toEqual(['held', []])
    await it.pass(60)
    expect(it.outcomes).toEqual(['by the wrong time: completed'])
    expect(it.record('by the wrong time').clock).toBe('held')
    it.step(8 * HOUR)
    it.synchronised = true
    await it.pass(600)
    expect(it.outcomes.slice(1)).toEqual(['in the night: missed LATE', 'after: completed'])
    expect(it.record('after').clock).toBe('synced')
  })

  test('plays on by a clock that was right once, however long ago that was', async () => {
    const it = station()
    await it.pass(60)
    it.synchronised = false
    await it.pass(8 * 86_400, 3_600_000)
    it.publish([news('news', at(8 * 86_400 + 120), 5)])
    await it.pass(120)
    expect(it.outcomes).toEqual(['news: completed'])
    expect(it.record('news').clock).toBe('stale')
  })
})
