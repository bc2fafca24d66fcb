import { expect, test } from 'vitest'
import type { Clip } from '../../../agent/core/clip.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { ClipReader } from '../../../agent/playout/clip-reader.ts'
import { GeneratedSource, type Source } from '../../../agent/playout/source.ts'
import { Track } from '../../../agent/playout/track.ts'

const CLIP: Clip = {
  id: 'tone',
  segments: [{ kind: 'tone', hz: 1000, frames: 48_000, gainDb: 0 }],
  amplifiers: [],
  gainDb: 0,
}

const playing = (): Track => {
  const openSource = (segment: Clip['segments'][number], from: number): Source => {
    if (segment.kind !== 'tone') throw new Error('only tones here')
    return new GeneratedSource(segment, from, 1)
  }
  const reader = new ClipReader(CLIP, 0, openSource)
  const order = { clip: CLIP, at: epochMs(0), fromFrame: 0, takeover: false, fadeInMs: 0 }
  const track = new Track(order, reader, {
    channels: 1,
    historyFrames: 48_000,
    wallOf: (frame) => epochMs(frame / 48),
  })
  track.tend()
  track.place(0, 0)
  track.render(new Int16Array(960), 0, false)
  return track
}

test('a cut ends a piece where it is silent', () => {
  const track = playing()
  track.cutAt(1200, 1440, false)
  expect(track.render(new Int16Array(960), 960, false)).toBe(480)
  expect(track).toMatchObject({ end: 1440, endsByCut: true })
})

test('a cut whose frames the device lost while it started again has ended the piece all the same', () => {
  const track = playing()
  track.cutAt(1200, 1440, false)
  expect(track.render(new Int16Array(960), 1920, false)).toBe(0)
  expect(track).toMatchObject({ end: 1920, endsByCut: true })
})
