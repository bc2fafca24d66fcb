import { expect, test } from 'vitest'
import { PlayedEstimate } from '../../../drivers/audio/speaker/played-estimate.ts'

const RATE = 48_000
const RING = 24_000
const ms = (value: number): bigint => BigInt(Math.round(value * 1e6))

/** A device behind the package: a ring filled up at each of four interrupts by writes of 100 ms, fed 600 ms ahead of the estimate. */
const simulate = (ppm: number, seconds: number) => {
  const estimate = new PlayedEstimate(RATE, RING)
  const piece = RATE / 10
  let [written, inRing, accepted] = [0, 0, 0]
  let sinceMs = 0
  let wokenMs = -1000
  let driest = RING
  let worst = 0
  for (let now = 0; now < 1000 * seconds; now += 5) {
    const real = ((now * RATE) / 1000) * (1 + ppm / 1e6)
    if (inRing > 0) driest = Math.min(driest, inRing - real)
    const inFlight =
      written > accepted ? { frames: Math.min(piece, written - accepted), sinceNs: ms(sinceMs) } : undefined
    const played = estimate.at(ms(now), { startNs: 0n, accepted, inFlight })
    worst = Math.max(worst, Math.abs(played - real))
    if (now % 20 === 0) written = Math.max(written, Math.floor(played) + 1.2 * RING)
    const full = inRing - Math.floor(real) >= RING - 6000
    if (!full || now - wokenMs >= 125) {
      inRing = Math.min(written, Math.floor(real) + RING)
      wokenMs = now
    }
    const taken = inRing === written ? written : inRing - (inRing % piece)
    if (taken > accepted) sinceMs = now
    accepted = Math.max(accepted, taken)
  }
  return { driestMs: driest / 48, worstMs: worst / 48 }
}

test('nothing has left before the first frame was handed over', () => {
  expect(
    new PlayedEstimate(RATE, RING).at(ms(5), { startNs: undefined, accepted: 0, inFlight: undefined }),
  ).toBe(0)
})

test('it runs at the nominal rate from the first frame', () => {
  const estimate = new PlayedEstimate(RATE, RING)
  expect(estimate.at(ms(110), { startNs: ms(10), accepted: 20_000, inFlight: undefined })).toBe(4800)
})

test('what was taken beyond a full ring has left, also later', () => {
  const estimate = new PlayedEstimate(RATE, RING)
  expect(estimate.at(ms(100), { startNs: 0n, accepted: 30_000, inFlight: undefined })).toBe(6000)
  expect(estimate.at(ms(200), { startNs: 0n, accepted: 30_000, inFlight: undefined })).toBe(10_800)
})

test('while a write waits the ring is full to within a period', () => {
  const estimate = new PlayedEstimate(RATE, RING)
  const waiting = { startNs: 0n, accepted: 24_000, inFlight: { frames: 4800, sinceNs: 0n } }
  expect(estimate.at(ms(1000), waiting)).toBe(10_800)
})

test('a process that was held up is not taken for a full ring for longer than that', () => {
  const estimate = new PlayedEstimate(RATE, RING)
  estimate.at(0n, { startNs: 0n, accepted: 0, inFlight: { frames: 4800, sinceNs: 0n } })
  estimate.at(ms(700), { startNs: 0n, accepted: 24_000, inFlight: { frames: 4800, sinceNs: 0n } })
  const after = estimate.at(ms(720), { startNs: 0n, accepted: 28_800, inFlight: undefined })
  expect(after).toBeGreaterThan(28_800)
})

test.each([104, -50, 450, -450])('a crystal off by %i ppm neither runs dry nor away in an hour', (ppm) => {
  const { driestMs, worstMs } = simulate(ppm, 3600)
  expect(driestMs).toBeGreaterThan(250)
  expect(worstMs).toBeLessThan(250)
})
