import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzip } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packBundle } from '../../../agent/core/bundle/pack.ts'
import { joined, linesSince, pieces } from '../../../agent/core/bundle/part.ts'
import { createTar, readTar } from '../../../agent/core/bundle/tar.ts'
import { epochMs } from '../../../agent/core/time.ts'

const FACTS = {
  ...{ device: 'd-1', timezone: 'Asia/Ho_Chi_Minh', agent: '0.1.0', running: true, missing: [] },
  at: epochMs(Date.UTC(2026, 10, 22)),
  by: 'loa',
} as const
/** As it is: sizes can be foreseen. */
const plain = async (bytes: Uint8Array) => bytes
const textsOf = (archive: Uint8Array): Record<string, string> =>
  Object.fromEntries([...readTar(archive)].map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]))

test('tar unpacks what is packed, whatever the lengths', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-tar-'))
  try {
    const files = [0, 1, 511, 512, 513, 5000].map((length) => ({
      name: `b/${length}.txt`,
      bytes: new Uint8Array(length).fill(97),
    }))
    writeFileSync(join(folder, 'a.tar'), createTar(files, 1_764_000_000))
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder })
    for (const { name, bytes } of files) expect(readFileSync(join(folder, name)).length).toBe(bytes.length)
    expect([...readTar(createTar(files, 0))]).toEqual(files)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what is no archive has no files', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect([...readTar(bytes)].length).toBeLessThan(5)
    }),
  )
})

test('pieces put together are the part', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20_000 }), { maxLength: 12 }), (lines) => {
      const text = lines.join('\n')
      expect(joined([...pieces({ name: 'a', text })])).toEqual(text === '' ? [] : [{ name: 'a', text }])
    }),
  )
})

const lines = (count: number, length: number): string =>
  Array.from({ length: count }, (_, index) => `${String(index).padStart(length - 1, '0')}\n`).join('')

test('of the longest part the oldest lines are left out, and the manifest says so', async () => {
  const parts = [
    { name: 'status.json', text: '{}\n' },
    { name: 'log.jsonl', text: lines(1000, 100) },
    { name: 'records.jsonl', text: lines(10, 100) },
  ]
  const { bytes, cut } = await packBundle(parts, FACTS, { limit: 40_000, folder: 'b', gzip: plain })
  expect(bytes.length).toBeLessThan(40_001)
  const files = textsOf(bytes)
  expect(files['b/records.jsonl']).toBe(parts[2]?.text)
  expect(parts[1]?.text.endsWith(files['b/log.jsonl'] ?? 'missing')).toBe(true)
  expect(files['b/log.jsonl']).toMatch(/^\d{99}\n/)
  expect(JSON.parse(files['b/manifest.json'] ?? '')).toMatchObject({
    v: 1,
    device: 'd-1',
    at: '2026-11-22T00:00:00.000Z',
    cut,
  })
  expect(cut).toEqual([{ part: 'log.jsonl', lines: expect.any(Number) }])
})

test('inputs are cut at a beginning, or left out', async () => {
  const stretch = `{"v":1,"state":{}}\n${lines(100, 100)}`
  const pack = async (text: string, limit: number) =>
    textsOf(
      (
        await packBundle([{ name: 'arbiter-inputs.jsonl', text }], FACTS, {
          limit,
          folder: 'b',
          gzip: plain,
        })
      ).bytes,
    )['b/arbiter-inputs.jsonl']
  expect(await pack(stretch.repeat(8), 40_000)).toBe(stretch.repeat(2))
  expect(await pack(stretch.repeat(8), 14_000)).toBe(stretch)
  expect(await pack(stretch, 8000)).toBe('')
})

test('what cannot be cut goes as a whole, and nothing at all fits into nothing', async () => {
  const parts = [{ name: 'media.json', text: lines(500, 100) }]
  const packed = await packBundle(parts, FACTS, { limit: 5000, folder: 'b', gzip: promisify(gzip) })
  expect(packed.parts).toEqual(['manifest.json', 'media.json'])
  expect(textsOf(gunzipSync(packed.bytes))['b/media.json']).toBe(parts[0]?.text)
  const without = await packBundle(parts, FACTS, { limit: 5000, folder: 'b', gzip: plain })
  expect(without).toMatchObject({ parts: ['manifest.json'], cut: [{ part: 'media.json', lines: 500 }] })
  await expect(packBundle([], FACTS, { limit: 10, folder: 'b', gzip: plain })).rejects.toThrow(/small enough/)
})

test('the log is that since an instant', () => {
  const log = ['05', '06', '07'].map((hour) => `{"level":30,"time":"2026-11-22T${hour}:00:00.000Z"}\n`)
  expect(linesSince(log.join(''), Date.UTC(2026, 10, 22, 6))).toBe(log.slice(1).join(''))
  expect(linesSince(log.join(''), Date.UTC(2026, 10, 22, 8))).toBe('')
})
