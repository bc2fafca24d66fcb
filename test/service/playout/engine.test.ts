import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clip, Segment } from '../../../agent/core/clip.ts'
import type { AmplifierConfig } from '../../../agent/core/configuration.ts'
import { LoaError } from '../../../agent/core/error.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { Engine } from '../../../agent/playout/engine.ts'
import { CEILING } from '../../../agent/playout/limiter.ts'
import { GeneratedSource, type Source } from '../../../agent/playout/source.ts'
import type { PcmOutput } from '../../../agent/ports/pcm-output.ts'
import type { PlayOrder, PlayoutReport } from '../../../agent/ports/playout.ts'
import { MemoryRelay } from '../../fakes/memory-relay.ts'
import { MemoryOutput } from '../../fakes/playout-output.ts'

const TONE = (seconds: number): Segment => ({ kind: 'tone', hz: 1000, frames: 48_000 * seconds, gainDb: 0 })
const amplifierConfig = (id: string): AmplifierConfig => ({
  ...{ driver: 'none', id, settleMs: 300, holdMs: 200, minOffMs: 0, maxOnMinutes: 240 },
})

describe('the engine of playout', () => {
  const reports: PlayoutReport[] = []
  const heard: number[] = []
  let relays: Map<string, MemoryRelay>
  let outputs: MemoryOutput[]
  let openPcm: () => Promise<PcmOutput>
  let stepMs: number
  let engine: Engine
  let rewindable: boolean
  let ppm: number

  const nowNs = (): number => performance.now() * 1e6
  const run = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
  /** Frames that have left the devices by now. */
  const left = (): number => {
    outputs.at(-1)?.position()
    return heard.length
  }
  const wall = (inMs: number) => epochMs(performance.now() + 1e6 + stepMs + inMs)
  const of = <K extends PlayoutReport['kind']>(kind: K) =>
    reports.filter((report): report is Extract<PlayoutReport, { kind: K }> => report.kind === kind)
  const schedule = (id: string, segments: readonly Segment[], order: Partial<PlayOrder> = {}): void => {
    const clip: Clip = { id, segments, amplifiers: ['main', 'yard'], gainDb: 0 }
    engine.schedule({ clip, at: wall(0), fromFrame: 0, takeover: false, fadeInMs: 0, ...order })
  }
  const relay = (id: string): MemoryRelay => {
    const found = relays.get(id)
    if (found === undefined) throw new Error(`no relay ${id}`)
    return found
  }

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    reports.length = 0
    heard.length = 0
    relays = new Map()
    outputs = []
    stepMs = 0
    rewindable = true
    ppm = 0
    openPcm = () => {
      const output = new MemoryOutput(nowNs, heard, 24_000, rewindable)
      output.ppm = ppm
      outputs.push(output)
      return Promise.resolve(output)
    }
    engine = new Engine({
      channels: 1,
      bufferMs: 500,
      amplifiers: ['main', 'yard'].map(amplifierConfig),
      openPcm: () => openPcm(),
      openAmplifier: (config) => {
        const made = new MemoryRelay(config.id)
        relays.set(config.id, made)
        return Promise.resolve(made)
      },
      openSource: (segment, from): Source => {
        if (segment.kind === 'media' || segment.kind === 'stream') throw new Error('this test has no files')
        return new GeneratedSource(segment, from, 1)
      },
      nowNs,
      wallOffsetMs: () => 1e6 + stepMs,
      report: (report) => reports.push(report),
    })
    await engine.start(false)
  })
  afterEach(async () => {
    const stopped = engine.stop(0)
    await run(1000)
    await stopped
    vi.useRealTimers()
  })

  it('opens the device a little before it is needed and lets go of it half a minute after', async () => {
    schedule('late', [TONE(1)], { at: wall(20_000) })
    await run(10_000)
    expect(outputs).toHaveLength(0)
    await run(12_000)
    expect(of('ended')).toMatchObject([{ clip: 'late', end: 'finished', frames: 48_000 }])
    await run(28_000)
    expect(outputs.map(({ disposed }) => disposed)).toEqual([false])
    await run(5000)
    expect(outputs.map(({ disposed }) => disposed)).toEqual([true])
  })

  it('holds an immediate clip back until the relays have settled, and no longer', async () => {
    const ordered = wall(0)
    schedule('now', [TONE(1)], { takeover: true, at: ordered })
    await run(2000)
    const [started] = of('started')
    expect((started?.at ?? 0) - ordered).toBeGreaterThanOrEqual(300)
    expect((started?.at ?? 0) - ordered).toBeLessThan(360)
    expect(started?.intended).toBe(ordered)
  })

  it('follows the wall clock when it steps before the start', async () => {
    schedule('stepped', [TONE(1)], { at: wall(2000) })
    await run(1700)
    // The first frames lie in the ring already; the clock goes back by 5 s.
    stepMs = -5000
    await run(4000)
    expect(of('started')).toEqual([])
    await run(2000)
    const [started] = of('started')
    expect(Math.abs((started?.at ?? 0) - (started?.intended ?? 0))).toBeLessThan(0.1)
  })

  it('does not begin what the clock, set ahead at the last moment, makes too late', async () => {
    schedule('late', [TONE(1)], { at: wall(2000), latest: wall(4000) })
    await run(1700)
    // The first frames lie in the ring already.
    stepMs = 3_600_000
    await run(4000)
    expect(of('started')).toEqual([])
    expect(of('ended')).toMatchObject([{ clip: 'late', end: 'cut', frames: 0 }])
    expect(heard.every((sample) => sample === 0)).toBe(true)
  })

  it('begins at once what the clock, set ahead at the last moment, makes late but not too late', async () => {
    schedule('late', [TONE(1)], { at: wall(2000), latest: wall(4000) })
    await run(1700)
    stepMs = 1000
    await run(2000)
    expect(of('ended')).toMatchObject([{ clip: 'late', end: 'finished', frames: 48_000 }])
  })

  it('stays with the wall clock through a crystal that runs fast, and says how often it helped', async () => {
    ppm = 104
    schedule('long', [TONE(30)], { at: wall(2000) })
    await run(34_000)
    const [started] = of('started')
    const [ended] = of('ended')
    expect(ended).toMatchObject({ end: 'finished', frames: 1_440_000 })
    expect(Math.abs((ended?.at ?? 0) - (started?.intended ?? 0) - 30_000)).toBeLessThan(0.15)
    expect(ended?.corrections).toBeGreaterThan(130)
    expect(ended?.corrections).toBeLessThan(170)
  })

  it('plays on as it is when the wall clock steps under it', async () => {
    schedule('steady', [TONE(10)])
    await run(3000)
    stepMs = 800
    await run(3000)
    stepMs = -5000
    await run(6000)
    expect(of('ended')).toMatchObject([{ end: 'finished', frames: 480_000, corrections: 0 }])
  })

  it('goes on from its position when the device comes back within 10 s', async () => {
    schedule('lost', [TONE(8)])
    await run(3000)
    const working = openPcm
    openPcm = () => Promise.reject(new LoaError('AUDIO_DEVICE', 'gone'))
    for (const output of outputs) output.unplugged = true
    await run(4000)
    openPcm = working
    await run(20_000)
    expect(of('device').map(({ ok }) => ok)).toEqual([true, false, true])
    expect(of('ended')).toMatchObject([{ end: 'finished', frames: 384_000, frame: 384_000 }])
  })

  it('fails with AUDIO_DEVICE at its position when the device stays away', async () => {
    schedule('lost', [TONE(60)])
    await run(3000)
    openPcm = () => Promise.reject(new LoaError('AUDIO_DEVICE', 'gone'))
    for (const output of outputs) output.unplugged = true
    await run(9500)
    expect(of('ended')).toEqual([])
    await run(1500)
    const [ended] = of('ended')
    expect(ended).toMatchObject({ end: 'failed', code: 'AUDIO_DEVICE' })
    expect(ended?.frame).toBe(ended?.frames)
    expect(ended?.frame).toBeGreaterThan(100_000)
  })

  it('plays on with one relay that fails, and says so; with none it fails', async () => {
    relay('yard').fault = true
    schedule('half', [TONE(1)])
    await run(3000)
    expect(of('ended')).toMatchObject([{ end: 'finished', faults: [{ segment: 0, code: 'AMPLIFIER' }] }])
    relay('main').fault = true
    schedule('none', [TONE(1)])
    await run(3000)
    expect(of('ended').at(-1)).toMatchObject({ clip: 'none', end: 'failed', code: 'AMPLIFIER', frames: 0 })
  })

  it('reports a contact that disagrees with its relay', async () => {
    schedule('stuck', [TONE(2)])
    await run(1000)
    relay('main').contact = false
    await run(3000)
    expect(of('amplifier').find(({ state }) => state === 'stuck')).toMatchObject({
      id: 'main',
      fault: { code: 'AMPLIFIER_STUCK' },
    })
    expect(of('ended')).toMatchObject([{ end: 'finished', relay: false }])
  })

  it('cuts within 50 ms on a device that cannot take frames back, and loses nothing of the position', async () => {
    rewindable = false
    schedule('bed', [TONE(10)])
    await run(2000)
    const before = left()
    engine.cut('bed', 10)
    await run(500)
    const [ended] = of('ended')
    expect(ended?.end).toBe('cut')
    expect(heard.findLastIndex((sample) => Math.abs(sample) > 300) - before).toBeLessThan(2400)
  })

  it('a takeover that is due sounds from the next frame on, over the fade of what it cuts, and no frame is lost', async () => {
    schedule('bed', [TONE(10)])
    await run(2000)
    const before = left()
    schedule('alert', [{ kind: 'sound', sound: 'siren-two-tone', frames: 48_000, gainDb: 0 }], {
      takeover: true,
    })
    await run(5)
    schedule('after', [TONE(1)], { at: wall(60_000) })
    await run(1500)
    const [bed, alert] = of('ended')
    expect(bed).toMatchObject({ clip: 'bed', end: 'cut' })
    expect(alert).toMatchObject({ clip: 'alert', end: 'finished', frames: 48_000 })
    expect((bed?.at ?? 0) - (of('started').at(-1)?.at ?? 0)).toBeCloseTo(5, 0)
    const last = heard.findLastIndex((sample) => Math.abs(sample) > 3000)
    expect(last - before).toBeGreaterThan(47_500)
    expect(last - before).toBeLessThan(48_100)
    expect(heard.every((sample) => Math.abs(sample) <= CEILING)).toBe(true)
  })

  it('turns the volume of what sounds without waiting for the ring', async () => {
    schedule('loud', [TONE(10)])
    await run(2000)
    const before = left()
    engine.setGain('loud', -40, 20)
    await run(200)
    const after = heard.slice(before + 2400)
    expect(Math.max(...after)).toBeLessThan(100)
    expect(Math.max(...heard.slice(before - 2400, before))).toBeGreaterThan(7000)
  })

  it('a relay closed by hand opens by itself', async () => {
    engine.amplifier('yard', true, 2)
    await run(1000)
    expect([relay('yard').on, relay('main').on]).toEqual([true, false])
    await run(1500)
    expect(relay('yard').on).toBe(false)
  })

  it('every order ends exactly once, whatever comes after it', async () => {
    for (let index = 0; index < 20; index += 1) {
      schedule(`clip-${index}`, [TONE(1)], { takeover: index % 3 === 0, at: wall((index % 4) * 100) })
      await run(index * 37)
      if (index % 5 === 0) engine.cut(`clip-${index}`, 20)
    }
    await run(5000)
    const ended = of('ended').map(({ clip }) => clip)
    expect(ended.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `clip-${index}`).toSorted())
    for (const { clip } of of('started')) expect(ended).toContain(clip)
  })
})
