import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Segment } from '../../../agent/core/clip.ts'
import { inMs, PlayoutBench } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { buildVirtualDac, type VirtualDac } from '../../rig/virtual-dac.ts'

const TONE: Segment = { kind: 'tone', hz: 1000, frames: 96_000, gainDb: 0 }
const LONG: Segment = { ...TONE, frames: 480_000 }
const LOUD: Segment = { kind: 'sound', sound: 'siren-two-tone', frames: 48_000, gainDb: 0 }
const SPEAKER = { driver: 'speaker', rate: 48_000, channels: 1, bufferMs: 500 } as const

describe('playout through the package `speaker`', () => {
  let dac: VirtualDac
  let bench: PlayoutBench

  beforeAll(async () => {
    dac = buildVirtualDac()
    bench = new PlayoutBench({ ...SPEAKER, device: 'default' }, dac.env)
    await bench.up()
  })
  afterEach(() => until('every relay is open', () => bench.relayIsOpen()))
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    dac[Symbol.dispose]()
  })

  it('is heard on the default device, near its instant and without a gap', async () => {
    const at = inMs(800)
    bench.schedule('tone', [TONE], { at })
    expect(await bench.report('started', 'tone')).toMatchObject({ intended: at })
    expect(await bench.report('ended', 'tone')).toMatchObject({
      end: 'finished',
      frames: TONE.frames,
      underruns: 0,
      faults: [],
    })
    await until('the end of it is heard', () => dac.events('off').length > 0)
    const [on, ...more] = dac.events('on')
    const [off] = dac.events('off')
    expect(more).toEqual([])
    expect(Math.abs(1000 * (on?.t ?? Number.NaN) - at)).toBeLessThan(150)
    expect((off?.t ?? Number.NaN) - (on?.t ?? Number.NaN)).toBeCloseTo(2, 1)
  })

  it('lets an alert cut in within half a second, without what the package still held', async () => {
    bench.schedule('bed', [LONG])
    await bench.report('progress', 'bed')
    await until('the ring is full', () => (bench.of('progress', 'bed').at(-1)?.frame ?? 0) > 48_000)
    const ordered = Date.now() / 1000
    bench.schedule('alarm', [LOUD], { takeover: true })
    expect(await bench.report('ended', 'bed')).toMatchObject({ end: 'cut' })
    expect(await bench.report('ended', 'alarm')).toMatchObject({ end: 'finished', frames: LOUD.frames })
    const loud = dac.events('loud').find(({ t }) => t > ordered)
    expect((loud?.t ?? Number.NaN) - ordered).toBeLessThan(0.5)
  })
})

describe('where there is no default device', () => {
  it('says so and lets playout live, though loading the package there would end the process', async () => {
    const dac = buildVirtualDac()
    const without = join(dac.folder, 'no-default.conf')
    const config = readFileSync(dac.env.ALSA_CONFIG_PATH, 'utf8')
    writeFileSync(without, config.replace(/^pcm\.!default .*$/m, 'pcm.!default { type hw card nowhere }'))
    const load = spawnSync(process.execPath, ['-e', "require('speaker')"], {
      env: { ...dac.env, ALSA_CONFIG_PATH: without },
    })
    expect(load.signal).toBe('SIGABRT')
    {
      await using bench = new PlayoutBench(
        { ...SPEAKER, device: 'dac0' },
        { ...dac.env, ALSA_CONFIG_PATH: without },
      )
      await bench.up()
      bench.schedule('tone', [TONE])
      const fault = await bench.report('device')
      expect(fault).toMatchObject({
        ok: false,
        message: expect.stringMatching(/default.*asound\.conf.*driver alsa/s),
      })
      bench.playout.cut('tone', 0)
      expect(await bench.report('ended', 'tone')).toMatchObject({ end: 'cut', frames: 0 })
      expect(bench.of('process').filter(({ up }) => !up)).toEqual([])
    }
    dac[Symbol.dispose]()
  })
})
