import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openMediaCache } from '../../agent/adapters/sqlite/media-db.ts'
import type { AudioRef } from '../../agent/core/documents.ts'
import { CHUNK_BYTES } from '../../agent/ports/media-cache.ts'
import { receive } from '../../agent/services/library-receive.ts'
import { verify } from '../../agent/services/library-verify.ts'
import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'

/**
 * Prints what it costs to store and to check an hour of MP3 at 64 kbit/s (29 MB), and how long the main thread was
 * ever busy with it. Beside it the same file through a bare `ffmpeg -f null` in the same run.
 */
const MINUTES = Number(process.argv[2] ?? 60)
const directory = mkdtempSync(join(tmpdir(), 'loa-bench-'))
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
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const per = (ms: number): string => `${(ms / MINUTES).toFixed(1)} ms a minute of sound`

try {
  const source = ['-f', 'lavfi', '-i', `anoisesrc=color=pink:duration=${MINUTES * 60}:sample_rate=44100`]
  const file = join(directory, 'x.mp3')
  execFileSync('ffmpeg', ['-v', 'error', ...source, '-ac', '1', '-b:a', '64k', file])
  const bytes = execFileSync('cat', [file], { maxBuffer: 1 << 28 })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const ref: AudioRef = { sha256, bytes: bytes.length, format: 'mp3', seconds: MINUTES * 60, urls: [] }
  const never = new AbortController().signal
  const runs = { store: [] as number[], digest: [] as number[], verify: [] as number[], bare: [] as number[] }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  for (let run = 0; run < 3; run += 1) {
    const cache = openMediaCache(join(directory, `${run}.db`), { onRebuilt: console.error })
    delay.enable()
    runs.store.push(await timed(() => receive(cache, sha256, network(bytes))))
    runs.digest.push(await timed(() => cache.digest(sha256, never)))
    runs.verify.push(await timed(() => verify(cache, createFfmpegProbe(1), ref, never)))
    delay.disable()
    await cache[Symbol.asyncDispose]()
  }
  for (let run = 0; run < 3; run += 1) {
    runs.bare.push(
      await timed(async () => {
        execFileSync('ffmpeg', ['-v', 'error', '-threads', '1', '-i', file, '-f', 'null', '-'])
      }),
    )
  }
  console.log(`file: ${(bytes.length / 1e6).toFixed(1)} MB, ${MINUTES} min of MP3; medians of 3`)
  const chunks = Math.ceil(bytes.length / CHUNK_BYTES)
  console.log(
    `store:  ${median(runs.store).toFixed(0)} ms (${(median(runs.store) / chunks).toFixed(2)} ms a chunk)`,
  )
  console.log(`digest: ${median(runs.digest).toFixed(0)} ms`)
  console.log(`verify: ${median(runs.verify).toFixed(0)} ms, ${per(median(runs.verify))} (digest included)`)
  console.log(`bare ffmpeg, decoding alone: ${per(median(runs.bare))}`)
  console.log(`ratio: ${(median(runs.verify) / median(runs.bare)).toFixed(2)}`)
  console.log(
    `main thread: 99.9 % under ${(delay.percentile(99.9) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms`,
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}
