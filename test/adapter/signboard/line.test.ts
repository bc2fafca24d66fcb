import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import type { Frame } from '../../../agent/ports/signboard.ts'
import type { SerialHandlers } from '../../../drivers/serial/serial-link.ts'
import type { Packet, SignCodec } from '../../../drivers/signboard/line/codec.ts'
import { LineSignboard } from '../../../drivers/signboard/line/line-signboard.ts'
import type { Inspect } from '../../../drivers/signboard/line/scanner.ts'
import { LINE_TIMING, type LineTiming, wireMs } from '../../../drivers/signboard/line/timing.ts'
import { until } from '../../fakes/until.ts'

const QUICK: Partial<LineTiming> = {
  reassertMs: 60_000,
  pingMs: 60_000,
  replyMs: 60,
  turnaroundMs: 1,
  storedApartMs: 200,
  retryMs: { least: 20, most: 50 },
  farewellMs: 100,
}

/** A line without a port: what is written is noted with its time, and a test answers. */
class Line {
  readonly written: { readonly bytes: readonly number[]; readonly at: number }[] = []
  answer: (bytes: readonly number[]) => readonly number[] | undefined = () => undefined
  #handlers: SerialHandlers | undefined

  readonly open = (handlers: SerialHandlers) => {
    this.#handlers = handlers
    queueMicrotask(() => handlers.onOpen())
    return {
      write: async (bytes: Uint8Array): Promise<void> => {
        this.written.push({ bytes: [...bytes], at: performance.now() })
        const answer = this.answer([...bytes])
        if (answer !== undefined) this.say(answer)
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }

  say(bytes: readonly number[]): void {
    this.#handlers?.onData(Uint8Array.from(bytes))
  }

  /** The first byte of each write. */
  get values(): readonly (number | undefined)[] {
    return this.written.map(({ bytes }) => bytes[0])
  }
}

const oneByte: Inspect<number> = (bytes) => ({ length: 1, value: bytes[0] ?? 0 })

/** A picture is its first value; what the controller says to it is that value again. */
const echoCodec = (more: Partial<SignCodec<number>> = {}): SignCodec<number> => ({
  takes: 'raster',
  proof: 'acknowledged',
  inspect: oneByte,
  encode: ({ frame }) => {
    const value = frame.rgb[0] ?? 0
    return [{ bytes: Uint8Array.of(value), judge: (reply) => (reply === value ? 'taken' : undefined) }]
  },
  ...more,
})
const silentCodec = (encode: (value: number) => readonly Packet<number>[]): SignCodec<number> => ({
  takes: 'raster',
  proof: 'sent',
  inspect: oneByte,
  encode: ({ frame }) => encode(frame.rgb[0] ?? 0),
})

const signOn = (line: Line, codec: SignCodec<number>, timing: Partial<LineTiming> = {}, byteMs = 0) =>
  new LineSignboard({
    panel: { id: 'gate', width: 1, height: 1 },
    codec,
    framesPerSecond: 1,
    timing: { ...LINE_TIMING, ...QUICK, ...timing },
    wireMs: (bytes) => bytes * byteMs,
    openLink: line.open,
  })
const frameOf = (value: number): Frame => ({ width: 1, height: 1, rgb: Uint8Array.of(value, value, value) })
const ALERT = { mode: 'still', color: AMBER, urgent: true } as const

describe('a line', () => {
  test('waits out the silences within a packet', async () => {
    const line = new Line()
    const pauses = [
      { before: 1, ms: 40 },
      { before: 3, ms: 20 },
    ]
    await using sign = signOn(
      line,
      silentCodec((value) => [{ bytes: Uint8Array.of(value, 1, 2, 3), pauses }]),
    )
    sign.show(frameOf(9), 'a')
    await until('three pieces', () => line.written.length === 3)
    const [first, second, third] = line.written
    expect(line.written.map(({ bytes }) => bytes)).toEqual([[9], [1, 2], [3]])
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(40)
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(20)
  })

  test('an alert has what is left of a picture under way, and then its own', async () => {
    const line = new Line()
    const codec = silentCodec((value) => [{ bytes: new Uint8Array(10).fill(value) }])
    await using sign = signOn(line, { ...codec, pixelByPixel: true }, {}, 5)
    sign.show(frameOf(1), 'a')
    await until('a piece of it', () => line.written.length === 1)
    sign.show(frameOf(2), 'b')
    sign.show(frameOf(9), 'alert', ALERT)
    await until('all of the alert', () => line.written.length === 4)
    const [first, ...rest] = line.written.map(({ bytes }) => bytes)
    expect(first).toEqual([1, 1, 1])
    expect(rest.flat()).toEqual(new Array(17).fill(9))
  })

  test.each([
    ['pictures', undefined],
    ['alerts', ALERT],
  ])('of two %s none has a part of the other', async (_what, manner) => {
    const line = new Line()
    const codec = silentCodec((value) => [{ bytes: new Uint8Array(10).fill(value) }])
    await using sign = signOn(line, { ...codec, pixelByPixel: true }, {}, 5)
    const sent = () => line.written.flatMap(({ bytes }) => bytes)
    sign.show(frameOf(1), 'a', manner)
    await until('a piece of it', () => line.written.length === 1)
    sign.show(frameOf(2), 'b', manner)
    await until('all of both', () => sent().length === 20)
    expect(sent()).toEqual([...new Array(10).fill(1), ...new Array(10).fill(2)])
  })

  test('lets the other side of a half-duplex line go before it speaks again', async () => {
    const line = new Line()
    line.answer = (bytes) => bytes
    await using sign = signOn(line, echoCodec({ opening: () => [] }), { turnaroundMs: 50 })
    sign.show(frameOf(1), 'a')
    await until('the first', () => sign.proof === 'acknowledged')
    sign.show(frameOf(2), 'b')
    await until('the second', () => line.written.length === 2)
    const [first, second] = line.written
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(50)
  })

  test('takes no answer for that of another packet', async () => {
    const line = new Line()
    await using sign = signOn(line, echoCodec())
    sign.show(frameOf(1), 'a')
    await until('it was sent', () => line.written.length === 1)
    line.say([7, 8])
    await until('it was sent again', () => line.written.length === 2)
    expect(sign.proof).toBe('waiting')
    line.say([1])
    await until('it is acknowledged', () => sign.proof === 'acknowledged')
  })

  test('sends again what the controller was too busy for', async () => {
    const line = new Line()
    let refusals = 2
    line.answer = () => {
      refusals -= 1
      return [refusals >= 0 ? 0 : 1]
    }
    const codec = echoCodec({
      encode: () => [{ bytes: Uint8Array.of(5), judge: (reply) => (reply === 1 ? 'taken' : 'busy') }],
    })
    await using sign = signOn(line, codec)
    sign.show(frameOf(5), 'a')
    await until('it was taken', () => sign.proof === 'acknowledged')
    expect(line.values).toEqual([5, 5, 5])
    expect(sign.health.ok).toBe(true)
  })

  test('gives a picture up between two tries for a newer one, and finds out all the same that nobody answers', async () => {
    const line = new Line()
    await using sign = signOn(line, echoCodec())
    const scrolling = setInterval(() => sign.show(frameOf(Math.floor(performance.now() / 10) % 200), 'a'), 10)
    await until('the fault', () => sign.health.message === 'the sign does not answer')
    clearInterval(scrolling)
    expect(new Set(line.values).size).toBeGreaterThan(1)
  })

  test('asks a sign that was shown nothing new whether it is there', async () => {
    const line = new Line()
    line.answer = (bytes) => bytes
    const ping = (): Packet<number> => ({ bytes: Uint8Array.of(99), judge: () => 'taken' })
    await using sign = signOn(line, echoCodec({ ping }), { pingMs: 20 })
    sign.show(frameOf(1), 'a')
    await until('three questions', () => line.values.filter((value) => value === 99).length >= 4)
    expect(line.values.filter((value) => value === 1)).toEqual([1])
  })

  test('is closed in time, whatever the sign does', async () => {
    const line = new Line()
    const sign = signOn(line, echoCodec(), { replyMs: 5000 })
    sign.show(frameOf(1), 'a')
    await until('it was sent', () => line.written.length === 1)
    const begun = performance.now()
    await sign[Symbol.asyncDispose]()
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  test('is no faster than its wire, over many frames', async () => {
    const line = new Line()
    const byteMs = 3.3
    await using sign = signOn(
      line,
      silentCodec((value) => [{ bytes: Uint8Array.of(value) }]),
      {},
      byteMs,
    )
    for (let value = 1; value <= 40; value += 1) {
      sign.show(frameOf(value), 'a')
      await until('it was sent', () => line.values.includes(value))
    }
    const [first, last] = [line.written[0], line.written[39]]
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(39 * byteMs - 2)
  })
})

describe('a controller that keeps its pages in flash', () => {
  const storing = async (): Promise<{ line: Line; sign: LineSignboard<number> }> => {
    const line = new Line()
    line.answer = (bytes) => bytes
    const sign = signOn(line, echoCodec({ storesPages: true }), { reassertMs: 10, storedApartMs: 300 })
    sign.show(frameOf(1), 'a')
    await until('the first page', () => sign.proof === 'acknowledged')
    return { line, sign }
  }

  test('is written once for all that comes within its minute, and never the same again', async () => {
    const { line, sign } = await storing()
    await using _ = sign
    sign.show(frameOf(2), 'b')
    sign.show(frameOf(3), 'c')
    expect(sign.proof).toBe('waiting')
    await until('the newest page', () => line.values.includes(3))
    await until('known', () => sign.proof === 'acknowledged')
    await wait(50)
    expect(line.values).toEqual([1, 3])
    const [first, second] = line.written
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(290)
  })

  test('has an alert at once, loses it at once, and its page at the stop', async () => {
    const { line, sign } = await storing()
    const begun = performance.now()
    sign.show(frameOf(2), 'alert', ALERT)
    await until('the alert', () => line.values.includes(2))
    sign.show(frameOf(3), 'c')
    await until('its end', () => line.values.includes(3))
    sign.show(frameOf(4), '')
    await sign[Symbol.asyncDispose]()
    expect(line.values).toEqual([1, 2, 3, 4])
    expect(performance.now() - begun).toBeLessThan(290)
  })
})

describe('the times that ship', () => {
  const { pingMs, tries, replyMs, patienceMs, reassertMs } = LINE_TIMING

  test('find a sign that stops answering within ten seconds', () => {
    expect(pingMs + Math.min(tries * replyMs, patienceMs + replyMs)).toBeLessThan(9000)
    expect(reassertMs).toBeLessThanOrEqual(10_000)
  })

  test('a byte on the wire is as long as its bits', () => {
    const port = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const
    expect(wireMs(960, port)).toBeCloseTo(1000)
    expect(wireMs(960, { ...port, dataBits: 7, parity: 'even' })).toBeCloseTo(1000)
    expect(wireMs(960, { ...port, stopBits: 2 })).toBeCloseTo(1100)
  })
})
