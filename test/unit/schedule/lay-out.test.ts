import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AudioRef, Part } from '../../../agent/core/documents.ts'
import { conflicts } from '../../../agent/core/schedule/conflicts.ts'
import { itemSeconds, partSeconds } from '../../../agent/core/schedule/duration.ts'
import { layOut, type MediaVerdict, normalisationDb } from '../../../agent/core/schedule/lay-out.ts'
import { plan } from '../../../agent/core/schedule/plan.ts'
import { at, hanoi, item, itemsFrom } from './items.ts'

const soundFrames = () => 96_000
const audio: AudioRef = { sha256: 'ab'.repeat(32), bytes: 1000, format: 'mp3', seconds: 10, urls: [] }
const measured = { seconds: 10.02, integratedLufs: -20, truePeakDb: -10 }
const ready = (): MediaVerdict => ({ state: 'ready', measured })
const missing = (): MediaVerdict => ({ state: 'missing' })
const kinds = (parts: readonly Part[], more = {}, media: () => MediaVerdict = ready) =>
  layOut(item({ parts, ...more }), media, soundFrames).segments.map(({ kind, frames }) => [
    kind,
    frames / 48_000,
  ])

test('parts, repeats and gaps lie in one row', () => {
  expect(
    kinds([{ sound: 'chime' }, { audio }, { pause: 1 }], { repeat: { times: 2, gapSeconds: 5 } }),
  ).toEqual([
    ['sound', 2],
    ['media', 10],
    ['silence', 1],
    ['silence', 5],
    ['sound', 2],
    ['media', 10],
    ['silence', 1],
  ])
})

test('every segment knows its part', () => {
  const { partOf } = layOut(
    item({ parts: [{ sound: 'chime' }, { pause: 0 }, { audio }], repeat: { times: 2, gapSeconds: 5 } }),
    ready,
    soundFrames,
  )
  expect(partOf).toEqual([0, 2, -1, 0, 2])
})

test('maxSeconds cuts the row in the middle of a segment and says so', () => {
  const laid = layOut(item({ parts: [{ sound: 'chime' }, { audio }], maxSeconds: 7 }), ready, soundFrames)
  expect(laid.segments.map(({ frames }) => frames / 48_000)).toEqual([2, 5])
  expect(laid.partOf).toEqual([0, 1])
  expect(laid.limited).toBe(true)
  expect(layOut(item({ parts: [{ audio }], maxSeconds: 10 }), ready, soundFrames).limited).toBe(false)
})

test('a file that is shorter than declared ends where it ends', () => {
  const shorter = (): MediaVerdict => ({ state: 'ready', measured: { ...measured, seconds: 9.5 } })
  expect(kinds([{ audio }], {}, shorter)).toEqual([['media', 9.5]])
})

test('a part that cannot sound is left out and named with its reason', () => {
  const parts: readonly Part[] = [
    { sound: 'chime' },
    { audio },
    { speech: { text: 'Xin chào' } },
    { stream: { format: 'mp3', seconds: 5, urls: [] } },
  ]
  const missing = layOut(item({ parts }), () => ({ state: 'missing' }), soundFrames)
  expect(missing.segments.map(({ kind }) => kind)).toEqual(['sound'])
  expect(missing.faults.map(({ part, code }) => [part, code])).toEqual([
    [1, 'NO_MEDIA'],
    [2, 'DECODER'],
    [3, 'STREAM'],
  ])
  const bad = layOut(
    item({ parts: [{ audio }] }),
    () => ({ state: 'bad', code: 'BAD_MEDIA', message: 'no' }),
    soundFrames,
  )
  expect(bad).toEqual({
    segments: [],
    partOf: [],
    faults: [{ part: 0, code: 'BAD_MEDIA', message: 'no' }],
    limited: false,
  })
})

test('pauses around parts that cannot sound are not worth closing a relay for', () => {
  expect(kinds([{ pause: 3 }, { audio }], {}, missing)).toEqual([])
})

test('a file is brought to -16 LUFS, unless the limiter would have to take its peak down by more than 12 dB', () => {
  expect(normalisationDb({ seconds: 1, integratedLufs: -20, truePeakDb: -10 })).toBe(4)
  expect(normalisationDb({ seconds: 1, integratedLufs: -22, truePeakDb: -3 })).toBe(6)
  expect(normalisationDb({ seconds: 1, integratedLufs: -40, truePeakDb: -3 })).toBe(14)
  expect(normalisationDb({ seconds: 1, integratedLufs: -9, truePeakDb: 0 })).toBe(-7)
})

test('silence and unmeasurable files get no gain', () => {
  expect(normalisationDb({ seconds: 1, integratedLufs: Number.NEGATIVE_INFINITY, truePeakDb: -90 })).toBe(0)
  expect(normalisationDb({ seconds: 1, integratedLufs: -70, truePeakDb: -70 })).toBe(0)
  expect(normalisationDb({ seconds: 1, integratedLufs: Number.NaN, truePeakDb: 0 })).toBe(0)
})

test('the clip lasts as long as the item is planned to last', () => {
  const part = fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((pause): Part => ({ pause })),
    fc.constant<Part>({ sound: 'chime' }),
    fc.constant<Part>({ audio }),
  )
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 5 }),
      fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      (parts, times, gapSeconds, maxSeconds) => {
        const made = item({
          parts: [{ sound: 'chime' }, ...parts],
          repeat: { times, gapSeconds },
          ...(maxSeconds === undefined ? {} : { maxSeconds }),
        })
        const { segments, partOf } = layOut(made, ready, soundFrames)
        const frames = segments.reduce((sum, segment) => sum + segment.frames, 0)
        expect(frames / 48_000).toBeCloseTo(itemSeconds(made, soundFrames), 6)
        expect(partOf).toHaveLength(segments.length)
      },
    ),
  )
})

test('speech is estimated, streams and sign-only items last as declared', () => {
  expect(partSeconds({ speech: { text: 'x'.repeat(140) } }, soundFrames, 'vi')).toBe(10)
  expect(partSeconds({ speech: { text: 'x' } }, soundFrames, 'vi')).toBe(1)
  expect(partSeconds({ stream: { format: 'hls', seconds: 1800, urls: [] } }, soundFrames, 'vi')).toBe(1800)
  const known = Object.assign(() => 96_000, { spoken: () => 5 * 48_000 })
  expect(partSeconds({ speech: { text: 'x' } }, known, 'vi'), 'once it has been spoken').toBe(5)
  const pages = [
    { text: 'a', seconds: 8 },
    { text: 'b', seconds: 15 },
  ]
  expect(itemSeconds(item({ parts: [], sign: { pages } }), soundFrames)).toBe(23)
  expect(itemSeconds(item({ parts: [], sign: { pages }, maxSeconds: 41_400 }), soundFrames)).toBe(41_400)
  expect(itemSeconds(item({ parts: [] }), soundFrames)).toBe(0)
})

test('overlapping spans on the one sound output are conflicts with a winner; signs and neighbours are not', () => {
  const items = itemsFrom([
    { id: 'long', when: { times: ['05:00:00'] }, parts: [{ pause: 1800 }] },
    { id: 'cuts', when: { times: ['05:10:00'] }, parts: [{ pause: 60 }], class: 'priority' },
    { id: 'waits', when: { times: ['05:20:00'] }, parts: [{ pause: 60 }] },
    { id: 'sign', when: { times: ['05:10:00'] }, sign: { pages: [{ text: 'x', seconds: 900 }] } },
    { id: 'next', when: { times: ['05:30:00'] }, parts: [{ pause: 60 }] },
  ])
  const day = plan(items, hanoi, at('2026-11-22T00:00:00+07:00'), at('2026-11-23T00:00:00+07:00'))
  expect(
    conflicts(day, soundFrames).map(({ winner, loser, overlapSeconds }) => [
      winner.item.id,
      loser.item.id,
      overlapSeconds,
    ]),
  ).toEqual([
    ['cuts', 'long', 60],
    ['long', 'waits', 60],
  ])
})
