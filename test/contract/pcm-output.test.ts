import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AudioConfig } from '../../agent/core/configuration.ts'
import type { PcmOutput } from '../../agent/ports/pcm-output.ts'
import { openWallOffset } from '../../drivers/native/realtime.ts'
import { openPcmOutput } from '../../drivers/registry.ts'
import { samplesIn } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { buildVirtualDac, type VirtualDac } from '../rig/virtual-dac.ts'

const RATE = 48_000
const COMMON = { rate: RATE, channels: 1, bufferMs: 200 } as const

let dac: VirtualDac
let folder: string
beforeAll(() => {
  dac = buildVirtualDac()
  folder = mkdtempSync(join(tmpdir(), 'loa-pcm-'))
  // libasound reads its configuration once, at the first call.
  vi.stubEnv('ALSA_CONFIG_PATH', dac.env.ALSA_CONFIG_PATH)
  vi.stubEnv('VDAC_LOG', dac.env.VDAC_LOG)
})
afterAll(() => {
  vi.unstubAllEnvs()
  dac[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** What a driver cannot do by nature, and why. */
type Lacks = { readonly rewind?: string; readonly position?: string }
type Output = {
  readonly name: string
  readonly config: () => AudioConfig
  readonly ringMs?: number
  /** Name of the virtual DAC that hears it. */
  readonly dac?: string
  readonly lacks?: Lacks
}
const OUTPUTS: readonly Output[] = [
  { name: 'wav', config: () => ({ ...COMMON, driver: 'wav', file: join(folder, 'tape.wav') }) },
  {
    name: 'alsa through the plug layer',
    config: () => ({ ...COMMON, driver: 'alsa', device: 'dac0' }),
    dac: 'dac0',
  },
  {
    name: 'alsa on the bare device',
    config: () => ({ ...COMMON, driver: 'alsa', device: 'vdac0' }),
    dac: 'dac0',
  },
  {
    name: 'alsa with a fast crystal',
    config: () => ({ ...COMMON, driver: 'alsa', device: 'vdacfast' }),
    dac: 'fast',
  },
  {
    name: 'speaker',
    config: () => ({ ...COMMON, driver: 'speaker', device: 'dac0' }),
    ringMs: 600,
    dac: 'dac0',
    lacks: {
      rewind: 'the package takes nothing back; it can only be closed',
      position: 'the package does not say where the device stands',
    },
  },
]

const frames = (count: number, value = 1000): Int16Array => new Int16Array(count).fill(value)
const passed = async (output: PcmOutput, ms: number): Promise<void> => {
  const from = output.position().atNs
  await until(`${ms} ms pass`, () => Number(output.position().atNs - from) >= ms * 1e6)
}

describe.each(OUTPUTS)(
  'a PCM output: $name',
  ({ config, ringMs = COMMON.bufferMs, dac: heardBy, lacks = {} }) => {
    it('has a ring of about the size asked for and takes no more than fits', async () => {
      await using output = await openPcmOutput(config())
      expect(output.rate).toBe(RATE)
      expect(output.channels).toBe(1)
      expect(output.bufferFrames).toBeGreaterThan((0.75 * ringMs * RATE) / 1000)
      expect(output.bufferFrames).toBeLessThan((1.5 * ringMs * RATE) / 1000)
      let written = 0
      for (let piece = output.write(frames(4800)); piece > 0; piece = output.write(frames(4800)))
        written += piece
      expect(written).toBeGreaterThanOrEqual(output.bufferFrames)
      expect(written).toBeLessThan(output.bufferFrames + 0.1 * RATE)
    })

    it('starts at the first write and from then on plays at its rate', async () => {
      await using output = await openPcmOutput(config())
      expect(output.write(frames(7200))).toBe(7200)
      const first = output.position()
      await passed(output, 60)
      const second = output.position()
      const playedFrames = first.queued - second.queued
      const elapsedSeconds = Number(second.atNs - first.atNs) / 1e9
      expect(Math.abs(playedFrames - elapsedSeconds * RATE)).toBeLessThan(5)
      expect(second.underrun).toBe(false)
    })

    if (lacks.rewind !== undefined)
      it(`says that it gives nothing back, and gives nothing: ${lacks.rewind}`, async () => {
        await using output = await openPcmOutput(config())
        output.write(frames(7200))
        expect(output.canRewind).toBe(false)
        const before = output.position().queued
        expect(output.rewind(4800)).toBe(0)
        expect(before - output.position().queued).toBeLessThan(2400)
      })
    else
      it('gives back what has not left', async () => {
        await using output = await openPcmOutput(config())
        output.write(frames(7200))
        expect(output.canRewind).toBe(true)
        const before = output.position().queued
        const taken = output.rewind(4800)
        expect(taken).toBe(4800)
        expect(output.position().queued).toBeLessThanOrEqual(before - 4800)
        expect(output.rewind(1_000_000)).toBeLessThan(before - 4800 + 1)
      })

    const within =
      lacks.position === undefined
        ? { ms: 1, why: 'to the millisecond' }
        : { ms: 50, why: `to some 50 ms: ${lacks.position}` }
    if (heardBy !== undefined)
      it(`knows when each frame is heard, ${within.why}`, async () => {
        const wallOffsetMs = openWallOffset()
        const before = dac.events('on').length
        const output = await openPcmOutput(config())
        output.write(frames(2400, 0))
        output.write(frames(4800))
        await passed(output, 60)
        const { queued, atNs } = output.position()
        const heardMs = Number(atNs) / 1e6 + (1000 * (2400 - (7200 - queued))) / RATE + wallOffsetMs()
        await until('it is heard', () => output.position().underrun)
        await output[Symbol.asyncDispose]()
        const on = dac.events('on').slice(before)
        expect(on).toMatchObject([{ dac: heardBy, i: 2400 }])
        expect(Math.abs(1000 * (on[0]?.t ?? Number.NaN) - heardMs)).toBeLessThan(within.ms)
      })

    it('says when it ran dry, and plays again after a restart', async () => {
      await using output = await openPcmOutput(config())
      output.write(frames(480))
      await until('it ran dry', () => output.position().underrun)
      expect(output.restart()).toBe(0)
      expect(output.position().underrun).toBe(false)
      expect(output.write(frames(4800))).toBe(4800)
      expect(output.position().queued).toBeGreaterThan(4000)
      expect(output.position().queued).toBeLessThanOrEqual(4800)
    })

    it('forgets what has not left when it is restarted, and says how much that was', async () => {
      await using output = await openPcmOutput(config())
      output.write(frames(7200))
      const thrown = output.restart()
      expect(thrown).toBeGreaterThan(0)
      expect(thrown).toBeLessThanOrEqual(7200)
      expect(output.position().queued).toBe(0)
      expect(output.position().underrun).toBe(false)
    })
  },
)

describe('the WAV tape', () => {
  const tape = (name: string): Extract<AudioConfig, { driver: 'wav' }> => ({
    ...COMMON,
    driver: 'wav',
    file: join(folder, name),
  })
  const dataBytes = (file: string): number => readFileSync(file).readUInt32LE(40)

  it('holds what left and nothing of what was taken back', async () => {
    const config = tape('rewound.wav')
    const output = await openPcmOutput(config)
    output.write(frames(2400, 1000))
    output.write(frames(4800, 2000))
    output.rewind(4800)
    output.write(frames(2400, 3000))
    await until('all of it left', () => output.position().underrun)
    await output[Symbol.asyncDispose]()
    expect(samplesIn(config.file)).toEqual(Int16Array.from([...frames(2400, 1000), ...frames(2400, 3000)]))
    expect(dataBytes(config.file)).toBe(2 * 4800)
  })

  it('goes on at its end when it is opened again, and keeps the time it was closed out', async () => {
    const config = tape('twice.wav')
    for (const value of [1000, 2000]) {
      const output = await openPcmOutput(config)
      output.write(frames(2400, value))
      await until('all of it left', () => output.position().underrun)
      await output[Symbol.asyncDispose]()
    }
    expect(samplesIn(config.file)).toEqual(Int16Array.from([...frames(2400, 1000), ...frames(2400, 2000)]))
  })

  it('records a gap as the silence it was', async () => {
    const config = tape('gap.wav')
    const output = await openPcmOutput(config)
    output.write(frames(480, 1000))
    await passed(output, 50)
    output.restart()
    output.write(frames(480, 2000))
    await until('all of it left', () => output.position().underrun)
    await output[Symbol.asyncDispose]()
    const heard = samplesIn(config.file)
    const gap = heard.indexOf(2000) - 480
    expect(gap).toBeGreaterThan(0.03 * RATE)
    expect(heard.subarray(480, 480 + gap).every((sample) => sample === 0)).toBe(true)
  })

  it('names the file that cannot be written', async () => {
    await expect(openPcmOutput(tape('no/such/folder.wav'))).rejects.toMatchObject({ code: 'AUDIO_DEVICE' })
  })
})

describe('an ALSA device that is not there', () => {
  it('is named, with what to do', async () => {
    const config: AudioConfig = { ...COMMON, driver: 'alsa', device: 'hw:CARD=nowhere' }
    await expect(openPcmOutput(config)).rejects.toMatchObject({
      code: 'AUDIO_DEVICE',
      message: expect.stringMatching(/hw:CARD=nowhere.*aplay -L/s),
    })
  })
})

describe('the driver `speaker`', () => {
  it('names the device that is not there: its package would wait, or end the process', async () => {
    const config: AudioConfig = { ...COMMON, driver: 'speaker', device: 'hw:CARD=nowhere' }
    await expect(openPcmOutput(config)).rejects.toMatchObject({
      code: 'AUDIO_DEVICE',
      message: expect.stringMatching(/hw:CARD=nowhere.*aplay -L/s),
    })
  })
})
