import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FRAMES_PER_SECOND, type Segment } from '../../../agent/core/clip.ts'
import { inMs, noise, PlayoutBench, samplesIn, wavOf } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { ENCODINGS, makeSound } from '../../fixtures/sounds.ts'

const TONE: Segment = { kind: 'tone', hz: 1000, frames: 48_000, gainDb: 0 }
const HUGE = 0.02 * 32_767

/** Where `needle` stands in `hay`, sample for sample; -1 if nowhere. */
const find = (hay: Int16Array, needle: Int16Array, from = 0): number => {
  for (let at = from; at + needle.length <= hay.length; at += 1) {
    let same = 0
    while (same < needle.length && hay[at + same] === needle[same]) same += 1
    if (same === needle.length) return at
  }
  return -1
}

describe('playout into a WAV file', () => {
  let bench: PlayoutBench
  let tape: string

  beforeEach(async () => {
    bench = new PlayoutBench(
      (own) => ({ driver: 'wav', file: join(own, 'tape.wav'), rate: 48_000, channels: 1, bufferMs: 500 }),
      {},
    )
    tape = join(bench.folder, 'tape.wav')
    await bench.up()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  const pidOf = (): number => {
    const { pid } = bench.playout
    if (pid === undefined) throw new Error('no playout process')
    return pid
  }

  it('plays the parts of a clip in order, each for its declared length', async () => {
    const file = bench.media(wavOf(noise(0.5)), 'wav', 0.5)
    const clip = bench.schedule('parts', [
      { kind: 'sound', sound: 'chime', frames: 24_000, gainDb: 0 },
      file,
      { kind: 'silence', frames: 12_000 },
      file,
    ])
    const ended = await bench.report('ended', 'parts')
    expect(ended).toMatchObject({ end: 'finished', frame: 84_000, frames: 84_000, underruns: 0, faults: [] })
    expect(clip.segments).toHaveLength(4)
    await bench.playout[Symbol.asyncDispose]()
    const heard = samplesIn(tape)
    const first = find(heard, noise(0.5))
    expect(first).toBeGreaterThan(0)
    expect(find(heard, noise(0.5), first + 1)).toBe(first + 24_000 + 12_000)
    expect(Math.max(...heard.subarray(first + 24_000, first + 36_000))).toBe(0)
    expect(Math.max(...heard.subarray(first - 24_000, first))).toBeGreaterThan(HUGE)
  })

  it.each(ENCODINGS)('plays $name to its end', async ({ format, options }) => {
    const file = bench.media(makeSound(1, options), format, 1)
    bench.schedule('file', [file])
    const ended = await bench.report('ended', 'file')
    expect(ended).toMatchObject({ end: 'finished', frame: 48_000, underruns: 0, faults: [] })
    expect(ended.frames).toBeGreaterThan(0.95 * FRAMES_PER_SECOND)
    expect(ended.frames).toBeLessThanOrEqual(FRAMES_PER_SECOND)
  })

  it('takes a clip up again on the very frame where it was cut', async () => {
    const samples = noise(6)
    const file = bench.media(wavOf(samples), 'wav', 6)
    // At an instant: what starts late is brought nearer to its second by single frames.
    bench.schedule('news', [file], { at: inMs(1500) })
    await until('a second has sounded', () =>
      bench.of('progress', 'news').some((report) => report.frame > 24_000),
    )
    bench.playout.cut('news', 20)
    const { frame, frames } = await bench.report('ended', 'news')
    expect(frame).toBe(frames)
    bench.schedule('news-again', [file], { fromFrame: frame, at: inMs(1500) })
    await until('it goes on', () => bench.of('progress', 'news-again').length > 2)
    await bench.playout[Symbol.asyncDispose]()
    const heard = samplesIn(tape)
    const start = find(heard, samples.subarray(0, 1000))
    // The last samples before the cut and the first after it are faded: look just outside.
    expect(find(heard, samples.subarray(frame - 3000, frame - 2000))).toBe(start + frame - 3000)
    expect(heard[start + frame - 400]).not.toBe(0)
    expect(heard.subarray(start + frame, start + frame + 100).every((sample) => sample === 0)).toBe(true)
    const again = find(heard, samples.subarray(frame + 300, frame + 1300))
    expect(again).toBeGreaterThan(start + frame)
    const [ended] = bench.of('ended', 'news-again')
    expect(ended?.frame).toBe(frame + (ended?.frames ?? Number.NaN))
  })

  it('loses nothing but the moment when it is killed: told, relay forced open, up again, taken up', async () => {
    const file = bench.media(wavOf(noise(8)), 'wav', 8)
    bench.schedule('speech', [file])
    await bench.report('progress', 'speech')
    expect(bench.relayIsOpen()).toBe(false)
    const killed = Date.now()
    process.kill(pidOf(), 'SIGKILL')
    const lost = await bench.report('ended', 'speech')
    expect(lost).toMatchObject({ end: 'lost', faults: [] })
    expect(bench.relayIsOpen()).toBe(true)
    expect(Date.now() - killed).toBeLessThan(1000)
    await bench.up(2)
    expect(bench.of('process').map(({ up }) => up)).toEqual([true, false, true])
    bench.schedule('speech-2', [file], { fromFrame: lost.frame })
    expect((await bench.report('started', 'speech-2')).frame).toBe(lost.frame)
    expect(bench.of('ended', 'speech')).toHaveLength(1)
  })

  it('started again closes the relay anew that feeds a sign', async () => {
    bench.playout.feed('main', true)
    await until('the relay is closed', () => !bench.relayIsOpen())
    process.kill(pidOf(), 'SIGKILL')
    await bench.up(2)
    await until('it is closed again', () => bench.relays().length === 3 && !bench.relayIsOpen())
    bench.playout.feed('main', false)
    await until('it opens', () => bench.relayIsOpen())
  })

  it('is killed and started again when it hangs while it plays', async () => {
    bench.schedule('hanging', [{ ...TONE, frames: 480_000 }])
    await bench.report('progress', 'hanging')
    const stopped = Date.now()
    process.kill(pidOf(), 'SIGSTOP')
    expect(await bench.report('ended', 'hanging')).toMatchObject({ end: 'lost' })
    expect(Date.now() - stopped).toBeLessThan(3000)
    expect(bench.relayIsOpen()).toBe(true)
    await bench.up(2)
  })

  it('goes on with the next part when a file is missing or does not decode, and says which', async () => {
    const missing: Segment = {
      ...bench.media(wavOf(noise(1)), 'wav', 1),
      kind: 'media',
      sha256: 'ab'.repeat(32),
    } as Segment
    const broken = bench.media(new TextEncoder().encode('<html>not found</html>'), 'mp3', 1)
    bench.schedule('holes', [missing, TONE, broken, TONE])
    const ended = await bench.report('ended', 'holes')
    expect(ended).toMatchObject({ end: 'finished', frames: 96_000, frame: 4 * 48_000 })
    expect(ended.faults).toEqual([
      { segment: 0, code: 'NO_MEDIA' },
      { segment: 2, code: 'BAD_MEDIA' },
    ])
  })

  it('fails a clip of which nothing can be had', async () => {
    const broken = bench.media(new TextEncoder().encode('<html>not found</html>'), 'mp3', 1)
    bench.schedule('nothing', [broken])
    expect(await bench.report('ended', 'nothing')).toMatchObject({
      end: 'failed',
      code: 'BAD_MEDIA',
      frames: 0,
    })
    expect(bench.of('started', 'nothing')).toEqual([])
  })

  it('fades, opens the relay and ends within 2 s when it is closed', async () => {
    bench.schedule('last', [{ ...TONE, frames: 480_000 }])
    await bench.report('progress', 'last')
    const closed = Date.now()
    await bench.playout[Symbol.asyncDispose]()
    expect(Date.now() - closed).toBeLessThan(2000)
    expect(await bench.report('ended', 'last')).toMatchObject({ end: 'cut' })
    expect(bench.relayIsOpen()).toBe(true)
    const heard = samplesIn(tape)
    expect(Math.abs(heard.at(-1) ?? Number.NaN)).toBeLessThan(300)
  })
})

describe('T25 playout without its agent', () => {
  it('opens the relay and ends within a second when the agent is killed', async () => {
    const bench = pathToFileURL(join(import.meta.dirname, '../../fakes/playout-bench.ts')).href
    // An agent of its own that plays, says where its traces are, and waits to be killed.
    const agent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { PlayoutBench } = await import(${JSON.stringify(bench)})
         const bench = new PlayoutBench((own) => ({ driver: 'wav', file: own + '/tape.wav', rate: 48000, channels: 1, bufferMs: 500 }), {})
         bench.schedule('orphan', [{ kind: 'tone', hz: 1000, frames: 4800000, gainDb: 0 }])
         await bench.report('progress', 'orphan')
         console.log(JSON.stringify({ trace: bench.trace, pid: bench.playout.pid }))`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let said = ''
    agent.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    await until('it plays', () => said.endsWith('\n'), 20_000)
    const { trace, pid }: { readonly trace: string; readonly pid: number } = JSON.parse(said)
    const relayLines = (): string[] => readFileSync(trace, 'utf8').trim().split('\n')
    expect(relayLines().at(-1)).toContain('"on":true')
    agent.kill('SIGKILL')
    await until('the relay is open', () => relayLines().at(-1)?.includes('"on":false') === true, 1000)
    await until('playout has ended', () => !existsSync(`/proc/${pid}`), 2000)
    rmSync(dirname(trace), { recursive: true, force: true })
  })
})
