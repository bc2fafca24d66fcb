import { describe, expect, test, vi } from 'vitest'
import { at, MORNING, news, Station } from './station.ts'

const station = (): Station => {
  const made = new Station()
  made.on()
  return made
}

describe('a planned second becomes exactly one record', () => {
  test('played on its second, with what was heard', async () => {
    const it = station()
    it.publish([news('news', at(30), 12, { volume: 50 })])
    await it.pass(60)
    expect(it.record('news')).toMatchObject({
      document: '75/26068/schedule',
      rev: 1,
      class: 'normal',
      tier: 'commune',
      planned: at(30),
      started: at(30),
      ended: at(42),
      playedSeconds: 12,
      startErrorMs: 0,
      clock: 'synced',
      result: 'completed',
      volume: 50,
      frames: 576_000,
    })
  })

  test('withdrawn before its second it leaves none', async () => {
    const it = station()
    it.publish([news('early', at(60)), news('armed', at(12))])
    await it.pass(10)
    it.publish([])
    await it.pass(120)
    expect(it.records).toEqual([])
    expect(it.store.ledger.opened()).toEqual([])
  })

  test('withdrawn while it plays it is partial, while it waits skipped', async () => {
    const it = station()
    it.publish([
      news('playing', at(5), 60),
      news('waiting', at(10), 60, { late: { policy: 'skip', withinSeconds: 300 } }),
    ])
    await it.pass(20)
    it.publish([])
    await it.pass(5)
    expect(it.outcomes.toSorted()).toEqual(['playing: partial CANCELLED', 'waiting: skipped CANCELLED'])
  })

  test('whose window had closed when its document was first accepted it leaves none', async () => {
    const it = station()
    await it.pass(100)
    it.publish([news('over', at(30)), news('open', at(50), 5)])
    await it.pass(100)
    expect(it.outcomes).toEqual(['open: completed'])
    expect(Date.parse(it.record('open').started ?? '')).toBeGreaterThanOrEqual(MORNING + 100_000)
  })

  test('and not after a restart either', async () => {
    const it = station()
    await it.pass(100)
    it.publish([news('over', at(30))])
    await it.pass(1)
    await it.powerCut()
    it.on()
    await it.pass(10)
    expect(it.records).toEqual([])
  })

  test('a new revision that still has the second lets it play on as started', async () => {
    const it = station()
    it.publish([news('news', at(5), 30)])
    await it.pass(15)
    it.publish([news('news', at(5), 30, { title: 'another' }), news('more', at(60), 5)])
    await it.pass(100)
    expect(it.outcomes).toEqual(['news: completed', 'more: completed'])
    expect(it.record('news')).toMatchObject({ rev: 1, playedSeconds: 30 })
    expect(it.begun.length).toBe(2)
  })

  test('a new revision that repeats what was recorded repeats nothing', async () => {
    const it = station()
    it.publish([news('news', at(5), 5)])
    await it.pass(20)
    it.publish([news('news', at(5), 5)])
    await it.pass(60)
    expect(it.outcomes).toEqual(['news: completed'])
  })

  test('what waits for a file plays what a new revision has in its place', async () => {
    const it = station()
    const missing = {
      audio: { sha256: 'cd'.repeat(32), bytes: 1, format: 'mp3', seconds: 9, urls: [] },
    } as const
    const late = { policy: 'play', withinSeconds: 300 } as const
    it.publish([news('news', at(5), 9, { parts: [missing], late })])
    await it.pass(30)
    expect(it.records).toEqual([])
    it.publish([news('news', at(5), 7, { late })])
    await it.pass(30)
    expect(it.record('news')).toMatchObject({ rev: 2, result: 'completed', playedSeconds: 7 })
  })

  test('a later start over the same store plays nothing twice', async () => {
    const it = station()
    it.publish([news('news', at(5), 5, { late: { policy: 'play', withinSeconds: 600 } })])
    await it.pass(20)
    await it.powerCut()
    await it.pass(20)
    it.on()
    await it.pass(60)
    expect(it.outcomes).toEqual(['news: completed'])
    expect(it.begun.length).toBe(1)
  })
})

describe('time without power', () => {
  test('is recorded as missed', async () => {
    const it = station()
    it.publish([
      news('news', at(100)),
      news('open', at(200), 5, { late: { policy: 'play', withinSeconds: 600 } }),
    ])
    await it.pass(10)
    await it.powerCut()
    await it.pass(400)
    it.on()
    await it.pass(30)
    expect(it.outcomes).toEqual(['news: missed LATE', 'open: completed'])
  })

  test('for at most seven days', async () => {
    const it = station()
    it.publish([{ ...news('daily', at(0)), when: { times: ['06:30:00'] } }])
    await it.pass(10)
    await it.powerCut()
    await it.pass(20 * 86_400)
    const closeAll = vi.spyOn(it.store.ledger, 'closeAll')
    it.on()
    await it.pass(10)
    expect(it.outcomes).toEqual(Array.from({ length: 7 }, () => 'daily: missed LATE'))
    // One sync of the disk for all of them: the start waits for it.
    expect(closeAll).toHaveBeenCalledOnce()
  })

  test('after exp what was planned is recorded as missed for seven days, and what plays at exp plays on', async () => {
    const it = station()
    it.publish([{ ...news('daily', at(0), 60), when: { times: ['06:30:00'] } }], {
      exp: '2026-11-22T06:30:20+07:00',
    })
    await it.pass(31 * 60 + 30)
    expect(it.outcomes).toEqual(['daily: completed'])
    for (let day = 0; day < 12; day += 1) await it.pass(86_400, 60_000)
    expect(it.outcomes.slice(1)).toEqual(Array.from({ length: 7 }, () => 'daily: missed EXPIRED_SCHEDULE'))
  })
})
