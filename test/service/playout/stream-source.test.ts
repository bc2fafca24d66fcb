import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import type { StreamBytes } from '../../../agent/playout/media-bytes.ts'
import { JITTER, StreamSource } from '../../../agent/playout/stream-source.ts'
import type { Decoder, DecoderProcess } from '../../../agent/ports/decoder.ts'
import { until } from '../../fakes/until.ts'

const SECOND = 48_000
const LOUD = 8000

/** A decoder whose bytes are PCM already. */
class PlainDecoder implements Decoder {
  readonly spawned: (DecoderProcess & { readonly die: () => void })[] = []
  broken = false

  spawn(): DecoderProcess {
    if (this.broken) throw new LoaError('DECODER', 'no such program')
    const stdin = new PassThrough()
    const stdout = new PassThrough()
    stdin.pipe(stdout)
    const { promise: exited, resolve } = Promise.withResolvers<{ ok: boolean; message: string }>()
    stdout.once('end', () => resolve({ ok: true, message: '' }))
    const kill = (): void => {
      stdin.destroy()
      stdout.destroy()
      resolve({ ok: false, message: 'killed' })
    }
    const made = { stdin, stdout, exited, kill, die: kill }
    this.spawned.push(made)
    return made
  }
}

/** The agent's side: what is put is given, in order; `tunings` lists every tuning asked for. */
class Sender implements StreamBytes {
  readonly tunings: number[] = []
  closed = false
  unknown = false
  readonly #pieces: Uint8Array[] = []
  #waiting: ((bytes: Uint8Array | undefined) => void) | undefined
  #told = -1

  put(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#serve()
  }

  /** So many seconds of a constant. */
  sound(seconds: number, value = LOUD): void {
    const samples = new Int16Array(Math.round(seconds * SECOND)).fill(value)
    this.put(new Uint8Array(samples.buffer))
  }

  /** The tuning is over. */
  end(): void {
    this.put(new Uint8Array(0))
  }

  readStream(_id: string, tuning: number): Promise<Uint8Array | undefined> {
    if (this.tunings.at(-1) !== tuning) this.tunings.push(tuning)
    if (this.unknown) return Promise.resolve(undefined)
    if (tuning !== this.#told) {
      this.#told = tuning
      return Promise.resolve(new TextEncoder().encode('mp3'))
    }
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#serve()
    })
  }

  closeStream(): void {
    this.closed = true
  }

  #serve(): void {
    const [piece] = this.#pieces
    if (piece === undefined || this.#waiting === undefined) return
    const give = this.#waiting
    this.#waiting = undefined
    this.#pieces.shift()
    give(piece)
  }
}

describe('the source of a live stream', () => {
  let source: StreamSource | undefined
  afterEach(() => source?.close())

  const open = (seconds: number, decoder = new PlainDecoder()) => {
    const sender = new Sender()
    const segment = {
      kind: 'stream',
      id: 'ab'.repeat(32),
      format: 'mp3',
      urls: [],
      frames: seconds * SECOND,
    } as const
    source = new StreamSource(segment, 0, 1, decoder, sender)
    return { sender, decoder, source }
  }
  const read = (from: StreamSource, seconds: number): Int16Array => {
    const out = new Int16Array(seconds * SECOND)
    const frames = from.read(out)
    return out.subarray(0, frames)
  }
  const loud = (samples: Int16Array): number =>
    samples.filter((sample) => Math.abs(sample) > 100).length / SECOND
  const decoded = (of: StreamSource): Promise<void> => until('enough is decoded', () => of.buffered > 0)

  it('is not ready before it has two seconds, and then gives sound from its first frame', async () => {
    const { sender, source } = open(10)
    sender.sound(1)
    await wait(50)
    expect(source.buffered).toBe(0)
    sender.sound(1.5)
    await decoded(source)
    expect(loud(read(source, 1))).toBeCloseTo(1, 1)
    expect(source.lost).toBe(0)
    expect(source.fault).toBeUndefined()
  })

  it('lets time pass in silence while nothing comes, and ends with its declared frames', () => {
    const { sender, source } = open(3)
    expect(read(source, 1).every((sample) => sample === 0)).toBe(true)
    expect(source.ended).toBe(false)
    expect(read(source, 10)).toHaveLength(2 * SECOND)
    expect(source.ended).toBe(true)
    expect(source.lost).toBe(3 * SECOND)
    expect(source.fault).toBe('STREAM')
    source.close()
    expect(sender.closed).toBe(true)
  })

  it('is dead after 30 s in which nothing came, and lives again with its first sound', async () => {
    const { sender, source } = open(90)
    read(source, 29)
    expect(source.dead).toBe(false)
    read(source, 1)
    expect(source.dead).toBe(true)
    sender.sound(3)
    await wait(100)
    read(source, 1)
    expect(source.dead).toBe(false)
  })

  it('that ran dry goes on when two seconds are at hand again', async () => {
    const { sender, source } = open(20)
    sender.sound(2.5)
    await decoded(source)
    expect(loud(read(source, 4))).toBeCloseTo(2.5, 1)
    expect(source.lost).toBe(1.5 * SECOND)
    sender.sound(1)
    await wait(50)
    expect(loud(read(source, 1))).toBe(0)
    sender.sound(1.5)
    await wait(100)
    expect(loud(read(source, 1))).toBeCloseTo(1, 1)
    expect(source.fault).toBe('STREAM')
  })

  it('leaves a decoder that dies, and one whose tuning is over after all it gave', async () => {
    const { sender, source, decoder } = open(20)
    sender.sound(1)
    await until('it decodes', () => decoder.spawned.length === 1)
    decoder.spawned[0]?.die()
    await until('it asks for the next', () => sender.tunings.length === 2)
    sender.sound(1.2)
    sender.end()
    await until('it asks for the third', () => sender.tunings.length === 3)
    sender.sound(1.2)
    await decoded(source)
    expect(loud(read(source, 2))).toBeGreaterThan(1.9)
    expect(sender.tunings).toEqual([0, 1, 2])
  })

  it('goes from one tuning to the next without a click', async () => {
    const { sender, source } = open(20)
    sender.sound(1.5, LOUD)
    sender.end()
    await until('it asks for the next', () => sender.tunings.length === 2)
    sender.sound(1.5, -LOUD)
    await decoded(source)
    const heard = read(source, 2.5)
    const steps = heard.subarray(1).map((sample, index) => Math.abs(sample - (heard[index] ?? 0)))
    expect(heard.reduce((least, sample) => Math.min(least, sample), 0)).toBeLessThan(-LOUD / 4)
    expect(heard.reduce((most, sample) => Math.max(most, sample), 0)).toBeGreaterThan(LOUD / 4)
    expect(steps.reduce((most, step) => Math.max(most, step), 0)).toBeLessThan(LOUD / 50)
  })

  it('leaves a source of dead air after twenty seconds of it', async () => {
    const { sender, source } = open(60)
    const deadline = performance.now() + 10_000
    for (let heard = 0; sender.tunings.length === 1 && performance.now() < deadline; heard += 1) {
      sender.sound(1, 20)
      await wait(10)
      if (heard > 3) read(source, 1)
    }
    expect(sender.tunings).toEqual([0, 1])
    expect(source.fault).toBeUndefined()
  })

  it('holds the sender when ten seconds are decoded ahead', async () => {
    const { sender, source } = open(60)
    source.setAhead(JITTER.most)
    for (let second = 0; second < 30; second += 1) sender.sound(1)
    await decoded(source)
    await wait(100)
    expect(loud(read(source, 14))).toBeLessThan(13)
  })

  it('is silent to its end and says why when there is no decoder, or no such stream', async () => {
    const decoder = new PlainDecoder()
    decoder.broken = true
    const { source } = open(3, decoder)
    await until('the fault shows', () => source.fault === 'DECODER')
    expect(read(source, 5)).toHaveLength(3 * SECOND)
    const other = new Sender()
    other.unknown = true
    const segment = { kind: 'stream', id: 'cd'.repeat(32), format: 'mp3', urls: [], frames: SECOND } as const
    const lost = new StreamSource(segment, 0, 1, new PlainDecoder(), other)
    await until('the fault shows', () => lost.fault === 'STREAM')
    expect(read(lost, 5)).toHaveLength(SECOND)
    lost.close()
  })
})
