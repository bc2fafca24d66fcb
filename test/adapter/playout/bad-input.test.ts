import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStreamFetcher } from '../../../agent/adapters/http/http-stream-fetcher.ts'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import type { Segment } from '../../../agent/core/clip.ts'
import type { AudioFormat } from '../../../agent/core/documents.ts'
import type { PlayoutReport } from '../../../agent/ports/playout.ts'
import type { StreamRelay } from '../../../agent/ports/stream-relay.ts'
import { LiveRelay } from '../../../agent/services/streams/live-relay.ts'
import { LiveServer } from '../../fakes/live-server.ts'
import { inMs, PlayoutBench, samplesIn, wavOf } from '../../fakes/playout-bench.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { until } from '../../fakes/until.ts'
import { makeMp3, makeSound } from '../../fixtures/sounds.ts'

const LONG_TEST = 60_000
const RATE = 48_000
const MARK: Segment = { kind: 'tone', hz: 3000, frames: RATE / 10, gainDb: 0 }
const PCM = ['-c:a', 'pcm_s16le', '-f', 'wav'] as const
const MP3 = ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'] as const
const ADTS = ['-c:a', 'aac', '-b:a', '64k', '-f', 'adts'] as const
const sine = (hz: number, rate: number): string => `sine=frequency=${hz}:sample_rate=${rate}`

const peakOf = (samples: Int16Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)

/** Pitch by zero crossings of what is neither silence nor its edge. */
const hertzOf = (samples: Int16Array): number => {
  let crossings = 0
  for (let at = 1; at < samples.length; at += 1)
    if ((samples[at - 1] ?? 0) < 0 && (samples[at] ?? 0) >= 0) crossings += 1
  return (crossings * RATE) / samples.length
}

const recipes: (() => void)[] = []
/** Made before playout is there: it would take a test that waits for ffmpeg for a dead agent. */
const prepared = (make: () => Uint8Array): (() => Uint8Array) => {
  let made = new Uint8Array(0)
  recipes.push(() => {
    made = new Uint8Array(make())
  })
  return () => made
}
const mp3 = prepared(() => makeMp3(30))
const minute = prepared(() => makeSound(60, MP3))
const silence = prepared(() => makeSound(1, PCM, 'anullsrc=r=48000:cl=mono'))

type Heard = Extract<PlayoutReport, { kind: 'ended' }> & { readonly samples: Int16Array }

const openBench = async (streams?: StreamRelay): Promise<PlayoutBench> => {
  const bench = new PlayoutBench(
    (own) => ({ driver: 'wav', file: join(own, 'tape.wav'), rate: RATE, channels: 1, bufferMs: 500 }),
    {},
    { settleMs: 0, holdMs: 0 },
    streams,
  )
  await bench.up()
  return bench
}

/** Plays a part with a mark after it, which must sound whatever became of the part. */
const play = async (bench: PlayoutBench, segment: Segment, at?: ReturnType<typeof inMs>): Promise<Heard> => {
  const id = `round-${bench.of('ended').length}`
  bench.schedule(id, [segment, MARK], at === undefined ? {} : { at })
  const ended = await bench.report('ended', id)
  const tape = samplesIn(join(bench.folder, 'tape.wav'))
  const from = tape.length - Math.max(0, ended.frames)
  expect(ended).toMatchObject({ end: 'finished', frame: segment.frames + MARK.frames })
  return { ...ended, samples: tape.subarray(Math.max(0, from - RATE)) }
}
/** Frames of the part itself that sounded. */
const own = ({ frames }: Heard): number => frames - MARK.frames

beforeAll(() => {
  for (const make of recipes) make()
})

describe('a bad file plays as well as it can or ends with a reason, and nothing hangs:', () => {
  let bench: PlayoutBench
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  const playFile = (bytes: Uint8Array, format: AudioFormat, seconds: number): Promise<Heard> =>
    play(bench, bench.media(bytes, format, seconds))

  it('a corrupt file plays around its damage', async () => {
    const bytes = Buffer.from(mp3().subarray(0, mp3().length / 10))
    randomBytes(4000).copy(bytes, Math.floor(bytes.length / 3))
    const heard = await playFile(bytes, 'mp3', 3)
    expect(own(heard)).toBeGreaterThan(1.5 * RATE)
    for (const { code } of heard.faults) expect(['BAD_MEDIA', 'DECODER']).toContain(code)
  })

  it.each(
    (
      [
        ['mp3', MP3],
        ['flac', ['-c:a', 'flac', '-f', 'flac']],
        ['wav', PCM],
      ] as const
    ).map(([format, options]) => ({ format, whole: prepared(() => makeSound(4, options)) })),
  )('a truncated file plays to where it ends, and is BAD_MEDIA: $format', async ({ format, whole }) => {
    const heard = await playFile(whole().subarray(0, whole().length / 2), format, 4)
    expect(own(heard)).toBeGreaterThan(1.5 * RATE)
    expect(own(heard)).toBeLessThan(2.5 * RATE)
    expect(heard.faults).toEqual([{ segment: 0, code: 'BAD_MEDIA' }])
  })

  it('a file cut off within its header ends with BAD_MEDIA at once', async () => {
    const heard = await playFile(silence().subarray(0, 20), 'wav', 1)
    expect(own(heard)).toBe(0)
    expect(heard.faults).toEqual([{ segment: 0, code: 'BAD_MEDIA' }])
  })

  it('a silent file is silence of its length and no fault', async () => {
    const heard = await playFile(silence(), 'wav', 1)
    expect(own(heard)).toBe(RATE)
    expect(heard.faults).toEqual([])
  })

  it('a file of nothing but DC stays under the ceiling', async () => {
    const heard = await playFile(wavOf(new Int16Array(RATE).fill(32_000)), 'wav', 1)
    expect(own(heard)).toBe(RATE)
    expect(heard.faults).toEqual([])
    expect(20 * Math.log10(peakOf(heard.samples) / 32_768)).toBeLessThanOrEqual(-0.99)
  })

  const odd = (
    [
      ['8 kHz mono', 'wav', ['-ac', '1', ...PCM], 8000],
      ['7.1', 'wav', ['-ac', '8', ...PCM], 48_000],
      ['96 kHz', 'flac', ['-c:a', 'flac', '-f', 'flac'], 96_000],
      ['96 kHz of 24 bit', 'wav', ['-c:a', 'pcm_s24le', '-f', 'wav'], 96_000],
    ] as const
  ).map(([name, format, options, rate]) => ({
    ...{ name, format },
    bytes: prepared(() => makeSound(2, options, sine(440, rate))),
  }))
  it.each(odd)(
    'a file of $name has its length, its pitch and a level that can be heard',
    async ({ format, bytes }) => {
      const heard = await playFile(bytes(), format, 2)
      expect(Math.abs(own(heard) - 2 * RATE)).toBeLessThan(0.03 * RATE)
      expect(heard.faults).toEqual([])
      const middle = heard.samples.subarray(-1.5 * RATE, -0.5 * RATE)
      expect(Math.abs(hertzOf(middle) - 440)).toBeLessThan(4)
      expect(peakOf(middle)).toBeGreaterThan(800)
    },
  )

  it('a file longer than it says ends where it says', async () => {
    const heard = await playFile(mp3(), 'mp3', 1)
    expect(own(heard)).toBe(RATE)
    expect(heard.faults).toEqual([])
  })
})

describe.concurrent('a bad stream plays as well as it can or ends with a reason, and nothing hangs:', () => {
  const opened = new AsyncDisposableStack()
  afterAll(() => opened.disposeAsync())

  /** Plays what a server sends for so long, on a playout of its own. */
  const playStream = async (
    channel: { readonly bytes: Uint8Array; readonly bytesPerSecond: number },
    format: 'mp3' | 'aac',
    seconds: number,
  ): Promise<Heard & { readonly isLetGo: () => boolean }> => {
    const server = opened.use(new LiveServer())
    const origin = await server.start()
    server.channels.set('/live', channel)
    const bench = opened.use(
      await openBench(
        new LiveRelay({
          clock: createSystemClock(),
          fetcher: createStreamFetcher([`${origin}/`]),
          logger: silentLogger,
          newId: () => randomBytes(32).toString('hex'),
          onTrouble: () => undefined,
          onFailure: (error) => {
            throw error
          },
        }),
      ),
    )
    const segment: Segment = {
      ...{ kind: 'stream', id: '', format, frames: seconds * RATE },
      urls: [`${origin}/live`],
    }
    const heard = await play(bench, segment, inMs(4000))
    return { ...heard, isLetGo: () => server.requests.at(-1)?.destroyed === true }
  }
  const lostOf = ({ faults }: Heard): number => faults.reduce((sum, { lost = 0 }) => sum + lost, 0) / RATE

  it(
    'an endless stream ends with its declared length and is let go',
    async () => {
      const bytes = minute()
      const heard = await playStream({ bytes, bytesPerSecond: bytes.length / 60 }, 'mp3', 3)
      expect(own(heard)).toBe(3 * RATE)
      expect(heard.faults).toEqual([])
      await until('it is let go', heard.isLetGo)
    },
    LONG_TEST,
  )

  const changing = (
    [
      ['its sample rate and channels', 'mp3', MP3, ['-ac', '2', ...MP3], 22_050],
      ['its sample rate', 'aac', ADTS, ADTS, 24_000],
      ['its codec, which nobody announced', 'mp3', MP3, ADTS, 44_100],
    ] as const
  ).map(([name, format, before, after, rate]) => ({
    ...{ name, format, seamless: format === 'aac' || after !== ADTS },
    bytes: prepared(() =>
      Buffer.concat([makeSound(3, before, sine(440, 44_100)), makeSound(20, after, sine(880, rate))]),
    ),
  }))
  it.each(changing)(
    'a stream that changes $name goes on or is tuned in anew, and ends on time',
    async ({ name, format, seamless, bytes }) => {
      const heard = await playStream({ bytes: bytes(), bytesPerSecond: 8000 }, format, 8)
      console.log(`changes ${name}: ${lostOf(heard).toFixed(2)} s lost`, JSON.stringify(heard.faults))
      expect(own(heard)).toBe(8 * RATE)
      for (const { code } of heard.faults) expect(code).toBe('STREAM')
      expect(lostOf(heard)).toBeLessThan(seamless ? 1 : 5)
      if (seamless)
        expect(Math.abs(hertzOf(heard.samples.subarray(-1.1 * RATE, -0.3 * RATE)) - 880)).toBeLessThan(10)
    },
    LONG_TEST,
  )
})
