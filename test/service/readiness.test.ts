import { describe, expect, test } from 'vitest'
import type { Part } from '../../agent/core/documents.ts'
import type { MediaVerdict } from '../../agent/core/schedule/lay-out.ts'
import { readinessOf } from '../../agent/services/readiness.ts'
import { item } from '../unit/schedule/items.ts'

const file = (sha256: string): Part => ({
  audio: { sha256, bytes: 1, format: 'mp3', seconds: 10, urls: [] },
})
const CHIME: Part = { sound: 'chime' }
const MEDIA: Readonly<Record<string, MediaVerdict>> = {
  here: { state: 'ready', measured: { seconds: 10, integratedLufs: -16, truePeakDb: -1 } },
  bad: { state: 'bad', code: 'BAD_MEDIA', message: 'not what it says' },
}
const judge = (parts: readonly Part[], more: Parameters<typeof item>[0] = {}) =>
  readinessOf(item({ parts, ...more }), {
    policy: { quietHours: [], volume: [], normalFromProvince: 'play', fadeInSeconds: 0 },
    board: { amplifiers: ['main'], signs: [] },
    media: ({ sha256 }) => MEDIA[sha256] ?? { state: 'missing' },
    soundFrames: () => 48_000,
  })

describe('an item is ready', () => {
  test('with everything it needs', () => {
    expect(judge([CHIME, file('here')])).toMatchObject({ state: 'ready', limited: false })
  })

  test('with a chime alone, if that is all it is', () => {
    expect(judge([CHIME])).toMatchObject({ state: 'ready' })
  })

  test('without a part that never can sound, which is named', () => {
    expect(judge([file('here'), file('bad')])).toMatchObject({ state: 'ready', fault: 'BAD_MEDIA' })
  })

  test('and says when maxSeconds will cut it', () => {
    expect(judge([file('here')], { maxSeconds: 5 })).toMatchObject({ state: 'ready', limited: true })
  })
})

describe('a chime without its news is no broadcast', () => {
  test('while the news may still come it is awaited, with nothing to play instead', () => {
    expect(judge([CHIME, file('missing')])).toEqual({ state: 'awaiting' })
  })

  test('when the news is bad it has failed', () => {
    expect(judge([CHIME, file('bad')])).toEqual({
      state: 'excluded',
      result: 'failed',
      reason: 'BAD_MEDIA',
    })
  })

  test('with half of the news here the rest is awaited, and can be done without', () => {
    expect(judge([CHIME, file('here'), file('missing')])).toMatchObject({
      state: 'awaiting',
      fallback: { clip: { segments: [{ kind: 'sound' }, { kind: 'media', sha256: 'here' }] } },
    })
  })
})

test('an item that names only amplifiers this board lacks is skipped', () => {
  expect(judge([CHIME], { amplifiers: ['attic'] })).toEqual({
    state: 'excluded',
    result: 'skipped',
    reason: 'POLICY',
  })
})
