import { describe, expect, test } from 'vitest'
import { type Clip, FRAMES_PER_SECOND, type Segment } from '../../../agent/core/clip.ts'
import { ClipReader } from '../../../agent/playout/clip-reader.ts'
import { GeneratedSource, type Source } from '../../../agent/playout/source.ts'

const stream = (seconds: number): Segment => ({
  kind: 'stream',
  id: '0'.repeat(64),
  format: 'mp3',
  frames: seconds * FRAMES_PER_SECOND,
  urls: ['https://relay.example/a'],
})
const tone: Segment = { kind: 'tone', hz: 440, frames: FRAMES_PER_SECOND, gainDb: 0 }
const clipOf = (...segments: readonly Segment[]): Clip => ({ id: 'c', segments, amplifiers: [], gainDb: 0 })

/** A relay that gives silence and is dead from `deadAfter` frames on. */
class DeadRelay implements Source {
  readonly complete = false
  readonly fault = 'STREAM'
  readonly buffered = FRAMES_PER_SECOND
  readonly #frames: number
  readonly #deadAfter: number
  lost = 0
  closed = false

  constructor(frames: number, deadAfter: number) {
    this.#frames = frames
    this.#deadAfter = deadAfter
  }
  get ended(): boolean {
    return this.lost >= this.#frames
  }
  get dead(): boolean {
    return this.lost >= this.#deadAfter
  }
  read(out: Int16Array): number {
    const frames = Math.min(out.length, this.#frames - this.lost)
    this.lost += frames
    return frames
  }
  setAhead(): void {}
  close(): void {
    this.closed = true
  }
}

const readAll = (reader: ClipReader): number => {
  const block = new Int16Array(960)
  let frames = 0
  for (let run = reader.read(block); !(reader.ended && run.frames === 0); run = reader.read(block))
    frames += run.frames
  return frames
}
const opened = (clip: Clip) =>
  new ClipReader(clip, 0, (segment, from) =>
    segment.kind === 'stream'
      ? new DeadRelay(segment.frames, 30 * FRAMES_PER_SECOND)
      : new GeneratedSource(segment as never, from, 1),
  )

describe('a relay with dead air', () => {
  test('gives way to the part that follows, and what was silent is told', () => {
    const reader = opened(clipOf(stream(600), tone))
    expect(readAll(reader)).toBe(31 * FRAMES_PER_SECOND)
    expect(reader.faults).toEqual([{ segment: 0, code: 'STREAM', lost: 30 * FRAMES_PER_SECOND }])
    expect(reader.position).toBe(601 * FRAMES_PER_SECOND)
  })

  test('is waited for to its end where nothing follows', () => {
    expect(readAll(opened(clipOf(tone, stream(60))))).toBe(61 * FRAMES_PER_SECOND)
  })
})
