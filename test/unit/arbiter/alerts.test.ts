import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertRank, Programme } from '../../../agent/core/arbiter/programme.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import { programme, ready, Stage, second } from './stage.ts'

const alert = (id: string, due: EpochMs, rank: Partial<AlertRank> = {}): Programme => ({
  ...programme(id, due, { class: 'emergency', onPreempt: 'drop', document: '75/alert' }),
  obeysQuietHours: false,
  alert: { severity: 'severe', fresh: true, silentSince: due, test: false, ...rank },
})

describe('an alert', () => {
  test('cuts in at once over anything, and what was cut goes on where it stopped', () => {
    const stage = new Stage()
    const drill = programme('drill', second(3), { class: 'emergency' })
    stage.arm(drill, ready(30))
    stage.to(10)
    const flood = alert('flood', stage.now)
    stage.arm(flood, ready(8))
    expect(stage.playout.orders.at(-1)).toMatchObject({ takeover: true, at: second(10) })
    stage.to(60)
    expect(stage.records.get(flood.key)).toMatchObject({ outcome: { result: 'completed' }, startErrorMs: 0 })
    expect(stage.records.get(drill.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 30,
      cuts: 1,
    })
  })

  test('in force keeps everything else silent until it is over', () => {
    const stage = new Stage()
    const flood = alert('flood', stage.now)
    const news = programme('news', second(20))
    stage.arm(flood, ready(8))
    stage.tell({ kind: 'hold', on: true })
    stage.arm(news, ready(5))
    stage.to(70)
    expect(stage.sounded.map(({ key }) => key)).toEqual([flood.key])
    stage.tell({ kind: 'hold', on: false })
    stage.to(90)
    expect(stage.outcome(news)).toBe('completed')
  })

  test('sounds in quiet hours, and not in mute', () => {
    const stage = new Stage()
    stage.tell({ kind: 'quiet', spans: [{ from: second(0), to: second(1000) }] })
    const flood = alert('flood', stage.now)
    stage.arm(flood, ready(8))
    stage.to(20)
    expect(stage.outcome(flood)).toBe('completed')
    stage.tell({ kind: 'mute', on: true })
    const again = alert('again', stage.now)
    stage.arm(again, ready(8))
    stage.to(25)
    expect(stage.outcome(again)).toBe('skipped MUTED')
  })

  test('is not touched by stop', () => {
    const stage = new Stage()
    const flood = alert('flood', stage.now)
    stage.arm(flood, ready(8))
    stage.to(2)
    stage.tell({ kind: 'stop', keys: 'all' })
    stage.to(20)
    expect(stage.outcome(flood)).toBe('completed')
  })

  test('removed while it sounds is partial', () => {
    const stage = new Stage()
    const flood = alert('flood', stage.now)
    stage.arm(flood, ready(8))
    stage.to(2)
    stage.tell({ kind: 'withdraw', keys: [flood.key] })
    stage.to(5)
    expect(stage.outcome(flood)).toBe('partial CANCELLED')
  })
})

describe('an alert whose words come while its siren sounds', () => {
  const siren = { kind: 'silence', frames: 10 * 48_000 } as const
  const words = { kind: 'silence', frames: 5 * 48_000 } as const
  const clip = (...segments: readonly (typeof siren | typeof words)[]) =>
    ({ id: '', segments, amplifiers: [], gainDb: 0 }) as const
  const sirenAlone = { state: 'ready', clip: clip(siren), limited: false, fault: 'NO_MEDIA' } as const
  const whole = { state: 'ready', clip: clip(siren, words), limited: false } as const

  test('goes on with them, and has one record', () => {
    const stage = new Stage()
    const flood = alert('flood', stage.now)
    stage.arm(flood, sirenAlone)
    stage.to(4)
    stage.tell({ kind: 'readiness', key: flood.key, readiness: whole })
    stage.to(30)
    expect(stage.records.get(flood.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 15,
      cuts: 0,
    })
  })

  test('is partial when they never come', () => {
    const stage = new Stage()
    const flood = alert('flood', stage.now)
    stage.arm(flood, sirenAlone)
    stage.to(30)
    expect(stage.outcome(flood)).toBe('partial NO_MEDIA')
  })

  test('leaves a programme as it was laid out', () => {
    const stage = new Stage()
    const news = programme('news', second(3))
    stage.arm(news, sirenAlone)
    stage.to(8)
    stage.tell({ kind: 'readiness', key: news.key, readiness: whole })
    stage.to(30)
    expect(stage.outcome(news)).toBe('partial NO_MEDIA')
  })
})

describe('several alerts', () => {
  test('a new one of higher severity cuts, one of equal severity goes next', () => {
    const stage = new Stage()
    const storm = alert('storm', stage.now, { severity: 'moderate' })
    stage.arm(storm, ready(30))
    stage.to(5)
    const flood = alert('flood', stage.now, { severity: 'extreme' })
    const fire = alert('fire', stage.now, { severity: 'extreme' })
    stage.arm(flood, ready(10))
    stage.to(7)
    stage.arm(fire, ready(10))
    stage.to(60)
    expect(stage.outcome(storm)).toBe('preempted PREEMPTED')
    expect(stage.sounded.map(({ key }) => key)).toEqual([storm.key, flood.key, fire.key])
  })

  test('a repetition cuts nothing, however grave, and the one silent longest goes first', () => {
    const stage = new Stage()
    const sounding = alert('a', stage.now, { severity: 'minor' })
    stage.arm(sounding, ready(20))
    stage.to(2)
    const lately = alert('b', stage.now, { severity: 'extreme', fresh: false, silentSince: second(1) })
    const longAgo = alert('c', stage.now, { severity: 'minor', fresh: false, silentSince: second(0) })
    stage.arm(lately, ready(5))
    stage.arm(longAgo, ready(5))
    stage.to(60)
    expect(stage.sounded.map(({ key }) => key)).toEqual([sounding.key, longAgo.key, lately.key])
  })

  test('a new one goes before all repetitions', () => {
    const stage = new Stage()
    stage.arm(alert('a', stage.now, { severity: 'minor' }), ready(20))
    stage.to(2)
    const repetition = alert('b', stage.now, { severity: 'extreme', fresh: false, silentSince: second(-100) })
    const fresh = alert('c', stage.now, { severity: 'minor' })
    stage.arm(repetition, ready(5))
    stage.arm(fresh, ready(5))
    stage.to(60)
    expect(stage.sounded.map(({ key }) => key).slice(1)).toEqual([fresh.key, repetition.key])
  })
})

test('an alert in force excludes everything else, whatever is planned', () => {
  const classes = fc.constantFrom('normal', 'priority', 'emergency')
  const specs = fc.array(
    fc.record({ at: fc.nat(60), seconds: fc.integer({ min: 1, max: 20 }), class: classes }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  fc.assert(
    fc.property(specs, fc.nat(40), (items, comes) => {
      const stage = new Stage()
      items.forEach((each, index) => {
        stage.arm(
          programme(`i${index}`, second(each.at), { class: each.class as 'normal' }),
          ready(each.seconds),
        )
      })
      stage.to(comes)
      const flood = alert('flood', stage.now)
      stage.arm(flood, ready(5))
      stage.tell({ kind: 'hold', on: true })
      const heard = stage.sounded.length
      stage.to(comes + 100)
      expect(stage.sounded.slice(heard).filter(({ key }) => key !== flood.key)).toEqual([])
    }),
    { numRuns: 60 },
  )
})
