import { describe, expect, it } from 'vitest'
import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'
import { renderSound, SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { judged, through, whiteNoise } from '../../rig/acoustics.ts'
import { spoken } from '../../rig/speech.ts'

const NEWS = spoken(
  'Kính thưa toàn thể bà con. Tối nay lúc mười chín giờ ba mươi, mời bà con đến họp thôn tại nhà văn hóa.',
)
const OTHER = spoken(
  'Dự báo thời tiết. Ngày mai trời nhiều mây, có mưa rào và dông vài nơi, gió nhẹ, nhiệt độ giảm.',
)
const NOISE = whiteNoise(NEWS.length, 7)

const scoreOf = (sent: Int16Array, heard: Int16Array): number => judged(sent, heard)?.score ?? Number.NaN

describe('of a programme that was played', () => {
  it.each([0, 10, 155, 400, 800])('all is heard %i ms later', (delayMs) => {
    expect(scoreOf(NEWS, through(NEWS, { delayMs }))).toBeGreaterThanOrEqual(0.95)
  })

  it.each([0, 137, 800])('most is heard beside a noise as strong as it, %i ms later', (delayMs) => {
    expect(scoreOf(NEWS, through(NEWS, { delayMs, noise: NOISE }))).toBeGreaterThanOrEqual(0.8)
  })

  it('all is heard however soft the microphone is', () => {
    expect(scoreOf(NEWS, through(NEWS, { delayMs: 60, gain: 0.01 }))).toBeGreaterThanOrEqual(0.95)
  })

  it('nothing is heard in silence, in noise, or where another programme plays', () => {
    expect(scoreOf(NEWS, through(NEWS, { delayMs: 60, gain: 0 }))).toBeLessThanOrEqual(0.2)
    expect(scoreOf(NEWS, through(NEWS, { delayMs: 60, gain: 0, noise: NOISE }))).toBeLessThanOrEqual(0.2)
    expect(scoreOf(NEWS, through(NEWS, { delayMs: 60, gain: 0, noise: OTHER }))).toBeLessThanOrEqual(0.2)
    expect(scoreOf(OTHER, through(OTHER, { delayMs: 60, gain: 0, noise: NEWS }))).toBeLessThanOrEqual(0.2)
  })

  it('about half is heard when the loudspeaker falls silent in the middle', () => {
    const heard = through(NEWS, { delayMs: 60 })
    heard.fill(0, heard.length / 2)
    expect(scoreOf(NEWS, heard)).toBeGreaterThan(0.3)
    expect(scoreOf(NEWS, heard)).toBeLessThan(0.7)
  })

  it('all is heard through a microphone that clips and is biased', () => {
    const heard = through(NEWS, { delayMs: 60, gain: 8 }).map((sample) => Math.min(32_767, sample + 8000))
    expect(scoreOf(NEWS, heard)).toBeGreaterThanOrEqual(0.9)
  })
})

describe('what cannot be judged', () => {
  it('is silence, and what ends after a second', () => {
    expect(judged(new Int16Array(10 * FRAMES_PER_SECOND), NOISE)).toBeUndefined()
    expect(judged(NEWS.subarray(0, FRAMES_PER_SECOND), NEWS)).toBeUndefined()
  })
})

describe('the pilot', () => {
  const pilot = new Int16Array(SOUND_FRAMES.pilot)
  renderSound('pilot', 0, pilot.length, pilot)

  it('is over in less than three seconds and heard beside a noise as strong as it', () => {
    expect(pilot.length).toBeLessThan(3 * FRAMES_PER_SECOND)
    for (const delayMs of [0, 70, 300])
      expect(
        scoreOf(pilot, through(pilot, { delayMs, noise: NOISE })),
        `${delayMs} ms`,
      ).toBeGreaterThanOrEqual(0.8)
  })

  it('is not taken for heard where somebody speaks instead', () => {
    expect(scoreOf(pilot, through(pilot, { delayMs: 0, gain: 0, noise: NEWS }))).toBeLessThanOrEqual(0.2)
    expect(scoreOf(pilot, through(pilot, { delayMs: 0, gain: 0, noise: NOISE }))).toBeLessThanOrEqual(0.2)
  })
})

describe('a siren', () => {
  it.each(['siren-wail', 'siren-two-tone', 'chime'] as const)('like %s is heard', (sound) => {
    const sent = new Int16Array(SOUND_FRAMES[sound])
    renderSound(sound, 0, sent.length, sent)
    expect(
      scoreOf(sent, through(sent, { delayMs: 90, noise: NOISE, signalToNoiseDb: 10 })),
    ).toBeGreaterThanOrEqual(0.7)
    expect(scoreOf(sent, through(sent, { delayMs: 90, gain: 0, noise: NEWS }))).toBeLessThanOrEqual(0.2)
  })
})
