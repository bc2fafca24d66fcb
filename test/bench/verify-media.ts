import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openMediaCache } from '../../agent/adapters/sqlite/media-db.ts'
import type { AudioRef } from '../../agent/core/documents.ts'
import { CHUNK_BYTES } from '../../agent/ports/media-cache.ts'
import { receive } from '../../agent/services/library-receive.ts'
import { verify } from '../../agent/services/library-verify.ts'
import { createPictureDecoder } from '../../drivers/decoder/picture.ts'
import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { median, quantile } from './parts/statistics.ts'

const RUNS = 3

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function* network(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 16_384) {
    yield bytes.subarray(at, at + 16_384)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What it costs to store and to check an MP3 at 64 kbit/s, and how long the main thread was ever busy with it. */
const measure = async (minutes: number, directory: string): Promise<Section> => {
  const source = ['-f', 'lavfi', '-i', `anoisesrc=color=pink:duration=${minutes * 60}:sample_rate=44100`]
  const file = join(directory, 'x.mp3')
  execFileSync('ffmpeg', ['-v', 'error', ...source, '-ac', '1', '-b:a', '64k', file])
  const bytes = readFileSync(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const ref: AudioRef = { sha256, bytes: bytes.length, format: 'mp3', seconds: minutes * 60, urls: [] }
  const never = new AbortController().signal
  const runs = { store: [] as number[], digest: [] as number[], verify: [] as number[], bare: [] as number[] }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  for (let run = 0; run < RUNS; run += 1) {
    await using cache = openMediaCache(join(directory, `${run}.db`), { onRebuilt: console.error })
    delay.enable()
    runs.store.push(await timed(() => receive(cache, sha256, network(bytes))))
    runs.digest.push(await timed(() => cache.digest(sha256, never)))
    const parts = { cache, probe: createFfmpegProbe(1), pictures: createPictureDecoder() }
    runs.verify.push(await timed(() => verify(parts, ref, never)))
    delay.disable()
    runs.bare.push(
      await timed(async () => {
        execFileSync('ffmpeg', ['-v', 'error', '-threads', '1', '-i', file, '-f', 'null', '-'])
      }),
    )
  }
  const row = (name: string, values: readonly number[]): readonly string[] => [
    name,
    `${median(values).toFixed(0)} ms`,
    `${quantile(values, 1).toFixed(0)} ms`,
    `${(median(values) / minutes).toFixed(1)} ms`,
    `${(median(values) / median(runs.bare)).toFixed(2)}`,
  ]
  const perChunk = median(runs.store) / Math.ceil(bytes.length / CHUNK_BYTES)
  const longest = `99.9 % of its turns under ${(delay.percentile(99.9) / 1e6).toFixed(1)} ms, the longest ${(delay.max / 1e6).toFixed(1)} ms`
  return {
    head: ['step', 'median', 'largest', 'a minute of sound', 'of bare ffmpeg'],
    rows: [
      row('store', runs.store),
      row('digest', runs.digest),
      row('verify, digest included', runs.verify),
      row('bare ffmpeg -f null, decoding alone', runs.bare),
    ],
    method: `${minutes} min of MP3 (${(bytes.length / 1e6).toFixed(1)} MB) into the cache (${perChunk.toFixed(2)} ms a chunk) and through the check that arms it, ${RUNS} times, beside a bare ffmpeg. The main thread meanwhile: ${longest}.`,
  }
}

export const verifyMedia: NamedBench = {
  title: 'Storing and checking media',
  run: async (quick) => {
    const directory = mkdtempSync(join(tmpdir(), 'loa-bench-'))
    try {
      return await measure(quick ? 2 : 60, directory)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
