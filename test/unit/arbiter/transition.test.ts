import { describe, expect, test } from 'vitest'
import type { Readiness } from '../../../agent/core/arbiter/programme.ts'
import { LEAD_MS, programme, ready, START, Stage, second } from './stage.ts'

describe('an item alone', () => {
  test('starts on its second and is completed', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(10))
    stage.to(20)
    expect(stage.records.get(news.key)).toEqual({
      outcome: { result: 'completed' },
      playedSeconds: 10,
      cuts: 0,
      startErrorMs: 0,
    })
    expect(stage.opened).toEqual([news.key])
  })

  test('whose media comes in its window starts late and is completed', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, { state: 'awaiting' })
    stage.to(20)
    stage.tell({ kind: 'readiness', key: news.key, readiness: ready(10) })
    stage.to(60)
    expect(stage.outcome(news)).toBe('completed')
  })

  test('whose media never comes fails when its window closes, not before', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, { state: 'awaiting' })
    stage.to(62)
    expect(stage.outcome(news)).toBe('none')
    stage.to(65)
    expect(stage.outcome(news)).toBe('failed NO_MEDIA')
  })

  test('plays without a missing file when the window closes', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    const clip = {
      id: '',
      segments: [{ kind: 'silence', frames: 48_000 }],
      amplifiers: [],
      gainDb: 0,
    } as const
    stage.arm(news, { state: 'awaiting', fallback: { clip, limited: false } })
    stage.to(80)
    expect(stage.outcome(news)).toBe('partial NO_MEDIA')
  })

  test('joins where it would be by now', () => {
    const stage = new Stage()
    const relay = programme('relay', second(0), { late: { policy: 'join', withinSeconds: 600 } })
    stage.to(100)
    stage.arm(relay, ready(300))
    stage.to(400)
    expect(stage.outcome(relay)).toBe('partial LATE')
    expect(stage.records.get(relay.key)?.playedSeconds).toBe(300 - 100 - LEAD_MS / 1000)
  })

  test('cut by maxSeconds is partial', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, { ...ready(10), limited: true } as Readiness)
    stage.to(20)
    expect(stage.outcome(news)).toBe('partial LIMIT')
  })

  test('goes on from its position when the playout process died', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(30))
    stage.to(13)
    stage.playout.crash()
    stage.to(15)
    stage.playout.restart()
    stage.to(60)
    expect(stage.records.get(news.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 30,
      cuts: 1,
    })
  })

  test('is interrupted when the playout process does not come back', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(30))
    stage.to(13)
    stage.playout.crash()
    stage.to(30)
    expect(stage.outcome(news)).toBe('interrupted CRASHED')
    expect(stage.records.get(news.key)?.playedSeconds).toBe(10)
  })
})

describe('contention', () => {
  test('a higher class cuts in at its second and the cut item resumes where it stopped', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    const notice = programme('notice', second(10), { class: 'priority' })
    stage.arm(news, ready(20))
    stage.to(7)
    stage.arm(notice, ready(5))
    stage.to(60)
    expect(stage.outcome(notice)).toBe('completed')
    expect(stage.records.get(notice.key)?.startErrorMs).toBe(0)
    expect(stage.records.get(news.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 20,
      cuts: 1,
    })
  })

  test('an item that is dropped when cut is preempted', () => {
    const stage = new Stage()
    const news = programme('news', second(3), { onPreempt: 'drop' })
    stage.arm(news, ready(20))
    stage.arm(programme('notice', second(10), { class: 'priority' }), ready(5))
    stage.to(60)
    expect(stage.outcome(news)).toBe('preempted PREEMPTED')
  })

  test('an item that restarts plays from its beginning again', () => {
    const stage = new Stage()
    const news = programme('news', second(3), { onPreempt: 'restart' })
    stage.arm(news, ready(20))
    stage.arm(programme('notice', second(10), { class: 'priority' }), ready(5))
    stage.to(60)
    expect(stage.records.get(news.key)).toMatchObject({ outcome: { result: 'completed' }, playedSeconds: 27 })
  })

  test('an equal waits for the end and starts within its window', () => {
    const stage = new Stage()
    const first = programme('first', second(3))
    const equal = programme('equal', second(10))
    stage.arm(first, ready(20))
    stage.arm(equal, ready(5))
    stage.to(60)
    expect(stage.outcome(equal)).toBe('completed')
    expect(stage.sounded.map(({ key }) => key)).toEqual([first.key, equal.key])
  })

  test('an equal whose window closes while it waits is missed', () => {
    const stage = new Stage()
    const equal = programme('equal', second(10))
    stage.arm(programme('first', second(3)), ready(200))
    stage.arm(equal, ready(5))
    stage.to(100)
    expect(stage.outcome(equal)).toBe('missed LATE')
  })

  test('of two due at once the lower order goes first', () => {
    const stage = new Stage()
    const late = programme('a', second(3), { order: 20 })
    const early = programme('b', second(3), { order: 10 })
    stage.arm(late, ready(5))
    stage.arm(early, ready(5))
    stage.to(30)
    expect(stage.sounded.map(({ key }) => key)).toEqual([early.key, late.key])
  })

  test('a preempted item that is not back within an hour is preempted', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(20))
    stage.arm(programme('drill', second(10), { class: 'emergency' }), ready(3700))
    stage.to(3650)
    expect(stage.outcome(news)).toBe('preempted PREEMPTED')
  })
})

describe('orders and policy', () => {
  test('quiet hours skip what is due in them and fade what still plays', () => {
    const stage = new Stage()
    const evening = programme('evening', second(3))
    const night = programme('night', second(30))
    stage.tell({ kind: 'quiet', spans: [{ from: second(20), to: second(1000) }] })
    stage.arm(evening, ready(60))
    stage.to(25)
    expect(stage.outcome(evening)).toBe('partial QUIET_HOURS')
    stage.arm(night, ready(5))
    stage.to(29)
    expect(stage.outcome(night)).toBe('none')
    stage.to(31)
    expect(stage.outcome(night)).toBe('skipped QUIET_HOURS')
  })

  test('a local action plays in quiet hours', () => {
    const stage = new Stage()
    stage.tell({ kind: 'quiet', spans: [{ from: START, to: second(1000) }] })
    const tone = { ...programme('tone', second(0)), obeysQuietHours: false }
    stage.arm(tone, ready(5))
    stage.to(20)
    expect(stage.outcome(tone)).toBe('completed')
  })

  test('mute ends what plays, what waits to go on and what comes due', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    const notice = programme('notice', second(10), { class: 'priority' })
    const next = programme('next', second(20))
    for (const [each, seconds] of [
      [news, 30],
      [notice, 30],
      [next, 5],
    ] as const)
      stage.arm(each, ready(seconds))
    stage.to(12)
    stage.tell({ kind: 'mute', on: true })
    stage.to(25)
    expect([news, notice, next].map((each) => stage.outcome(each))).toEqual([
      'partial MUTED',
      'partial MUTED',
      'skipped MUTED',
    ])
  })

  test('withdrawn while it plays it is partial, while it waits skipped, before its second it never was', () => {
    const stage = new Stage()
    const playing = programme('playing', second(3))
    const waiting = programme('waiting', second(5))
    const coming = programme('coming', second(12))
    for (const each of [playing, waiting, coming]) stage.arm(each, ready(30))
    stage.to(10)
    stage.tell({ kind: 'withdraw', keys: [playing.key, waiting.key, coming.key] })
    stage.to(30)
    expect(stage.outcome(playing)).toBe('partial CANCELLED')
    expect(stage.outcome(waiting)).toBe('skipped CANCELLED')
    expect(stage.outcome(coming)).toBe('none')
  })

  test('stop ends what plays', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, ready(30))
    stage.to(10)
    stage.tell({ kind: 'stop', keys: 'all' })
    stage.to(12)
    expect(stage.outcome(news)).toBe('partial STOPPED')
  })

  test('stop ends what waits, and leaves what is only armed', () => {
    const stage = new Stage()
    const [playing, waiting, coming] = [3, 5, 12].map((at) => programme(`at ${at}`, second(at)))
    for (const each of [playing, waiting, coming]) if (each) stage.arm(each, ready(20))
    stage.to(10)
    stage.tell({ kind: 'stop', keys: 'all' })
    stage.to(40)
    expect([playing, waiting, coming].map((each) => each && stage.outcome(each))).toEqual([
      'partial STOPPED',
      'skipped CANCELLED',
      'completed',
    ])
  })

  test('an excluded item gets its record at its second', () => {
    const stage = new Stage()
    const foreign = programme('foreign', second(3))
    stage.arm(foreign, { state: 'excluded', result: 'skipped', reason: 'POLICY' })
    stage.to(2)
    expect(stage.outcome(foreign)).toBe('none')
    stage.to(4)
    expect(stage.outcome(foreign)).toBe('skipped POLICY')
  })
})
