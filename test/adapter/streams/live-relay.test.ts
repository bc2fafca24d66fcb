import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStreamFetcher } from '../../../agent/adapters/http/http-stream-fetcher.ts'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import type { Segment } from '../../../agent/core/clip.ts'
import type { StreamFormat } from '../../../agent/core/documents.ts'
import { LiveRelay } from '../../../agent/services/streams/live-relay.ts'
import { LiveServer } from '../../fakes/live-server.ts'
import { inMs, PlayoutBench } from '../../fakes/playout-bench.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { until } from '../../fakes/until.ts'
import { makeHls } from '../../fixtures/hls.ts'
import { makeSound } from '../../fixtures/sounds.ts'
import { buildVirtualDac, type VirtualDac } from '../../rig/virtual-dac.ts'

const LONG_TEST = 40_000
const SECONDS = 25
const CODECS = [
  { format: 'mp3', options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'] },
  { format: 'aac', options: ['-c:a', 'aac', '-b:a', '64k', '-f', 'adts'] },
  { format: 'ogg', options: ['-c:a', 'libopus', '-b:a', '64k', '-f', 'ogg'] },
] as const

describe('a live relay', () => {
  let dac: VirtualDac
  let bench: PlayoutBench
  let server: LiveServer
  let origin: string
  const troubles: { readonly at: number; readonly url: string; readonly why: string }[] = []

  beforeAll(async () => {
    dac = buildVirtualDac()
    server = new LiveServer()
    origin = await server.start()
    // Before playout is there: it would take a test that waits for ffmpeg for a dead agent.
    for (const container of ['mpegts', 'fmp4'] as const)
      for (const [name, bytes] of makeHls(10, 2, container))
        server.channels.set(`/${container}/${name}`, { bytes })
    for (const { format, options } of CODECS) {
      const bytes = makeSound(SECONDS, options)
      const bytesPerSecond = bytes.length / SECONDS
      for (const place of ['a', 'b']) server.channels.set(`/${place}.${format}`, { bytes, bytesPerSecond })
    }
    const relay = new LiveRelay({
      clock: createSystemClock(),
      fetcher: createStreamFetcher([`${origin}/`]),
      logger: {
        ...silentLogger,
        warn: (data: object) => troubles.push({ at: Date.now(), url: '', why: '', ...data }),
      },
      newId: () => randomBytes(32).toString('hex'),
      onTrouble: () => undefined,
      onFailure: (error) => {
        throw error
      },
    })
    bench = new PlayoutBench(
      { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500 },
      dac.env,
      {},
      relay,
    )
    await bench.up()
  })
  beforeEach(() => {
    server.asked.length = 0
    troubles.length = 0
    for (const channel of server.channels.values()) channel.state = 'flows'
  })
  afterEach(() => until('every relay is open', () => bench.relayIsOpen()))
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    dac[Symbol.dispose]()
  })

  const stream = (format: StreamFormat, seconds: number, ...paths: readonly string[]): Segment => ({
    ...{ kind: 'stream', id: '', format, frames: 48_000 * seconds },
    urls: paths.map((path) => `${origin}${path}`),
  })
  const channel = (path: string) => {
    const found = server.channels.get(path)
    if (found === undefined) throw new Error(`no ${path}`)
    return found
  }
  const onAfter = (ms: number): number =>
    1000 * (dac.events('on').find(({ t }) => 1000 * t >= ms - 20)?.t ?? Number.NaN)
  const offAfter = (ms: number): number =>
    1000 * (dac.events('off').findLast(({ t }) => 1000 * t >= ms)?.t ?? Number.NaN)

  /** Silences longer than the dropouts of a busy machine: when, and how long, in ms. */
  const silencesIn = (from: number, to: number): readonly string[] =>
    dac
      .events('off')
      .filter(({ t }) => 1000 * t > from && 1000 * t < to)
      .flatMap(({ t }) => {
        const on = dac.events('on').find((event) => event.t > t)?.t ?? Number.POSITIVE_INFINITY
        return on - t > 0.2 ? [`at ${(1000 * t - from).toFixed(0)}: ${(1000 * (on - t)).toFixed(0)} ms`] : []
      })

  it(
    'joins and leaves on its second, and lets the connection go',
    async () => {
      const at = inMs(5000)
      bench.schedule('on-time', [stream('aac', 3, '/a.aac')], { at })
      const ended = await bench.report('ended', 'on-time')
      expect(ended).toMatchObject({ end: 'finished', frame: 144_000, frames: 144_000, underruns: 0 })
      expect(ended.faults).toEqual([])
      const on = onAfter(at)
      const off = offAfter(on)
      console.log(`joined ${(on - at).toFixed(1)} ms, left ${(off - at - 3000).toFixed(1)} ms off its second`)
      expect(Math.abs(on - at)).toBeLessThan(40)
      expect(Math.abs(off - at - 3000)).toBeLessThan(40)
      expect(server.asked).toEqual(['/a.aac'])
      expect(server.requests.at(-1)?.headers['icy-metadata']).toBeUndefined()
      await until('the connection is let go', () => server.requests.at(-1)?.destroyed === true)
    },
    LONG_TEST,
  )

  it(
    'plays every format, one part after the other without a gap',
    async () => {
      const at = inMs(5000)
      const parts = [
        ...(['mp3', 'ogg', 'aac'] as const).map((format) => stream(format, 2, `/a.${format}`)),
        ...(['mpegts', 'fmp4'] as const).map((container) => stream('hls', 2, `/${container}/index.m3u8`)),
      ]
      bench.schedule('formats', parts, { at })
      const ended = await bench.report('ended', 'formats')
      expect(ended).toMatchObject({ end: 'finished', frames: 480_000, underruns: 0, faults: [] })
      expect(silencesIn(at, at + 9900)).toEqual([])
      expect(Math.abs(offAfter(at) - at - 10_000)).toBeLessThan(40)
    },
    LONG_TEST,
  )

  it(
    'decodes what it is told to, and follows nothing that the bytes name',
    async () => {
      const names = [`${origin}/b.mp3`, 'file:///etc/hostname', `concat:${origin}/b.mp3`]
      const list = ['#EXTM3U', '#EXT-X-TARGETDURATION:5', ...names.flatMap((name) => ['#EXTINF:5,', name])]
      const bytes = Buffer.alloc(100_000, `${list.join('\n')}\n`)
      for (const format of ['mp3', 'aac', 'ogg'] as const) {
        server.channels.set(`/trap.${format}`, { bytes, bytesPerSecond: 20_000 })
        bench.schedule(`trap-${format}`, [stream(format, 3, `/trap.${format}`)], { at: inMs(1000) })
        const ended = await bench.report('ended', `trap-${format}`)
        expect(ended.faults).toMatchObject([{ code: 'STREAM', lost: 144_000 }])
      }
      expect(server.asked.filter((path) => !path.startsWith('/trap.'))).toEqual([])
    },
    LONG_TEST,
  )

  it(
    'changes to the next URL when the first stalls, and nobody hears more than a breath of it',
    async () => {
      const at = inMs(5000)
      bench.schedule('stalls', [stream('mp3', 8, '/a.mp3', '/b.mp3')], { at })
      await until('it sounds', () => bench.of('progress', 'stalls').length > 2, 20_000)
      const stalled = Date.now()
      channel('/a.mp3').state = 'stalled'
      await until('the other is asked', () => server.asked.includes('/b.mp3'))
      const changed = Date.now() - stalled
      const ended = await bench.report('ended', 'stalls')
      const lost = ended.faults.reduce((sum, fault) => sum + (fault.lost ?? 0), 0) / 48
      const silences = silencesIn(at, at + 7900)
      console.log(`changed over ${changed} ms after the stall; ${lost.toFixed(0)} ms lost;`, silences)
      expect(changed).toBeLessThan(3000)
      expect(ended).toMatchObject({ end: 'finished', frames: 384_000, underruns: 0 })
      expect(Math.abs(offAfter(at) - at - 8000)).toBeLessThan(40)
    },
    LONG_TEST,
  )

  it(
    'begins in silence and reports what was lost when nobody answers, and goes on with the next part',
    async () => {
      channel('/a.aac').state = 'gone'
      channel('/b.aac').state = 'gone'
      const at = inMs(5000)
      const tone: Segment = { kind: 'tone', hz: 440, frames: 48_000, gainDb: 0 }
      bench.schedule('dead', [stream('aac', 3, '/a.aac', '/b.aac'), tone], { at })
      const ended = await bench.report('ended', 'dead')
      expect(ended).toMatchObject({
        end: 'finished',
        frames: 192_000,
        underruns: 0,
        faults: [{ segment: 0, code: 'STREAM', lost: 144_000 }],
      })
      expect(Math.abs(onAfter(at) - at - 3000)).toBeLessThan(20)
      expect(new Set(server.asked)).toEqual(new Set(['/a.aac', '/b.aac']))
      // Half a second, one, two: nobody is asked without a breath.
      expect(server.asked.length).toBeLessThan(16)
    },
    LONG_TEST,
  )

  it(
    'comes back to a source that died and lives again',
    async () => {
      const at = inMs(5000)
      bench.schedule('dies', [stream('ogg', 10, '/a.ogg')], { at })
      await until('it sounds', () => bench.of('progress', 'dies').length > 1, 20_000)
      channel('/a.ogg').state = 'ends'
      await until('it is asked again', () => server.asked.length > 1)
      channel('/a.ogg').state = 'flows'
      const ended = await bench.report('ended', 'dies')
      expect(ended).toMatchObject({ end: 'finished', frames: 480_000, underruns: 0 })
      const lost = ended.faults.reduce((sum, fault) => sum + (fault.lost ?? 0), 0) / 48
      console.log(`died and lived: ${lost.toFixed(0)} ms reported lost`)
      expect(lost).toBeLessThan(4000)
      expect(offAfter(at) - at).toBeGreaterThan(9900)
    },
    LONG_TEST,
  )

  it(
    'leaves a source whose bytes are no sound',
    async () => {
      server.channels.set('/page.mp3', {
        bytes: Buffer.alloc(200_000, '<p>no such page</p>'),
        bytesPerSecond: 20_000,
      })
      const at = inMs(6000)
      bench.schedule('page', [stream('mp3', 3, '/page.mp3', '/b.mp3')], { at })
      const ended = await bench.report('ended', 'page')
      console.log(
        'no sound:',
        JSON.stringify(ended.faults),
        troubles.map(({ why }) => why),
      )
      expect(ended).toMatchObject({ end: 'finished', frames: 144_000 })
      expect(server.asked).toContain('/b.mp3')
    },
    LONG_TEST,
  )
})
