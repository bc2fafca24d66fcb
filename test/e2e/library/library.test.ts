import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import type { AudioRef } from '../../../agent/core/documents.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { CHUNK_BYTES } from '../../../agent/ports/media-cache.ts'
import { until } from '../../fakes/until.ts'
import { makeMp3, makeSound } from '../../fixtures/sounds.ts'
import { ContentServer } from './content-server.ts'
import { openRealLibrary } from './real-library.ts'

let directory = ''
let server: ContentServer
let url = ''
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'loa-library-'))
  server = new ContentServer()
  url = await server.start()
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

const refOf = (bytes: Uint8Array, paths: readonly string[], seconds: number): AudioRef => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  format: 'mp3',
  seconds,
  urls: paths.map((path) => url + path),
})
const neededNow = (...refs: readonly AudioRef[]) => refs.map((ref) => ({ ref, neededAt: epochMs(0) }))
describe('the library on real HTTP, SQLite and ffmpeg', () => {
  it('takes up a download after a SIGKILL where it was, and the file is right', async () => {
    const bytes = makeSound(20, ['-c:a', 'pcm_s16le', '-f', 'wav'])
    const ref = { ...refOf(bytes, ['/long'], 20), format: 'wav' as const }
    server.files.set('/long', { bytes, stallAt: CHUNK_BYTES * 3 + 1000 })
    const path = join(directory, 'media.db')
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./library-child.ts', import.meta.url)), path, `${url}/`, JSON.stringify(ref)],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    const gone = new Promise((resolve) => child.once('exit', resolve))
    await until('three chunks in the cache', () => chunksIn(path) === 3)
    child.kill('SIGKILL')
    await gone
    server.files.set('/long', { bytes })
    await using real = openRealLibrary(path, [`${url}/`])
    real.library.want(neededNow(ref))
    await until('ready', () => real.library.stateOf(ref.sha256).state === 'ready')
    expect(server.asked).toEqual(['/long@0', `/long@${CHUNK_BYTES * 3}`])
    const stored = Buffer.concat(
      Array.from({ length: 8 }, (_, n) => real.library.read(ref.sha256, n * CHUNK_BYTES, CHUNK_BYTES)),
    )
    expect(stored.equals(Buffer.from(bytes))).toBe(true)
    expect(real.rebuilt).toEqual([])
  })

  it('T15 T16 T22 what is not the declared sound is never ready and keeps nothing else from playing', async () => {
    const good = makeMp3(5)
    const page = Buffer.from(`<!DOCTYPE html><title>404</title>${'<p>Not found</p>'.repeat(500)}`)
    const canary = join(directory, 'canary.wav')
    writeFileSync(canary, makeSound(2, ['-c:a', 'pcm_s16le', '-f', 'wav']))
    const playlist = Buffer.from(`#EXTM3U\n#EXTINF:2,\n${url}/trap.wav\n#EXTINF:2,\nfile://${canary}\n`)
    const script = Buffer.from(`ffconcat version 1.0\nfile ${canary}\nfile ${url}/trap.wav\n`)
    const truncated = makeMp3(20).subarray(0, 60_000)
    const evil = Buffer.from(good).fill(0, 4000)
    const served = { page, playlist, script, truncated, evil, good }
    for (const [name, bytes] of Object.entries(served)) server.files.set(`/${name}`, { bytes })
    await using real = openRealLibrary(join(directory, 'media.db'), [`${url}/`])
    const refs = {
      page: refOf(page, ['/page'], 1),
      playlist: refOf(playlist, ['/playlist'], 2),
      script: refOf(script, ['/script'], 2),
      truncated: refOf(truncated, ['/truncated'], 20),
      wrongDigest: refOf(good, ['/evil'], 5),
      missing: refOf(Buffer.from('nowhere'), ['/nowhere'], 1),
    }
    real.library.want(neededNow(...Object.values(refs)))
    const states = () => Object.values(refs).map((ref) => real.library.stateOf(ref.sha256).state)
    // Six trials by ffmpeg, which yields to everything else that runs: nothing is promised about their time.
    await until('five bad files', () => states().filter((state) => state === 'bad').length === 5, 30_000)
    expect(states()).toEqual(['bad', 'bad', 'bad', 'bad', 'bad', 'missing'])
    expect(server.asked.filter((asked) => asked.startsWith('/trap'))).toEqual([])
    const fine = refOf(good, ['/evil', '/good'], 5)
    real.library.want(neededNow(fine))
    await until('the good file', () => real.library.stateOf(fine.sha256).state === 'ready')
  })

  it('fetches a file again when the cache was damaged between two starts', async () => {
    const bytes = makeMp3(3)
    const ref = refOf(bytes, ['/file'], 3)
    server.files.set('/file', { bytes })
    const path = join(directory, 'media.db')
    for (const damage of [false, true]) {
      if (damage) writeFileSync(path, 'noise '.repeat(1000))
      await using real = openRealLibrary(path, [`${url}/`])
      real.library.want(neededNow(ref))
      await until('ready', () => real.library.stateOf(ref.sha256).state === 'ready')
      expect(real.rebuilt).toHaveLength(damage ? 1 : 0)
    }
    expect(server.asked).toEqual(['/file@0', '/file@0'])
    await using cache = openMediaCache(path, { onRebuilt: (message) => expect.fail(message) })
    expect(cache.find(ref.sha256)?.verified?.measured.seconds).toBeCloseTo(3, 0)
  })
})

/** As another reader sees them: only what is committed. */
const chunksIn = (path: string): number => {
  if (!existsSync(path)) return 0
  const database = new Database(path, { readonly: true })
  try {
    return Number(database.prepare('SELECT count(*) FROM chunk').pluck().get())
  } catch {
    return 0
  } finally {
    database.close()
  }
}
