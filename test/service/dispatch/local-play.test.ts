import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { PlayProgress } from '../../../agent/core/status.ts'
import { LocalPlay } from '../../../agent/services/local-play.ts'
import { Station } from './station.ts'

const BYTES = Buffer.from('the sound of a file')
const FILE = {
  name: 'test.mp3',
  sha256: createHash('sha256').update(BYTES).digest('hex'),
  bytes: BYTES.length,
  format: 'mp3',
} as const

async function* bodyOf(...chunks: readonly Buffer[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

const bench = () => {
  const station = new Station()
  station.on()
  const local = new LocalPlay({
    play: station.agent.play,
    probe: {
      measure: async () => ({ seconds: 5, integratedLufs: -20, truePeakDb: -6 }),
    },
    crypto: createCryptography(),
    clock: station.clock,
    amplifiers: ['main'],
    language: 'vi',
  })
  const told: PlayProgress[] = []
  const stop = new AbortController()
  const start = (args: Parameters<LocalPlay['run']>[0], body = bodyOf()): Promise<void> =>
    (async () => {
      for await (const progress of local.run(args, body, stop.signal)) told.push(progress)
    })()
  return { station, local, told, stop, start }
}

test('a tone sounds at once in quiet hours too, and is told of and recorded like any other item', async () => {
  const { station, told, start } = bench()
  station.policy = { ...station.policy, quietHours: [{ from: '00:00', to: '00:00' }] }
  station.agent.dispatcher.reconsider()
  const run = start({ tone: { hz: 440 }, seconds: 4, volume: 30 })
  await station.pass(10)
  await run
  expect(told.map(({ state }) => state)).toEqual(['accepted', 'playing', 'ended'])
  expect(told.at(-1)).toMatchObject({ result: 'completed', playedSeconds: 4 })
  expect(station.records[0]).toMatchObject({
    document: 'local',
    rev: 0,
    tier: 'commune',
    volume: 30,
    result: 'completed',
  })
  await station.crash()
})

test('a file plays from memory, and is forgotten when it ends', async () => {
  const { station, local, told, start } = bench()
  const run = start({ file: FILE }, bodyOf(BYTES.subarray(0, 5), BYTES.subarray(5)))
  await station.pass(2)
  expect(Buffer.from(local.read(FILE.sha256, 4, 5) ?? []).toString()).toBe('sound')
  await station.pass(10)
  await run
  expect(told.at(-1)).toMatchObject({ result: 'completed', playedSeconds: 5 })
  expect(local.read(FILE.sha256, 0, 5)).toBeUndefined()
  await station.crash()
})

test('a file that plays twice at once is kept until the last of them ends', async () => {
  const { station, local, start } = bench()
  const runs = [start({ file: FILE }, bodyOf(BYTES)), start({ file: FILE }, bodyOf(BYTES))]
  await station.pass(8)
  expect(local.read(FILE.sha256, 0, 3)).toBeDefined()
  await station.pass(10)
  await Promise.all(runs)
  expect(local.read(FILE.sha256, 0, 3)).toBeUndefined()
  await station.crash()
})

test('when the caller goes away the sound stops', async () => {
  const { station, stop, start } = bench()
  const run = start({ tone: { hz: 440 }, seconds: 60 })
  await station.pass(5)
  stop.abort(new Error('gone'))
  await expect(run).rejects.toThrow('gone')
  await station.pass(1)
  expect(station.records[0]).toMatchObject({ document: 'local', result: 'partial', reason: 'STOPPED' })
  await station.crash()
})

test.each([
  ['another content', [Buffer.from('the sound of a lie!')]],
  ['a part of it', [BYTES.subarray(0, 4)]],
  ['more than it said', [BYTES, BYTES, BYTES]],
])('a file that arrives as %s is refused', async (_what, chunks) => {
  const { station, start } = bench()
  await expect(start({ file: FILE }, bodyOf(...chunks))).rejects.toMatchObject({ code: 'INVALID' })
  expect(station.records).toEqual([])
  await station.crash()
})

test('a file too large to be kept in memory is refused before it is read', async () => {
  const { station, start } = bench()
  const huge = { ...FILE, bytes: 33 * 1024 * 1024 }
  await expect(start({ file: huge })).rejects.toMatchObject({ code: 'TOO_LARGE' })
  await station.crash()
})

test('a class above that of what plays cuts it at once', async () => {
  const { station, told, start } = bench()
  const low = start({ tone: { hz: 440 }, seconds: 20 })
  await station.pass(5)
  const high = start({ tone: { hz: 880 }, seconds: 4, class: 'emergency' })
  await station.pass(60)
  await Promise.all([low, high])
  const ends = told.flatMap((progress) => (progress.state === 'ended' ? [progress] : []))
  expect(ends.map(({ result }) => result)).toEqual(['preempted', 'completed'])
  expect(station.records.map(({ class: of, result }) => [of, result])).toEqual(
    expect.arrayContaining([
      ['emergency', 'completed'],
      ['normal', 'preempted'],
    ]),
  )
  await station.crash()
})
