import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../../agent/cli/run.ts'
import { displayWidth } from '../../../agent/cli/text/width.ts'
import { packBundle } from '../../../agent/core/bundle/pack.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { fakeIo } from '../../fakes/cli-io.ts'
import { morning } from '../replay/recorded.ts'

let folder = ''
const lines = `${morning().lines().join('\n')}\n`
const inside = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loa-replay-'))
  writeFileSync(inside('inputs.jsonl'), lines)
  writeFileSync(inside('changed.jsonl'), lines.replaceAll('"fromFrame":0', '"fromFrame":48000'))
  writeFileSync(inside('newer.jsonl'), lines.replace('{"v":1,', '{"v":2,'))
  writeFileSync(inside('other.txt'), 'hello\n')
  const { bytes } = await packBundle(
    [{ name: 'arbiter-inputs.jsonl', text: lines }],
    {
      ...{ device: 'd-1', timezone: 'Asia/Ho_Chi_Minh', agent: '0.1.0', at: epochMs(0), by: 'loa' },
      ...{ running: true, missing: [] },
    },
    { limit: 5_000_000, folder: 'loa-bundle-d-1', gzip: promisify(gzip) },
  )
  writeFileSync(inside('bundle.tar.gz'), bytes)
  writeFileSync(inside('short.tar.gz'), bytes.subarray(0, 200))
})
afterAll(() => rmSync(folder, { recursive: true }))

const replay = async (file: string, ...options: readonly string[]) => {
  const edge = fakeIo()
  const code = await runCommand(['replay', inside(file), ...options], edge.io)
  return { code, out: edge.out(), err: edge.err() }
}

test.each(['inputs.jsonl', 'bundle.tar.gz'])('%s is replayed without a difference', async (file) => {
  const { code, out, err } = await replay(file)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^\d+ steps from 2026-11-22 05:00:00\.000 to [\s\S]*: every\s+decision\s+is\s+the\s+same\.\n$/,
  )
})

describe.each(['en', 'vi'])('step by step in %s', (language) => {
  test('every input and decision has its words, in 80 columns', async () => {
    const { code, out } = await replay('bundle.tar.gz', '--step', '--lang', language)
    expect(code).toBe(0)
    expect(out).not.toMatch(/undefined|\[object/)
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80)
  })
})

test('shows the steps from one on', async () => {
  const all = (await replay('inputs.jsonl', '--step')).out.split('\n')
  const some = (await replay('inputs.jsonl', '--from', '10')).out.split('\n')
  expect(some[0]).toMatch(/^ {4}10 {2}2026-11-22 05:0/)
  expect(all.slice(-some.length)).toEqual(some)
})

test('the first decision that is another is named, with what was decided and what is now', async () => {
  const { code, out } = await replay('changed.jsonl')
  expect(code).toBe(1)
  expect(out).toMatch(/^Step \d+, 2026-11-22 05:00:.*: the decision is another\.\n/)
  expect(out).toMatch(/was decided: [\s\S]*from\s+1 s\n[\s\S]*now: [\s\S]*from\s+0 s\n/)
  const told = JSON.parse((await replay('changed.jsonl', '--json')).out)
  expect(told).toMatchObject({
    same: false,
    difference: { expected: expect.any(Array), got: expect.any(Array) },
  })
  expect(told.steps).toBe(told.difference.step)
})

test('the trace is in the JSON when it is asked for', async () => {
  const { steps, trace } = JSON.parse((await replay('inputs.jsonl', '--json', '--step')).out)
  expect(trace).toHaveLength(steps)
})

test.each([
  ['newer.jsonl', 1, /form 2, this release replays form 1/],
  ['other.txt', 1, /no bundle with inputs/],
  ['short.tar.gz', 1, /no bundle with inputs/],
  ['missing.tar.gz', 2, /cannot be read/],
])('%s is told what is wrong with it', async (file, code, words) => {
  const told = await replay(file)
  expect([told.code, told.out]).toEqual([code, ''])
  expect(told.err).toMatch(words)
})
