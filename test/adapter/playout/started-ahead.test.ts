import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { startPlayoutProcess } from '../../../agent/adapters/playout/child.ts'
import { openPlayout, type SupervisedPlayout } from '../../../agent/adapters/playout/supervised-playout.ts'
import type { PlayoutReport } from '../../../agent/ports/playout.ts'
import { PING_LOST_MS } from '../../../agent/wire/playout.ts'
import { NO_STREAMS } from '../../fakes/playout-bench.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { until } from '../../fakes/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** On a busy machine Node takes its time. */
const START_MS = 30_000

const PROGRAM = {
  entry: join(import.meta.dirname, '../../../agent/playout/main.ts'),
  env: { PATH: '/usr/bin:/bin' },
}
const take = (started: ChildProcess, reports: PlayoutReport[]): SupervisedPlayout =>
  openPlayout({
    ...PROGRAM,
    started,
    audio: { driver: 'wav', file: join(folder, 'tape.wav'), rate: 48_000, channels: 1, bufferMs: 500 },
    amplifiers: [],
    readMedia: () => undefined,
    streams: NO_STREAMS,
    forceOpen: () => undefined,
    logger: silentLogger,
    onReport: (report) => reports.push(report),
  })
const ups = (reports: readonly PlayoutReport[]): number =>
  reports.filter((report) => report.kind === 'process' && report.up).length

it('a playout process that was started ahead waits, however long the agent takes, and is the one that plays', async () => {
  const started = startPlayoutProcess(PROGRAM)
  await wait(PING_LOST_MS + 500)
  expect(started.exitCode).toBe(null)
  const reports: PlayoutReport[] = []
  await using playout = take(started, reports)
  expect(playout.pid).toBe(started.pid)
  await until('it is up', () => ups(reports) === 1, START_MS)
})

it('one that died before it was needed is followed by another', async () => {
  const started = startPlayoutProcess(PROGRAM)
  started.kill('SIGKILL')
  await once(started, 'exit')
  const reports: PlayoutReport[] = []
  await using playout = take(started, reports)
  await until('another is up', () => ups(reports) === 1, START_MS)
  expect(playout.pid).not.toBe(started.pid)
  expect(reports.filter((report) => report.kind === 'process' && !report.up)).toHaveLength(1)
})

it('one that cannot be started at all is no fault of its own', async () => {
  const started = startPlayoutProcess({ ...PROGRAM, entry: join(folder, 'absent.js') })
  await once(started, 'exit')
  const reports: PlayoutReport[] = []
  await using _ = take(started, reports)
  await until('another is up', () => ups(reports) === 1, START_MS)
})

const configured = async (): Promise<ChildProcess> => {
  const child = startPlayoutProcess(PROGRAM)
  onTestFinished(() => void child.kill('SIGKILL'))
  const audio = { driver: 'wav', file: join(folder, 'own.wav'), rate: 48_000, channels: 1, bufferMs: 500 }
  child.send({ do: 'configure', audio, amplifiers: [], muted: false })
  await once(child, 'message')
  return child
}

it('one whose agent pings no more ends by itself, and not before it was pinged once', async () => {
  const child = await configured()
  await wait(PING_LOST_MS + 500)
  expect(child.exitCode).toBe(null)
  const exited = once(child, 'exit')
  child.send({ do: 'ping', n: 1 })
  expect(await exited).toEqual([3, null])
})

it('one that stood still, as with its whole machine, has not lost its agent for it', async () => {
  const child = await configured()
  const ping = () => child.send({ do: 'ping', n: 1 })
  ping()
  await once(child, 'message')
  child.kill('SIGSTOP')
  await wait(PING_LOST_MS + 500)
  child.kill('SIGCONT')
  await wait(PING_LOST_MS / 4)
  const pings = setInterval(ping, PING_LOST_MS / 4)
  onTestFinished(() => clearInterval(pings))
  await wait(PING_LOST_MS)
  expect(child.exitCode).toBe(null)
})
