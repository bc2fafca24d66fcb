import { describe, expect, test } from 'vitest'
import type { LatePolicy } from '../../../agent/core/documents.ts'
import { at, news, notice, Station } from './station.ts'

/** A station 40 s into an item of five minutes. */
const playing = async (late: LatePolicy): Promise<Station> => {
  const it = new Station()
  it.on()
  it.publish([news('news', at(5), 300, { late })])
  await it.pass(45)
  return it
}

const skip: LatePolicy = { policy: 'skip', withinSeconds: 600 }
const play: LatePolicy = { policy: 'play', withinSeconds: 60 }
const join: LatePolicy = { policy: 'join', withinSeconds: 60 }

describe('an item that was playing when the agent went', () => {
  test('is never taken up under skip: the power was lost', async () => {
    const it = await playing(skip)
    await it.powerCut()
    await it.pass(20)
    it.on()
    await it.pass(60)
    const record = it.record('news')
    expect(record).toMatchObject({ result: 'interrupted', reason: 'POWER_LOST' })
    expect(Math.abs((record.playedSeconds ?? 0) - 40)).toBeLessThanOrEqual(2)
    expect(it.begun.length).toBe(1)
  })

  test.each(Array.from({ length: 9 }, (_, index) => 40 + index * 0.25))(
    'has a record that knows its %d s to two seconds',
    async (heard) => {
      const it = new Station()
      it.on()
      it.publish([news('news', at(5), 300, { late: skip })])
      await it.pass(5 + heard)
      await it.powerCut()
      it.on()
      await it.pass(1)
      const { playedSeconds = 0 } = it.record('news')
      expect(playedSeconds).toBeLessThanOrEqual(heard)
      expect(playedSeconds).toBeGreaterThanOrEqual(heard - 2)
    },
  )

  test('crashed when the kernel has not booted anew', async () => {
    const it = await playing(skip)
    await it.crash()
    it.on()
    await it.pass(1)
    expect(it.outcomes).toEqual(['news: interrupted CRASHED'])
  })

  test('stopped when it was told to', async () => {
    const it = await playing(skip)
    await it.stop()
    await it.pass(5)
    it.on()
    await it.pass(1)
    expect(it.outcomes).toEqual(['news: interrupted STOPPED'])
  })

  test('stopped when it was told to, though playout goes on reporting while it fades', async () => {
    const it = await playing(skip)
    await it.stop(1)
    it.on()
    await it.pass(1)
    expect(it.outcomes).toEqual(['news: interrupted STOPPED'])
  })

  test('stopped when its beginning is told only while it fades: it does not begin a second time', async () => {
    const it = new Station()
    it.on()
    it.publish([news('news', at(5), 300, { late: skip })])
    await it.pass(4.9)
    expect(it.begun).toEqual([])
    await it.stop(0.6)
    it.on()
    await it.pass(5)
    expect(it.outcomes).toEqual(['news: interrupted STOPPED'])
    expect(it.begun.length).toBe(1)
  })

  test('goes on from where it would be under join', async () => {
    const it = await playing(join)
    await it.powerCut()
    await it.pass(55)
    it.on()
    await it.pass(300)
    expect(it.record('news')).toMatchObject({ result: 'partial', reason: 'LATE', cuts: 1, ended: at(305) })
  })

  test('is over under join when it would have ended', async () => {
    const it = await playing(join)
    await it.powerCut()
    await it.pass(400)
    it.on()
    await it.pass(5)
    expect(it.outcomes).toEqual(['news: interrupted POWER_LOST'])
  })

  test('goes on live under play when it was a relay, and ends when it would have', async () => {
    const it = new Station()
    it.on()
    const stream = { format: 'mp3', seconds: 300, urls: ['https://relay.example/vov1'] } as const
    it.publish([news('relay', at(5), 300, { late: play, parts: [{ stream }] })])
    await it.pass(45)
    await it.crash()
    await it.pass(30)
    it.on()
    await it.pass(300)
    const record = it.record('relay')
    expect(record).toMatchObject({ result: 'partial', reason: 'LATE', cuts: 1 })
    expect(Math.abs(Date.parse(record.ended ?? '') - Date.parse(at(305)))).toBeLessThan(1000)
    expect(record.playedSeconds).toBeLessThan(300 - 30)
  })

  test('goes on from the last checkpoint under play, if the agent is back in time', async () => {
    const it = await playing(play)
    await it.powerCut()
    await it.pass(55)
    it.on()
    await it.pass(300)
    const record = it.record('news')
    expect(record).toMatchObject({ result: 'completed', cuts: 1 })
    expect(Math.abs((record.playedSeconds ?? 0) - 300)).toBeLessThanOrEqual(2)
  })

  test('is interrupted under play if it is not', async () => {
    const it = await playing(play)
    await it.powerCut()
    await it.pass(65)
    it.on()
    await it.pass(300)
    expect(it.outcomes).toEqual(['news: interrupted POWER_LOST'])
  })

  test('is interrupted when no document holds it any more', async () => {
    const it = await playing(play)
    await it.powerCut()
    it.documents.clear()
    it.on()
    await it.pass(5)
    expect(it.outcomes).toEqual(['news: interrupted POWER_LOST'])
  })

  test('cut by another at the moment of the stop it says so too', async () => {
    const it = new Station()
    it.on()
    it.publish([news('news', at(5), 300), news('notice', at(20), 300, { class: 'priority' })])
    await it.pass(40)
    await it.stop()
    it.on()
    await it.pass(5)
    expect(it.outcomes.toSorted()).toEqual(['news: interrupted STOPPED', 'notice: interrupted STOPPED'])
    expect(it.records.find(({ item }) => item === 'news')?.playedSeconds).toBe(15)
  })
})

describe('an item that was armed or waited when the agent went', () => {
  test('is due like any other: in its window it plays, from its beginning', async () => {
    const it = new Station()
    it.on()
    it.publish([news('news', at(30), 10)])
    await it.pass(29)
    await it.powerCut()
    await it.pass(20)
    it.on()
    await it.pass(60)
    expect(it.record('news')).toMatchObject({ result: 'completed', playedSeconds: 10 })
  })

  test('past its window it is missed', async () => {
    const it = new Station()
    it.on()
    it.publish([news('news', at(30), 10)])
    await it.pass(29)
    await it.powerCut()
    await it.pass(200)
    it.on()
    await it.pass(60)
    expect(it.outcomes).toEqual(['news: missed LATE'])
  })

  test('waiting for media it fails in its window of the next start', async () => {
    const it = new Station()
    it.media.clear()
    it.on()
    it.publish([news('news', at(5), 10, { late: { policy: 'play', withinSeconds: 100 } })])
    await it.pass(50)
    await it.powerCut()
    it.on()
    await it.pass(100)
    expect(it.outcomes).toEqual(['news: failed NO_MEDIA'])
  })

  test('withdrawn meanwhile it is cancelled, or was never there', async () => {
    const it = new Station()
    it.media.clear()
    it.on()
    it.publish([
      news('due', at(5), 10, { late: { policy: 'play', withinSeconds: 100 } }),
      news('armed', at(22), 10),
    ])
    await it.pass(20)
    await it.powerCut()
    it.documents.clear()
    it.on()
    await it.pass(60)
    expect(it.outcomes).toEqual(['due: skipped CANCELLED'])
    expect(it.store.ledger.opened()).toEqual([])
  })
})

describe('a notice on the sign when the agent went', () => {
  test('is shown for the rest of its clock', async () => {
    const it = new Station()
    it.on()
    it.publish([notice('notice', at(5), 300)])
    await it.pass(100)
    await it.powerCut()
    await it.pass(50)
    it.on()
    await it.pass(200)
    const record = it.record('notice')
    expect(record).toMatchObject({ result: 'partial', reason: 'LATE', ended: at(305) })
    expect(Math.abs((record.shownSeconds ?? 0) - 250)).toBeLessThanOrEqual(6)
  })

  test('is interrupted when its clock ran out meanwhile, and says why', async () => {
    const it = new Station()
    it.on()
    it.publish([notice('notice', at(5), 60)])
    await it.pass(30)
    await it.stop()
    await it.pass(100)
    it.on()
    await it.pass(1)
    expect(it.outcomes).toEqual(['notice: interrupted STOPPED'])
  })
})

describe('a start in safe mode without the schedule', () => {
  test('takes nothing up, begins nothing and writes no record: the next start accounts for all of it', async () => {
    const it = await playing(join)
    await it.crash()
    it.plans = false
    it.on()
    it.publish([
      news('news', at(5), 300, { late: join }),
      news('missed', at(60), 5, { late: { policy: 'skip', withinSeconds: 10 } }),
      news('late', at(65), 5, { late: { policy: 'play', withinSeconds: 600 } }),
    ])
    await it.pass(60)
    expect(it.outcomes).toEqual([])
    expect(it.begun.length).toBe(1)
    await it.stop()
    it.plans = true
    it.on()
    await it.pass(300)
    expect(it.outcomes.toSorted()).toEqual(['late: completed', 'missed: missed LATE', 'news: partial LATE'])
  })
})
