import { describe, expect, test } from 'vitest'
import {
  type AlertBook,
  ageBook,
  duesAt,
  holdsOutput,
  inForce,
  noteBegun,
  noteEnded,
  takeDue,
  updateBook,
} from '../../../agent/core/alert/book.ts'
import type { Alert, AlertDocument } from '../../../agent/core/documents.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'

const NOON = epochMs(Date.parse('2026-11-22T12:00:00+07:00'))
const at = (seconds: number): EpochMs => epochMs(NOON + seconds * 1000)
const device = { id: 'd-1', groups: ['cho-moi'], languages: ['vi'] } as const
const KEY = '75/alert/flood'

const alert = (changes: Partial<Alert> = {}): Alert => ({
  id: 'flood',
  event: 'flood',
  severity: 'severe',
  headline: { vi: 'LŨ' },
  until: '2026-11-22T13:00:00+07:00',
  repeatEverySeconds: 300,
  ...changes,
})

const document = (alerts: readonly Alert[], rev = 1, area = '75'): AlertDocument => ({
  kind: 'alert',
  v: 1,
  area,
  rev,
  iat: '2026-11-22T11:59:00+07:00',
  alerts,
})

const open = (alerts: readonly Alert[], now = NOON, before: AlertBook = new Map()): AlertBook =>
  updateBook(before, [document(alerts)], device, now).book

const sounded = (book: AlertBook, from: number, to: number, key = KEY): AlertBook =>
  noteEnded(noteBegun(takeDue(book, key), key), key, {
    planned: at(from),
    startedAt: at(from),
    endedAt: at(to),
    interrupted: false,
    muted: false,
  })

const dues = (book: AlertBook, seconds: number, muted = false, aheadMs = 0): readonly string[] =>
  duesAt(book, at(seconds), muted, aheadMs).map(({ key }) => key)

test('a repetition is handed over ahead of its instant, unless the alert is over by then', () => {
  const heard = sounded(open([alert({ repeatEverySeconds: 60 })]), 0, 20)
  expect(dues(heard, 54, false, 5000)).toEqual([])
  expect(dues(heard, 55, false, 5000)).toEqual([KEY])
  const brief = open([alert({ repeatEverySeconds: 60, until: new Date(at(60)).toISOString() })])
  expect(dues(sounded(brief, 0, 20), 58, false, 5000)).toEqual([])
})

describe('what comes into force', () => {
  test('a new alert is due at once and is new until it was heard', () => {
    const book = open([alert()])
    expect(dues(book, 0)).toEqual([KEY])
    expect(book.get(KEY)?.fresh).toBe(true)
    expect(noteBegun(book, KEY).get(KEY)?.fresh).toBe(false)
  })

  test('an alert for others does not concern this device', () => {
    expect(open([alert({ targets: { devices: ['d-2'] } })]).size).toBe(0)
    expect(open([alert({ targets: { groups: ['cho-moi'] } })]).size).toBe(1)
  })

  test('the same id in two documents is two alerts', () => {
    const documents = [document([alert()]), document([alert()], 1, '75/26068')]
    expect(updateBook(new Map(), documents, device, NOON).book.size).toBe(2)
  })

  test('a new headline or end changes it without a sound, a new severity sounds anew', () => {
    const heard = sounded(open([alert()]), 0, 60)
    const later = updateBook(
      heard,
      [document([alert({ until: '2026-11-22T15:00:00+07:00' })], 2)],
      device,
      at(100),
    )
    expect(later.withdrawn).toEqual([])
    expect(dues(later.book, 100)).toEqual([])
    expect(later.book.get(KEY)?.until).toBe(Date.parse('2026-11-22T15:00:00+07:00'))
    const graver = updateBook(heard, [document([alert({ severity: 'extreme' })], 2)], device, at(100))
    expect(graver.withdrawn).toEqual([KEY])
    expect(dues(graver.book, 100)).toEqual([KEY])
  })

  test('one missing from a higher revision is withdrawn', () => {
    expect(updateBook(open([alert()]), [document([], 2)], device, at(1))).toEqual({
      book: new Map(),
      withdrawn: [KEY],
    })
  })
})

describe('when it sounds again', () => {
  test('a period after its start', () => {
    const book = sounded(open([alert()]), 0, 60)
    expect(dues(book, 299)).toEqual([])
    expect(dues(book, 300)).toEqual([KEY])
  })

  test('at the end of a sounding that took longer than the period', () => {
    const book = sounded(open([alert()]), 0, 400)
    expect(dues(book, 399)).toEqual([])
    expect(dues(book, 400)).toEqual([KEY])
  })

  test('a period after the due time of a sounding that never began', () => {
    const missed = { planned: at(0), endedAt: at(300), interrupted: false, muted: false }
    expect(noteEnded(takeDue(open([alert()]), KEY), KEY, missed).get(KEY)?.dueAt).toBe(at(300))
  })

  test('never without repeats, once it was heard', () => {
    const { repeatEverySeconds: _none, ...once } = alert()
    expect(dues(sounded(open([once]), 0, 60), 3000)).toEqual([])
  })

  test('at once when it was interrupted', () => {
    const { repeatEverySeconds: _none, ...once } = alert()
    const ended = { planned: at(0), startedAt: at(0), endedAt: at(10), interrupted: true, muted: false }
    expect(dues(noteEnded(takeDue(open([once]), KEY), KEY, ended), 10)).toEqual([KEY])
  })

  test('on unmute when mute kept the only sounding away, while repeats are handed over to be skipped', () => {
    const { repeatEverySeconds: _none, ...once } = alert()
    const silent = { planned: at(0), endedAt: at(5), interrupted: false, muted: true }
    expect(dues(open([once]), 5, true)).toEqual([KEY])
    const book = noteEnded(takeDue(open([once]), KEY), KEY, silent)
    expect(dues(book, 60, true)).toEqual([])
    expect(dues(book, 60, false)).toEqual([KEY])
    expect(dues(open([alert()]), 5, true)).toEqual([KEY])
  })
})

describe('until it is over', () => {
  test('with repeats it holds the output from its first sounding to its end', () => {
    const book = open([alert()])
    expect(holdsOutput(book)).toBe(false)
    const heard = sounded(book, 0, 60)
    expect(holdsOutput(heard)).toBe(true)
    expect(holdsOutput(ageBook(heard, at(3600), false, 0).book)).toBe(false)
  })

  test('without repeats it holds nothing', () => {
    const { repeatEverySeconds: _none, ...once } = alert()
    expect(holdsOutput(sounded(open([once]), 0, 60))).toBe(false)
  })

  test('its end is told once, and a document that still names it does not bring it back', () => {
    const first = ageBook(open([alert()]), at(3600), false, 0)
    expect(first.ended).toEqual([KEY])
    const second = ageBook(first.book, at(3601), false, 0)
    expect(second.ended).toEqual([])
    const again = updateBook(second.book, [document([alert()], 2)], device, at(3602)).book
    expect(dues(ageBook(again, at(3602), false, 0).book, 3602)).toEqual([])
    expect(inForce(ageBook(again, at(3602), false, 0).book)).toEqual([])
  })

  test('with the clock unset it runs for its length of time, whatever the wall clock says', () => {
    const length = Date.parse('2026-11-22T13:00:00+07:00') - Date.parse('2026-11-22T11:59:00+07:00')
    const old = epochMs(0)
    const young = ageBook(open([alert()], old), old, true, length - 1)
    expect(young.ended).toEqual([])
    expect(ageBook(young.book, old, true, 1).ended).toEqual([KEY])
  })

  test('with the clock unset never for more than a day', () => {
    const book = open([alert({ until: '2027-11-22T13:00:00+07:00' })], epochMs(0))
    expect(ageBook(book, epochMs(0), true, 86_399_999).ended).toEqual([])
    expect(ageBook(book, epochMs(0), true, 86_400_000).ended).toEqual([KEY])
  })
})
