import { describe, expect, test, vi } from 'vitest'
import type { LatePolicy } from '../../../agent/core/documents.ts'
import { at, MORNING, news, notice, SHA, Station } from './station.ts'

const station = (): Station => {
  const made = new Station()
  made.on()
  return made
}
const within = (policy: LatePolicy['policy'], withinSeconds: number) => ({ late: { policy, withinSeconds } })
const CHIME = { sound: 'chime' } as const

describe('late', () => {
  test.each(['skip', 'play'] as const)(
    '%s starts from the beginning anywhere in the window',
    async (policy) => {
      const it = station()
      await it.pass(100)
      it.publish([news('news', at(50), 10, within(policy, 60))])
      await it.pass(30)
      expect(it.record('news')).toMatchObject({ result: 'completed', playedSeconds: 10 })
      expect(Math.abs(it.record('news').startErrorMs ?? 99)).toBeLessThan(1)
    },
  )

  test('join starts where it would be by now', async () => {
    const it = station()
    await it.pass(100)
    it.publish([news('news', at(50), 300, within('join', 60))])
    await it.pass(300)
    expect(it.record('news')).toMatchObject({ result: 'partial', reason: 'LATE', ended: at(350) })
  })

  test('join is missed when it would be over by now', async () => {
    const it = station()
    it.publish([news('first', at(0), 100), news('news', at(10), 20, within('join', 600))])
    await it.pass(29)
    expect(it.outcomes).toEqual([])
    await it.pass(2)
    expect(it.outcomes).toEqual(['news: missed LATE'])
  })

  test('join starts if what it waits for ends in time after all', async () => {
    const it = station()
    const relay = news('relay', at(10), 20, within('join', 600))
    it.publish([news('first', at(0), 100), relay])
    await it.pass(15)
    it.publish([relay])
    await it.pass(30)
    expect(it.outcomes).toEqual(['first: partial CANCELLED', 'relay: partial LATE'])
  })

  test('what waits behind an equal beyond its window is missed', async () => {
    const it = station()
    it.publish([news('first', at(5), 200), news('second', at(20), 10, within('play', 60))])
    await it.pass(300)
    expect(it.outcomes).toEqual(['second: missed LATE', 'first: completed'])
  })
})

describe('media', () => {
  const missing = 'cd'.repeat(32)
  const part = { audio: { sha256: missing, bytes: 1, format: 'mp3', seconds: 20, urls: [] } } as const
  const late = within('play', 100)

  test('that come in the window are played', async () => {
    const it = station()
    it.publish([news('news', at(10), 20, { parts: [CHIME, part], ...late })])
    await it.pass(50)
    it.media.set(missing, { state: 'ready', measured: { seconds: 20, integratedLufs: -16, truePeakDb: -1 } })
    it.agent.dispatcher.reconsider()
    await it.pass(60)
    expect(it.outcomes).toEqual(['news: completed'])
  })

  test('that do not come leave no chime behind: the item has failed when the window closes', async () => {
    const it = station()
    it.publish([news('news', at(10), 20, { parts: [CHIME, part], ...late })])
    await it.pass(109)
    expect(it.outcomes).toEqual([])
    await it.pass(2)
    expect(it.outcomes).toEqual(['news: failed NO_MEDIA'])
    expect(it.begun).toEqual([])
  })

  test('of which some came are played without the rest when the window closes', async () => {
    const it = station()
    const there = { audio: { ...part.audio, sha256: SHA } }
    it.publish([news('news', at(10), 20, { parts: [there, part], ...late })])
    await it.pass(140)
    expect(it.record('news')).toMatchObject({ result: 'partial', reason: 'NO_MEDIA', playedSeconds: 20 })
  })

  test('found bad make the item fail at its planned second', async () => {
    const it = station()
    it.media.set(missing, { state: 'bad', code: 'BAD_MEDIA', message: 'not what it says' })
    it.publish([news('news', at(10), 20, { parts: [CHIME, part], ...late })])
    await it.pass(9)
    expect(it.outcomes).toEqual([])
    await it.pass(2)
    expect(it.outcomes).toEqual(['news: failed BAD_MEDIA'])
  })

  test('found bad while the item waits for them make it fail then', async () => {
    const it = station()
    it.publish([news('news', at(10), 20, { parts: [part], ...late })])
    await it.pass(30)
    it.media.set(missing, { state: 'bad', code: 'BAD_MEDIA', message: 'not what it says' })
    it.agent.dispatcher.reconsider()
    await it.pass(1)
    expect(it.outcomes).toEqual(['news: failed BAD_MEDIA'])
  })
})

describe('policy', () => {
  test('quiet hours skip what is due in them, and fade what still plays', async () => {
    const it = station()
    it.policy = { ...it.policy, quietHours: [{ from: '06:01', to: '06:10' }] }
    it.agent.dispatcher.replace(it.items())
    it.publish([news('early', at(30), 60), news('quiet', at(90), 5), news('after', at(600), 5)])
    await it.pass(620)
    expect(it.outcomes).toEqual([
      'early: partial QUIET_HOURS',
      'quiet: skipped QUIET_HOURS',
      'after: completed',
    ])
    expect(it.records[1]?.planned).toBe(at(90))
  })

  test('quiet hours begin on their second, not at the next look', async () => {
    const it = station()
    it.policy = { ...it.policy, quietHours: [{ from: '06:01', to: '06:10' }] }
    it.agent.dispatcher.replace(it.items())
    it.publish([news('early', at(30), 60)])
    await it.pass(58.3)
    const { playout, dispatcher } = it.agent
    const cut = vi.spyOn(playout, 'cut')
    const stop = new AbortController()
    const running = dispatcher.run(stop.signal)
    await it.clock.advance(1690)
    expect(cut).not.toHaveBeenCalled()
    await it.clock.advance(20)
    expect(cut).toHaveBeenCalledTimes(1)
    stop.abort()
    await running
  })

  test('the record has the volume that was heard, under cap and master', async () => {
    const it = station()
    it.master = 50
    it.policy = { ...it.policy, volume: [{ from: '06:10', to: '06:20', max: 20 }] }
    it.publish([news('free', at(10), 5, { volume: 80 }), news('capped', at(700), 5, { volume: 80 })])
    await it.pass(720)
    expect([it.record('free').volume, it.record('capped').volume]).toEqual([40, 20])
  })

  test('a province that is to be ignored is skipped at the second, a commune and higher classes are not', async () => {
    const it = station()
    it.policy = { ...it.policy, normalFromProvince: 'ignore' }
    it.publish([news('province', at(10)), news('urgent', at(20), 5, { class: 'priority' })], { area: '75' })
    it.publish([news('commune', at(40), 5)])
    await it.pass(9)
    expect(it.outcomes).toEqual([])
    await it.pass(60)
    expect(it.outcomes).toEqual(['province: skipped POLICY', 'urgent: completed', 'commune: completed'])
    expect(it.record('province')).toMatchObject({ document: '75/schedule', tier: 'province' })
  })

  test('names of outputs that this board lacks leave an item without any: skipped', async () => {
    const it = station()
    it.publish([
      news('speaker', at(10), 5, { amplifiers: ['attic'] }),
      notice('page', at(10), 5, { sign: { signs: ['attic'], pages: [{ text: 'x', seconds: 5 }] } }),
    ])
    await it.pass(20)
    expect(it.outcomes.toSorted()).toEqual(['page: skipped POLICY', 'speaker: skipped POLICY'])
  })
})

describe('a sign-only item', () => {
  test('is completed at the end of its clock, silent and without volume', async () => {
    const it = station()
    it.publish([notice('notice', at(10), 30)])
    await it.pass(20)
    expect(it.board.text).toBe('notice')
    await it.pass(40)
    expect(it.board.text).toBe('')
    const record = it.record('notice')
    expect(record).toMatchObject({ result: 'completed', volume: 0, frames: 0, underruns: 0, ended: at(40) })
    expect(record.shownSeconds).toBeCloseTo(30, 0)
    expect(record).not.toHaveProperty('playedSeconds')
  })

  test('joined late is partial', async () => {
    const it = station()
    await it.pass(100)
    it.publish([notice('notice', at(10), 300)])
    await it.pass(300)
    expect(it.record('notice')).toMatchObject({ result: 'partial', reason: 'LATE', ended: at(310) })
  })

  test('ignores quiet hours and mute', async () => {
    const it = station()
    it.policy = { ...it.policy, quietHours: [{ from: '00:00', to: '00:00' }] }
    it.agent.play.apply({ kind: 'mute', at: MORNING, on: true })
    it.publish([notice('notice', at(10), 30), news('news', at(10), 30)])
    await it.pass(60)
    expect(it.outcomes.toSorted()).toEqual(['news: skipped MUTED', 'notice: completed'])
  })

  test('that never got the sign is preempted', async () => {
    const it = station()
    it.publish([
      news('news', at(5), 60, { sign: { pages: [{ text: 'spoken', seconds: 10 }] } }),
      notice('notice', at(10), 30),
    ])
    await it.pass(20)
    expect(it.board.text).toBe('spoken')
    await it.pass(60)
    expect(it.outcomes).toEqual(['notice: preempted PREEMPTED', 'news: completed'])
    expect(it.board.pages).not.toContain('notice')
  })

  test('whose sign does not work has failed', async () => {
    const it = station()
    it.board.health = { ok: false, message: 'gone' }
    it.publish([notice('notice', at(10), 30)])
    await it.pass(60)
    expect(it.outcomes).toEqual(['notice: failed SIGN'])
  })

  test('withdrawn while it is shown is partial', async () => {
    const it = station()
    it.publish([notice('notice', at(10), 30)])
    await it.pass(20)
    it.publish([])
    await it.pass(1)
    expect(it.outcomes).toEqual(['notice: partial CANCELLED'])
    expect(it.board.text).toBe('')
  })

  test('an item with sound and pages goes with its sound: its pages leave when it ends', async () => {
    const it = station()
    it.policy = { ...it.policy, quietHours: [{ from: '06:01', to: '06:10' }] }
    it.publish([
      news('before', at(10), 10, { sign: { pages: [{ text: 'before', seconds: 100 }] } }),
      news('quiet', at(90), 10, { sign: { pages: [{ text: 'quiet', seconds: 100 }] } }),
    ])
    await it.pass(15)
    expect(it.board.text).toBe('before')
    await it.pass(100)
    expect(it.board.text).toBe('')
    expect(it.board.pages).not.toContain('quiet')
  })
})
