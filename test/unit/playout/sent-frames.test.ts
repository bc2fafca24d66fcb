import { expect, it } from 'vitest'
import { SentFrames } from '../../../agent/playout/sent-frames.ts'

const framesOf = (sent: SentFrames, from: number, to: number): readonly number[] =>
  sent.pieces(from, to).flatMap((piece) => [...piece])

it('gives the frames of the first channel back by their numbers, around the end of its ring too', () => {
  const sent = new SentFrames(8, 2)
  sent.put(0, Int16Array.of(1, -1, 2, -2, 3, -3, 4, -4, 5, -5))
  sent.put(5, Int16Array.of(6, -6, 7, -7, 8, -8, 9, -9, 10, -10))
  expect(framesOf(sent, 2, 10)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  expect(framesOf(sent, 4, 4)).toEqual([])
})

it('holds what was written last in place of what was taken back', () => {
  const sent = new SentFrames(16, 1)
  sent.put(0, Int16Array.of(1, 2, 3, 4, 5, 6))
  sent.put(3, Int16Array.of(40, 50))
  expect(framesOf(sent, 0, 5)).toEqual([1, 2, 3, 40, 50])
})

it('is silent where nothing was written: what stood there before is not sent again', () => {
  const sent = new SentFrames(4, 1)
  sent.put(0, Int16Array.of(1, 2, 3, 4))
  sent.put(6, Int16Array.of(7))
  expect(framesOf(sent, 3, 7)).toEqual([4, 0, 0, 7])
})
