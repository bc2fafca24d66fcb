import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FRAMES_PER_SECOND, type Segment } from '../../../agent/core/clip.ts'
import { SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { PlayoutBench } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { whiteNoise } from '../../rig/acoustics.ts'
import { buildVirtualDac, type VirtualDac } from '../../rig/virtual-dac.ts'
import { VirtualMicrophone } from '../../rig/virtual-microphone.ts'

const PILOT: Segment = { kind: 'sound', sound: 'pilot', frames: SOUND_FRAMES.pilot, gainDb: 0 }
const SIREN: Segment = { kind: 'sound', sound: 'siren-two-tone', frames: 4 * FRAMES_PER_SECOND, gainDb: 0 }

let dac: VirtualDac
beforeAll(() => {
  dac = buildVirtualDac()
})
afterAll(() => dac[Symbol.dispose]())

class HearingBench extends PlayoutBench {
  readonly microphone: VirtualMicrophone

  private constructor(device: string, microphone: VirtualMicrophone) {
    super(
      { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500, capture: { device } },
      { ...dac.env, ...microphone.env },
    )
    this.microphone = microphone
  }

  static async open(device: string): Promise<HearingBench> {
    const bench = new HearingBench(device, new VirtualMicrophone(dac.folder))
    await bench.up()
    return bench
  }

  /** How much was heard of a piece that was played from its beginning to its end. */
  async heard(id: string, segment: Segment): Promise<number | undefined> {
    this.schedule(id, [segment])
    const ended = await this.report('ended', id)
    expect(ended).toMatchObject({ end: 'finished', frames: segment.frames })
    return ended.heard?.score
  }

  /** What it said of the capture device. */
  told(): readonly boolean[] {
    return this.of('capture').map(({ ok }) => ok)
  }
}

type Descriptor = { readonly path: string; readonly writable: boolean }

/** What a process has open; what it closes meanwhile is left out. */
const descriptorsOf = (pid: number): readonly Descriptor[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${fd}`)
      const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0'
      return [{ path, writable: (Number.parseInt(flags, 8) & 3) !== 0 }]
    } catch {
      return []
    }
  })

describe.concurrent('what a capture device hears', () => {
  it('of the pilot is most beside noise, nothing without it, at any rate, and a number is all that is told', async () => {
    await using bench = await HearingBench.open('mic44')
    const file = join(dac.folder, 'noise')
    writeFileSync(file, whiteNoise(2 * FRAMES_PER_SECOND, 5))
    bench.microphone.hear({ delay: 120, gain: 0.3, dc: 0.2 })
    expect(await bench.heard('clear', PILOT)).toBeGreaterThanOrEqual(0.9)
    bench.microphone.hear({ delay: 350, file, other: 1 })
    expect(await bench.heard('noisy', PILOT)).toBeGreaterThanOrEqual(0.8)
    bench.microphone.hear({ gain: 0, file, other: 1 })
    expect(await bench.heard('noise alone', PILOT)).toBeLessThanOrEqual(0.2)
    // Privacy: what crosses to the agent are numbers and words, and never many of them.
    for (const report of bench.reports) {
      expect(JSON.stringify(report).length).toBeLessThan(400)
      for (const value of Object.values(report))
        expect(ArrayBuffer.isView(value) || (Array.isArray(value) && value.length > 4)).toBe(false)
    }
    expect(bench.told()).toEqual([true])
  })

  it('goes into no file, and it is let go of with the last sound', async () => {
    await using bench = await HearingBench.open('mic0')
    bench.schedule('siren', [SIREN])
    await bench.report('progress', 'siren')
    await until('it hears', () => bench.told().length > 0)
    const pid = bench.playout.pid ?? 0
    const files = descriptorsOf(pid).filter(
      ({ path, writable }) => writable && path.startsWith('/') && !path.startsWith('/dev/'),
    )
    // The relay's trace and the log of the virtual sound card are the rig's own.
    const rig: readonly string[] = [bench.trace, dac.env.VDAC_LOG]
    expect(files.filter(({ path }) => !rig.includes(path))).toEqual([])
    // Each virtual device has a timer, and nothing else here has.
    const timers = (): number => descriptorsOf(pid).filter(({ path }) => path.includes('timerfd')).length
    const listening = timers()
    expect((await bench.report('ended', 'siren')).heard?.score).toBeGreaterThanOrEqual(0.9)
    await until('the capture device is closed', () => timers() === listening - 1)
  })

  it('is not asked for where there is no such device: that is told once, and everything sounds', async () => {
    await using bench = await HearingBench.open('nowhere')
    expect(await bench.heard('first', PILOT)).toBeUndefined()
    expect(await bench.heard('second', PILOT)).toBeUndefined()
    expect(bench.of('capture')).toMatchObject([{ ok: false, message: expect.stringContaining('arecord -L') }])
  })

  it('ends when it is pulled out or gives nothing any more, each told once, and nothing else does', async () => {
    await using bench = await HearingBench.open('mic16')
    const { microphone } = bench
    bench.schedule('siren', [SIREN])
    await until('it hears', () => bench.told().at(-1) === true)
    microphone.hear({ gone: 1 })
    expect(await bench.report('ended', 'siren')).toMatchObject({ end: 'finished', frames: SIREN.frames })
    expect(bench.told()).toEqual([true, false])
    microphone.hear({ delay: 50 })
    expect(await bench.heard('again', SIREN)).toBeGreaterThanOrEqual(0.8)
    expect(bench.told()).toEqual([true, false, true])
    bench.schedule('frozen', [SIREN])
    await bench.report('progress', 'frozen')
    microphone.hear({ frozen: 1 })
    expect(await bench.report('ended', 'frozen')).toMatchObject({ end: 'finished', frames: SIREN.frames })
    expect(bench.told()).toEqual([true, false, true, false])
  })
})
