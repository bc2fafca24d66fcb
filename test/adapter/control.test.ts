import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askAgent, followAgent } from '../../agent/adapters/control/client.ts'
import { openControlServer } from '../../agent/adapters/control/server.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { ControlHandlers } from '../../agent/ports/control.ts'
import { fakeAgent, logEntries, silentLogger, statusReport } from '../fakes/control-handlers.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-control-'))
  path = join(folder, 'control.sock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const serve = (handlers: ControlHandlers, more: { slowClientMs?: number; maxBodyBytes?: number } = {}) =>
  openControlServer({ path, handlers, logger: silentLogger, maxBodyBytes: 1_000_000, ...more })

/** Sends raw bytes and collects everything that comes back until the server hangs up. */
const raw = async (bytes: string | Buffer, to = path): Promise<string> => {
  const socket = connect({ path: to, allowHalfOpen: true })
  socket.on('error', () => undefined)
  socket.setEncoding('utf8')
  socket.write(bytes)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  socket.destroy()
  return text
}
const collect = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}
async function* chunks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield new Uint8Array(bytes).fill(index)
}
const file = (bytes: number) => ({ sha256: 'c'.repeat(64), bytes, format: 'mp3' as const, name: 'a.mp3' })

describe('the control socket', () => {
  test('answers a verb with its value', async () => {
    await using _server = await serve(fakeAgent().handlers)
    expect(await askAgent(path, 'status', {})).toEqual(statusReport)
  })

  test('lets only its owner and group in', async () => {
    await using _server = await serve(fakeAgent().handlers)
    expect(statSync(path).mode & 0o777).toBe(0o660)
  })

  test('takes what any client can write by hand, half closed or not', async () => {
    await using _server = await serve(fakeAgent().handlers)
    const order = '{"verb":"amplifier","args":{"id":"main","on":true}}\n'
    const answer: unknown = JSON.parse(await raw(order, join(folder, 'admin.sock')))
    expect(answer).toEqual({ ok: true, value: { id: 'main', state: 'on' } })
    const socket = connect({ path, allowHalfOpen: true })
    socket.end('{"verb":"media"}\n')
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).toContain('"ok":true')
    socket.destroy()
  })

  test.each([
    ['text that is not JSON', 'hello\n', 'INVALID', 'not JSON'],
    ['an unknown verb', '{"verb":"dance"}\n', 'USAGE', 'dance'],
    ['an argument out of range', '{"verb":"schedule","args":{"days":0}}\n', 'INVALID', 'days'],
    ['an unknown argument', '{"verb":"media","args":{"x":1}}\n', 'INVALID', 'x'],
    [
      'a tone and a file at once',
      '{"verb":"play","follow":true,"args":{}}\n',
      'INVALID',
      'one of file, tone',
    ],
    ['a verb that cannot be followed', '{"verb":"media","follow":true}\n', 'USAGE', 'cannot be followed'],
    ['a request line over 64 KiB', `${'x'.repeat(70_000)}\n`, 'TOO_LARGE', '65536'],
  ])('refuses %s and says why', async (_what, line, code, words) => {
    await using _server = await serve(fakeAgent().handlers)
    const answer = JSON.parse(await raw(line)) as { ok: boolean; code: string; message: string }
    expect(answer).toMatchObject({ ok: false, code })
    expect(answer.message).toContain(words)
  })

  test('carries the code and the sentence of what a handler throws', async () => {
    const handlers = fakeAgent({
      amplifier: {
        answer: () => {
          throw new LoaError('AMPLIFIER', 'no amplifier is called x')
        },
      },
    }).handlers
    await using _server = await serve(handlers)
    await expect(askAgent(path, 'amplifier', { id: 'x', on: true })).rejects.toMatchObject({
      code: 'AMPLIFIER',
      message: 'no amplifier is called x',
    })
  })

  test('streams what is followed, line by line, to its end', async () => {
    await using _server = await serve(fakeAgent().handlers)
    expect(await collect(followAgent(path, 'log', {}))).toEqual(logEntries)
  })

  test('tells a stream that its client has gone', async () => {
    const gone = Promise.withResolvers<void>()
    const handlers = fakeAgent({
      log: {
        async *stream(_args, { signal }) {
          yield* logEntries
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          gone.resolve()
        },
      },
    }).handlers
    await using _server = await serve(handlers)
    const stop = new AbortController()
    for await (const entry of followAgent(path, 'log', {}, { signal: stop.signal })) {
      if (entry.topic === 'event') stop.abort()
    }
    await gone.promise
  })

  test('hands over the bytes of a file, all of them and no more', async () => {
    const agent = fakeAgent()
    await using _server = await serve(agent.handlers)
    const body = chunks(10, 50_000)
    const progress = await collect(followAgent(path, 'play', { file: file(500_000) }, { body }))
    expect(progress.map((step) => step.state)).toEqual(['accepted', 'playing', 'ended'])
    const bytes = Buffer.concat(agent.received)
    expect(bytes.length).toBe(500_000)
    expect([bytes[0], bytes[499_999]]).toEqual([0, 9])
  })

  test('takes a file that follows its request line in one write', async () => {
    const agent = fakeAgent()
    await using _server = await serve(agent.handlers)
    const request = JSON.stringify({ verb: 'play', follow: true, args: { file: file(3) } })
    await raw(`${request}\nabcdef`, join(folder, 'admin.sock'))
    expect(Buffer.concat(agent.received).toString()).toBe('abc')
  })

  test('refuses a file over the limit before it is sent', async () => {
    const agent = fakeAgent()
    await using _server = await serve(agent.handlers, { maxBodyBytes: 1000 })
    const body = chunks(1000, 50_000)
    await expect(
      collect(followAgent(path, 'play', { file: file(50_000_000) }, { body })),
    ).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(agent.received).toEqual([])
  })

  test('drops a client that reads nothing, and goes on answering the others', async () => {
    const ended = Promise.withResolvers<void>()
    let produced = 0
    const handlers = fakeAgent({
      log: {
        async *stream() {
          try {
            for (;;) {
              produced++
              yield* logEntries
            }
          } finally {
            ended.resolve()
          }
        },
      },
    }).handlers
    await using _server = await serve(handlers, { slowClientMs: 200 })
    const lazy = connect(path)
    lazy.on('error', () => undefined)
    lazy.write('{"verb":"log","follow":true}\n')
    lazy.pause()
    expect(await askAgent(path, 'status', {})).toEqual(statusReport)
    await ended.promise
    expect(produced).toBeLessThan(100_000)
    lazy.destroy()
  })
})

describe('a stream with nothing to say', () => {
  const quiet: ControlHandlers = fakeAgent({
    log: {
      async *stream(_args, { signal }) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        yield* []
      },
    },
  }).handlers

  test('is told from a stopped agent by a sign of life', async () => {
    await using _server = await serve(quiet)
    const stop = new AbortController()
    const entries = collect(followAgent(path, 'log', {}, { withinMs: 200, signal: stop.signal }))
    const first = await Promise.race([entries.then(() => 'ended'), delay(400, 'still following')])
    expect(first).toBe('still following')
    stop.abort()
    expect(await entries).toEqual([])
  })

  test('is let go when its client closes only its side', async () => {
    await using _server = await serve(quiet)
    const socket = connect({ path, allowHalfOpen: true })
    socket.resume()
    socket.end('{"verb":"log","follow":true}\n')
    await once(socket, 'close')
    expect(socket.readableEnded).toBe(true)
  })
})

describe('opening the control socket', () => {
  test('takes the place of a socket that nobody answers on', async () => {
    const dead = createServer()
    await new Promise<void>((resolve) => dead.listen(join(folder, 'other.sock'), resolve))
    const { linkSync } = await import('node:fs')
    linkSync(join(folder, 'other.sock'), path)
    await new Promise<void>((resolve) => dead.close(() => resolve()))
    expect(existsSync(path)).toBe(true)
    await using _server = await serve(fakeAgent().handlers)
    expect(await askAgent(path, 'status', {})).toEqual(statusReport)
  })

  test('leaves an agent that answers alone', async () => {
    await using _first = await serve(fakeAgent().handlers)
    await expect(serve(fakeAgent().handlers)).rejects.toThrow('another agent answers')
    expect(await askAgent(path, 'status', {})).toEqual(statusReport)
  })

  test('never removes a file that is not a socket', async () => {
    writeFileSync(path, 'precious')
    await expect(serve(fakeAgent().handlers)).rejects.toThrow('not a socket')
    expect(existsSync(path)).toBe(true)
  })

  test('leaves no socket behind', async () => {
    const server = await serve(fakeAgent().handlers)
    await server[Symbol.asyncDispose]()
    expect(existsSync(path)).toBe(false)
  })

  test('hangs up on its clients when it closes', async () => {
    const started = Promise.withResolvers<void>()
    const handlers = fakeAgent({
      status: {
        async *stream(_args, { signal }) {
          yield statusReport
          started.resolve()
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        },
      },
    }).handlers
    const server = await serve(handlers)
    const reports = collect(followAgent(path, 'status', {}))
    await started.promise
    await server[Symbol.asyncDispose]()
    expect(await reports).toEqual([statusReport])
  })
})

describe('asking an agent that cannot answer', () => {
  test('says that it is not running when nobody listens', async () => {
    await expect(askAgent(path, 'status', {})).rejects.toMatchObject({ code: 'NOT_RUNNING' })
  })

  test('gives up on a silent one in its time', async () => {
    const mute = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(path, resolve))
    await expect(askAgent(path, 'status', {}, { withinMs: 100 })).rejects.toMatchObject({
      code: 'NOT_ANSWERING',
    })
    mute.close()
  })

  test('says that access is denied when the socket is not ours', async ({ skip }) => {
    if (process.geteuid?.() === 0) skip('the superuser passes every permission')
    await using _server = await serve(fakeAgent().handlers)
    chmodSync(path, 0)
    await expect(askAgent(path, 'status', {})).rejects.toMatchObject({ code: 'NO_ACCESS' })
  })
})
