import { expect, test } from 'vitest'
import { alertSound } from '../../../agent/core/alert/clip.ts'
import type { Segment } from '../../../agent/core/clip.ts'
import type { Alert, AudioRef } from '../../../agent/core/documents.ts'
import type { MediaVerdict } from '../../../agent/core/schedule/lay-out.ts'

const SECOND = 48_000
const soundFrames = (): number => SECOND
const audio: AudioRef = {
  sha256: 'a'.repeat(64),
  bytes: 10,
  format: 'mp3',
  seconds: 5,
  urls: ['https://c.example/a'],
}
const here: MediaVerdict = { state: 'ready', measured: { seconds: 5, integratedLufs: -16, truePeakDb: -3 } }
const away: MediaVerdict = { state: 'missing' }
const siren = { onSeconds: 10, offSeconds: 5, cycles: 2 }

const lay = (
  alert: Pick<Alert, 'event'> & Partial<Pick<Alert, 'severity' | 'siren' | 'parts'>>,
  media: MediaVerdict = here,
) => alertSound({ severity: 'severe', ...alert }, () => media, soundFrames)
const shape = (segments: readonly Segment[]): readonly string[] =>
  segments.map(
    (segment) => `${segment.kind === 'sound' ? segment.sound : segment.kind} ${segment.frames / SECOND}`,
  )

test('the siren goes before the words, with its gaps between the cycles', () => {
  expect(shape(lay({ event: 'flood', siren, parts: [{ audio }] }).segments)).toEqual([
    'siren-wail 10',
    'silence 5',
    'siren-wail 10',
    'silence 1',
    'media 5',
  ])
})

test('a file that is not here yet does not keep the siren waiting', () => {
  const { segments, fault } = lay({ event: 'fire', siren, parts: [{ audio }] }, away)
  expect(shape(segments)).toEqual(['siren-two-tone 10', 'silence 5', 'siren-two-tone 10'])
  expect(fault).toBe('NO_MEDIA')
})

test('an alert that would be silent sounds with the siren of its event', () => {
  expect(shape(lay({ event: 'storm', parts: [{ audio }] }, away).segments)[0]).toBe('siren-wail 20')
  expect(shape(lay({ event: 'evacuation' }).segments)[0]).toBe('siren-two-tone 10')
})

test('words alone are spoken without a siren', () => {
  expect(shape(lay({ event: 'flood', parts: [{ audio }] }).segments)).toEqual(['media 5'])
})

test.each([
  ['storm', 'severe', ['siren-wail 20', 'silence 10', 'siren-wail 20', 'silence 10', 'siren-wail 20']],
  ['flood', 'minor', ['siren-wail 10', 'silence 10', 'siren-wail 10']],
  ['flood', 'extreme', Array.from({ length: 9 }, (_, at) => (at % 2 === 0 ? 'siren-wail 30' : 'silence 5'))],
  ['storm', 'extreme', Array.from({ length: 9 }, (_, at) => (at % 2 === 0 ? 'siren-wail 30' : 'silence 5'))],
  ['tsunami', 'minor', Array.from({ length: 9 }, (_, at) => (at % 2 === 0 ? 'siren-wail 30' : 'silence 5'))],
] as const)(
  'a %s alert that is %s and brings no sound has the pattern in use',
  (event, severity, pattern) => {
    expect(shape(lay({ event, severity }).segments)).toEqual(pattern)
  },
)
