import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogEntry } from '../../agent/core/status.ts'
import { fakeAgent, logEntries } from '../fakes/control-handlers.ts'
import { openLoaBench } from '../fakes/loa-bench.ts'

const MAIN = join(import.meta.dirname, '../../agent/cli/main.ts')
/** Holds the socket as an agent would, and is then stopped. */
const HOLDER = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const loa = (...argv: string[]): ChildProcess =>
  spawn(process.execPath, [MAIN, ...argv], {
    env: { LOA_CONFIG: bench.config },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const finished = async (child: ChildProcess) => {
  let err = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, err }
}

describe('the loa process', () => {
  test('gives a clear answer within three seconds when the agent is stopped', async () => {
    const holder = spawn(process.execPath, ['-e', HOLDER, bench.socket], {
      stdio: 'pipe',
    })
    try {
      await once(holder.stdout, 'data')
      holder.kill('SIGSTOP')
      const { code, err } = await finished(loa('status'))
      expect(code).toBe(3)
      expect(err).toContain('the agent does not answer')
      expect(err).toContain('systemctl status loa-agent')
    } finally {
      holder.kill('SIGKILL')
    }
  })

  test('ends quietly when its reader has gone', async () => {
    const { handlers } = fakeAgent({
      log: {
        answer: () => ({ timezone: 'Asia/Ho_Chi_Minh', entries: [] }),
        async *stream() {
          for (let n = 0; ; n += 1)
            for (const { topic, record } of logEntries)
              yield { topic, record: { ...record, hash: `${n}-${record.hash}` } } as LogEntry
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const child = loa('log', '--follow')
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await finished(child)).toEqual({ code: 0, err: '' })
  })

  test('ends a follower cleanly on SIGTERM', async () => {
    const { handlers } = fakeAgent({
      log: {
        answer: () => ({ timezone: 'Asia/Ho_Chi_Minh', entries: [] }),
        async *stream(_args, { signal }) {
          yield* logEntries
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        },
      },
    })
    await using _server = await bench.serve(handlers)
    const child = loa('log', '--follow')
    child.stdout?.once('data', () => child.kill('SIGTERM'))
    expect(await finished(child)).toEqual({ code: 0, err: '' })
  })
})
