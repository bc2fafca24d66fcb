import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPlayout } from '../../../agent/adapters/playout/supervised-playout.ts'
import type { PlayoutReport } from '../../../agent/ports/playout.ts'
import { NO_STREAMS } from '../../fakes/playout-bench.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { until } from '../../fakes/until.ts'

it('a playout process that dies at every start is started ever more seldom, and is told of each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-dying-'))
  const starts = join(folder, 'starts')
  const entry = join(folder, 'playout.js')
  writeFileSync(starts, '')
  writeFileSync(
    entry,
    `require('node:fs').appendFileSync(${JSON.stringify(starts)}, Date.now() + '\\n')
     console.error('libasound is missing')
     process.exit(1)`,
  )
  const reports: PlayoutReport[] = []
  const began = (): readonly number[] => readFileSync(starts, 'utf8').trim().split('\n').map(Number)
  try {
    await using _ = openPlayout({
      entry,
      audio: { driver: 'wav', file: join(folder, 'tape.wav'), rate: 48_000, channels: 1, bufferMs: 500 },
      amplifiers: [],
      readMedia: () => undefined,
      streams: NO_STREAMS,
      forceOpen: () => undefined,
      logger: silentLogger,
      onReport: (report) => reports.push(report),
    })
    await until('five starts', () => began().length === 5)
  } finally {
    const waits = began()
      .slice(1)
      .map((at, index) => at - (began()[index] ?? 0))
    // 0, 200, 400, 800 ms, and what a start takes itself.
    for (const [index, least] of [0, 200, 400, 800].entries())
      expect(waits[index]).toBeGreaterThanOrEqual(least)
    rmSync(folder, { recursive: true })
  }
  const message = 'playout ended with code 1: libasound is missing'
  expect(reports.slice(0, 4)).toEqual(
    Array.from({ length: 4 }, () => ({ kind: 'process', up: false, message })),
  )
})
