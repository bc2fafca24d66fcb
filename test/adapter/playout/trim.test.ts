import { describe, expect, it } from 'vitest'
import type { AudioConfig } from '../../../agent/core/configuration.ts'
import { inMs, PlayoutBench } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { buildVirtualDac } from '../../rig/virtual-dac.ts'

const DEVICE = { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500 } as const

/** Plays a sound at an instant; answers how much later it left the device, and how much later it counts as heard. */
const play = async (trims: Pick<AudioConfig, 'latencyMs' | 'acousticDelayMs'>) => {
  using dac = buildVirtualDac()
  await using bench = new PlayoutBench({ ...DEVICE, ...trims }, dac.env)
  await bench.up()
  const at = inMs(1500)
  bench.schedule('noon', [{ kind: 'sound', sound: 'siren-two-tone', frames: 24_000, gainDb: 0 }], { at })
  const { at: heard, intended } = await bench.report('started', 'noon')
  const { at: ended } = await bench.report('ended', 'noon')
  await until('it is in the log', () => dac.events('on').length > 0)
  const left = 1000 * (dac.events('on')[0]?.t ?? Number.NaN)
  return { left: left - at, heard: heard - at, ended: ended - at, intended: intended - at }
}

describe('the trims of a board', () => {
  it('let sound leave the device earlier by its latency, to be heard at its instant', async () => {
    const { left, heard, ended, intended } = await play({ latencyMs: 37.5 })
    expect(Math.abs(left + 37.5)).toBeLessThan(3)
    expect(Math.abs(heard)).toBeLessThan(3)
    expect(Math.abs(ended - 500)).toBeLessThan(3)
    expect(intended).toBe(0)
  })

  it('let sound leave later by the acoustic delay, which is no error of the start', async () => {
    const { left, heard, intended } = await play({ latencyMs: 20, acousticDelayMs: 150 })
    expect(Math.abs(left - 130)).toBeLessThan(3)
    expect(Math.abs(heard)).toBeLessThan(3)
    expect(intended).toBe(0)
  })
})
