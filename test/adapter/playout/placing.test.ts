import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Segment } from '../../../agent/core/clip.ts'
import { inMs, noise, PlayoutBench, wavOf } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { buildVirtualDac, type VirtualDac } from '../../rig/virtual-dac.ts'

const TONE: Segment = { kind: 'tone', hz: 1000, frames: 48_000, gainDb: 0 }
const LONG: Segment = { ...TONE, frames: 480_000 }
const LOUD: Segment = { kind: 'sound', sound: 'siren-two-tone', frames: 48_000, gainDb: 0 }

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe('playout on the virtual DAC', () => {
  let dac: VirtualDac
  let bench: PlayoutBench

  beforeAll(async () => {
    dac = buildVirtualDac()
    bench = new PlayoutBench(
      { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500 },
      dac.env,
    )
    await bench.up()
  })
  afterEach(() => until('every relay is open', () => bench.relayIsOpen()))
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    dac[Symbol.dispose]()
  })

  const offAfter = async (seconds: number): Promise<number> => {
    await until('the sound goes off', () => dac.events('off').some(({ t }) => t > seconds))
    return dac.events('off').find(({ t }) => t > seconds)?.t ?? Number.NaN
  }

  it('places the first frame of a file on its instant, to well below a millisecond', async () => {
    const click = bench.media(wavOf(noise(0.2)), 'wav', 0.2)
    const errors: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const at = inMs(700 + 3.7 * round)
      bench.schedule(`click-${round}`, [click], { at })
      const { intended } = await bench.report('started', `click-${round}`)
      expect(intended).toBe(at)
      await bench.report('ended', `click-${round}`)
      const heard = dac.events('on').at(-1)?.t ?? Number.NaN
      errors.push(1000 * heard - at)
    }
    expect(Math.abs(median(errors))).toBeLessThan(0.1)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(3)
  })

  it('is silent within 50 ms of a cut and says where', async () => {
    bench.schedule('long', [LONG])
    await bench.report('progress', 'long')
    const ordered = Date.now() / 1000
    bench.playout.cut('long', 20)
    const ended = await bench.report('ended', 'long')
    expect(ended).toMatchObject({ end: 'cut', underruns: 0, faults: [] })
    expect(ended.frame).toBe(ended.frames)
    expect((await offAfter(ordered)) - ordered).toBeLessThan(0.05)
  })

  it('lets a takeover cut in at once, and goes on with nothing of what it cut', async () => {
    bench.schedule('bed', [LONG])
    await bench.report('progress', 'bed')
    const ordered = Date.now() / 1000
    bench.schedule('alarm', [LOUD], { takeover: true })
    expect(await bench.report('ended', 'bed')).toMatchObject({ end: 'cut' })
    const started = await bench.report('started', 'alarm')
    expect(started.at / 1000 - ordered).toBeLessThan(0.1)
    const loud = dac.events('loud').find(({ t }) => t > ordered)
    expect((loud?.t ?? Number.NaN) - ordered).toBeLessThan(0.1)
    expect(await bench.report('ended', 'alarm')).toMatchObject({ end: 'finished', frames: LOUD.frames })
  })

  it('cuts for a takeover at its instant, to the millisecond', async () => {
    bench.schedule('bed-2', [LONG])
    await bench.report('started', 'bed-2')
    const at = inMs(900)
    bench.schedule('alarm-2', [LOUD], { takeover: true, at })
    const ended = await bench.report('ended', 'bed-2')
    const started = await bench.report('started', 'alarm-2')
    expect(Math.abs(ended.at - at)).toBeLessThan(1)
    expect(Math.abs(started.at - at)).toBeLessThan(1)
    await bench.report('ended', 'alarm-2')
  })

  it('starts what waits on the frame after what sounds', async () => {
    bench.schedule('first', [TONE])
    await bench.report('started', 'first')
    bench.schedule('second', [TONE], { at: inMs(0) })
    await bench.report('ended', 'second')
    const end = await bench.report('ended', 'first')
    const start = await bench.report('started', 'second')
    expect(end).toMatchObject({ end: 'finished', frame: 48_000, frames: 48_000 })
    expect(Math.abs(start.at - end.at)).toBeLessThan(0.05)
    expect(start.intended).toBeCloseTo(end.at, 1)
  })

  it('withdraws what has not started, and ends what a later order displaces', async () => {
    bench.schedule('never', [TONE], { at: inMs(5000) })
    bench.schedule('instead', [TONE], { at: inMs(6000) })
    expect(await bench.report('ended', 'never')).toMatchObject({ end: 'cut', frame: 0, frames: 0 })
    bench.playout.cut('instead', 20)
    expect(await bench.report('ended', 'instead')).toMatchObject({ end: 'cut', frame: 0, frames: 0 })
    expect(bench.of('started', 'instead')).toEqual([])
  })

  it('closes the relay before the sound by the settle time and opens it after the hold time', async () => {
    const from = bench.relays().length
    bench.schedule('relayed', [TONE], { at: inMs(800) })
    const start = await bench.report('started', 'relayed')
    const end = await bench.report('ended', 'relayed')
    expect(end.relay).toBe(true)
    await until('the relay is open', () => bench.relayIsOpen())
    const [on, off] = bench.relays().slice(from)
    expect(on?.on).toBe(true)
    expect(start.at - Date.parse(on?.at ?? '')).toBeGreaterThanOrEqual(100)
    expect(Date.parse(off?.at ?? '') - end.at).toBeGreaterThanOrEqual(99)
    expect(Date.parse(off?.at ?? '') - end.at).toBeLessThan(400)
  })

  it('mutes at once, relay and all, and refuses orders until lifted', async () => {
    bench.schedule('muted', [LONG])
    await bench.report('progress', 'muted')
    const ordered = Date.now() / 1000
    bench.playout.mute(true)
    expect(await bench.report('ended', 'muted')).toMatchObject({ end: 'cut' })
    expect((await offAfter(ordered)) - ordered).toBeLessThan(0.1)
    await until('the relay is open', () => bench.relayIsOpen(), 1000)
    bench.schedule('while-muted', [TONE])
    expect(await bench.report('ended', 'while-muted')).toMatchObject({ end: 'cut', frames: 0 })
    bench.playout.mute(false)
  })

  it('never let the device run dry in all this', () => {
    expect(dac.events('xrun')).toEqual([])
  })
})
