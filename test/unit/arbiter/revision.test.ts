import { describe, expect, test } from 'vitest'
import { programme, ready, Stage, second } from './stage.ts'

describe('when the ground moves', () => {
  test('what is armed and was revised plays as the new revision says, under one row', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(10))
    stage.to(1)
    const revised = { ...news, item: { ...news.item, rev: 2 } }
    stage.tell({ kind: 'revise', programme: revised, readiness: ready(4) })
    stage.to(20)
    expect(stage.records.get(news.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 4,
      startErrorMs: 0,
    })
    expect(stage.opened).toEqual([news.key])
  })

  test('what has begun plays on as it began, revised or not', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(10))
    stage.to(5)
    stage.tell({ kind: 'revise', programme: news, readiness: ready(4) })
    stage.to(20)
    expect(stage.records.get(news.key)?.playedSeconds).toBe(10)
  })

  test('an item cut by a higher class goes on as it was laid out, whatever media arrive meanwhile', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(20))
    stage.arm(programme('notice', second(10), { class: 'priority' }), ready(5))
    stage.to(12)
    stage.tell({ kind: 'readiness', key: news.key, readiness: ready(60) })
    stage.to(60)
    expect(stage.records.get(news.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 20,
    })
  })

  test('whatever waits at its planned second has a ledger row', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, { state: 'awaiting' })
    stage.to(2)
    expect(stage.opened).toEqual([])
    stage.to(4)
    expect(stage.opened).toEqual([news.key])
  })

  test('an item that no playout process could take in its window has failed', () => {
    const stage = new Stage()
    stage.playout.crash()
    const news = programme('news', second(3))
    stage.arm(news, ready(10))
    stage.to(90)
    expect(stage.outcome(news)).toBe('failed AUDIO_DEVICE')
  })

  test('a joiner that follows within a second has lost nothing', () => {
    const stage = new Stage()
    const first = programme('first', second(3))
    const relay = programme('relay', second(10), { late: { policy: 'join', withinSeconds: 60 } })
    stage.arm(first, ready(7.5))
    stage.arm(relay, ready(10))
    stage.to(60)
    expect(stage.outcome(relay)).toBe('completed')
    expect(stage.records.get(relay.key)?.playedSeconds).toBe(9.5)
  })

  test('what playout refuses before it starts has failed with its code', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(10))
    const [order] = stage.playout.orders
    stage.tell({
      kind: 'ended',
      order: order?.clip.id ?? '',
      end: 'failed',
      code: 'AMPLIFIER',
      ended: stage.now,
      frame: 0,
      frames: 0,
      underruns: 0,
    })
    expect(stage.outcome(news)).toBe('failed AMPLIFIER')
  })
})
