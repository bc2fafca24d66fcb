import { expect, test } from 'vitest'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { Guide } from '../../../agent/services/guide.ts'
import { idOf } from '../../../agent/services/library-types.ts'
import { at, news, notice, SHA, Station } from './station.ts'

const MISSING = 'cd'.repeat(32)
const PICTURE = 'ef'.repeat(32)
const part = (sha256: string) =>
  ({ audio: { sha256, bytes: 1, format: 'mp3', seconds: 10, urls: [] } }) as const

const guideOf = (station: Station): Guide =>
  new Guide({
    clock: station.clock,
    zone: createZone('Asia/Ho_Chi_Minh'),
    dispatcher: station.agent.dispatcher,
    soundFrames: () => 48_000,
    readinessOf: (item) => station.readinessOf(item),
    quietHours: () => station.policy.quietHours,
    utter: (speech, language) => ({ key: `${language}: ${speech.text}`, text: speech.text, voice: 'vi' }),
    alerts: () => [],
    held: () => station.agent.play.held.map(({ item }) => item),
    muted: () => station.agent.play.muted,
  })

test('the next items are named soonest first, with what keeps them from being armed', async () => {
  const station = new Station()
  station.on()
  const guide = guideOf(station)
  station.publish([
    news('later', at(300), 10, { parts: [part(MISSING)] }),
    news('soon', at(60), 10, { title: 'Morning' }),
    news('foreign', at(400), 10, { amplifiers: ['attic'] }),
  ])
  expect(guide.next(10)).toEqual([
    { item: 'soon', title: 'Morning', at: at(60), armed: true },
    { item: 'later', at: at(300), armed: false, reason: 'NO_MEDIA' },
    { item: 'foreign', at: at(400), armed: false, reason: 'POLICY' },
  ])
  await station.pass(70)
  expect(guide.next(1)[0]?.item).toBe('later')
  await station.crash()
})

test('the plan says what quiet hours and mute will refuse, and what contends with what', async () => {
  const station = new Station()
  station.on()
  const guide = guideOf(station)
  station.policy = { ...station.policy, quietHours: [{ from: '06:20', to: '06:30' }] }
  station.publish([
    news('news', at(60), 100),
    news('notice', at(100), 10, { class: 'priority' }),
    news('quiet', at(1300), 10),
    notice('page', at(1300), 10),
  ])
  const plan = () =>
    guide.days(1).items.map(({ item, refused, conflictWith }) => ({ item, refused, conflictWith }))
  expect(plan()).toEqual([
    { item: 'news', refused: undefined, conflictWith: 'notice' },
    { item: 'notice', refused: undefined, conflictWith: 'news' },
    { item: 'page', refused: undefined, conflictWith: undefined },
    { item: 'quiet', refused: 'QUIET_HOURS', conflictWith: undefined },
  ])
  station.agent.play.apply({ kind: 'mute', at: station.clock.wall(), on: true })
  expect(plan().map(({ refused }) => refused)).toEqual(['MUTED', 'MUTED', undefined, 'MUTED'])
  await station.crash()
})

test('media are wanted in the order of need, each once, pictures and open windows included', async () => {
  const station = new Station()
  station.on()
  await station.pass(100)
  const picture = { sha256: PICTURE, bytes: 1, format: 'png', urls: [] } as const
  station.publish([
    news('third', at(900), 10, { parts: [part(SHA)] }),
    news('second', at(500), 10, { sign: { pages: [{ image: picture, seconds: 5 }] }, parts: [part(SHA)] }),
    news('waiting', at(50), 10, {
      parts: [part(MISSING)],
      late: { policy: 'play', withinSeconds: 600 },
    }),
  ])
  const wanted = guideOf(station).wantedMedia()
  expect(wanted.map(idOf)).toEqual([MISSING, SHA, PICTURE])
  await station.crash()
})

test('texts to be spoken are wanted like files, in the language of their item', async () => {
  const station = new Station()
  station.on()
  const thanks = { speech: { text: 'Cảm ơn.' } } as const
  station.publish([
    news('second', at(500), 10, { parts: [thanks, part(SHA)] }),
    news('first', at(300), 10, { language: 'en', parts: [{ speech: { text: 'Thanks.' } }, { pause: 1 }] }),
  ])
  expect(guideOf(station).wantedMedia().map(idOf)).toEqual(['en: Thanks.', 'vi: Cảm ơn.', SHA])
  await station.crash()
})

test('the file of an item that still sounds stays wanted, however long ago its window closed', async () => {
  const station = new Station()
  station.on()
  station.publish([news('long', at(10), 600)])
  await station.pass(300)
  expect(guideOf(station).wantedMedia().map(idOf)).toEqual([SHA])
  await station.pass(400)
  expect(guideOf(station).wantedMedia()).toEqual([])
})
