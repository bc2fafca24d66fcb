import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateDb } from '../../agent/adapters/sqlite/state-db.ts'
import { runCommand } from '../../agent/cli/run.ts'
import { readTar } from '../../agent/core/bundle/tar.ts'
import { event, now } from '../contract/state-stores.ts'
import { fakeIo } from '../fakes/cli-io.ts'
import { pathsIn, writeAgentFiles } from '../rig/agent-files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-bundle-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const bundle = async (...words: readonly string[]) => {
  const paths = pathsIn(folder)
  const edge = fakeIo({ now })
  const code = await runCommand(['bundle', '--config', paths.config, ...words], edge.io)
  return { code, out: edge.out(), err: edge.err(), paths }
}

const partsOf = (file: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...readTar(gunzipSync(readFileSync(file)))].map(({ name, bytes }) => [
      name.split('/')[1],
      Buffer.from(bytes).toString(),
    ]),
  )

test('of a dead agent the records are there, and its state is left as it was', async () => {
  const paths = pathsIn(folder)
  writeAgentFiles(paths, {})
  const store = openStateDb({
    directory: paths.state,
    machineId: 'm-1',
    wall: () => now,
    log: { warn: () => undefined },
    mirroredFacts: [],
  })
  store.outbox.event(event('TAMPER'))
  store.journal.write(['{"v":1}'], 0)
  await store[Symbol.asyncDispose]()
  const before = readdirSync(paths.state)
  const out = join(folder, 'a.tar.gz')
  expect(await bundle('--out', out)).toMatchObject({ code: 3, err: '' })
  expect(readdirSync(paths.state)).toEqual(before)
  const parts = partsOf(out)
  expect(parts['records.jsonl']).toContain('"code":"TAMPER"')
  expect(parts['arbiter-inputs.jsonl']).toBe('{"v":1}\n')
  expect(JSON.parse(parts['state-folder.json'] ?? '')).toHaveProperty(['state.db'])
  expect(statSync(out).mode & 0o777).toBe(0o600)
})

test('what was never there is named, and the rest is made', async () => {
  writeAgentFiles(pathsIn(folder), {})
  const out = join(folder, 'a.tar.gz')
  const { code, out: told } = await bundle('--out', out, '--json')
  expect(code).toBe(3)
  const { missing, running, parts } = JSON.parse(told)
  expect(running).toBe(false)
  expect(missing).toContainEqual({ part: 'records.jsonl', why: expect.stringContaining('state.db') })
  expect(parts).toEqual(Object.keys(partsOf(out)))
  expect(JSON.parse(partsOf(out)['manifest.json'] ?? '')).toMatchObject({ device: 'd-7k2m4q9x', missing })
})

test('a configuration that is not valid exits 2, and the doctor in the bundle says why', async () => {
  const paths = pathsIn(folder)
  writeAgentFiles(paths, { config: { heartbeat: { interval: 5 } } })
  const out = join(folder, 'a.tar.gz')
  expect((await bundle('--out', out, '--lang', 'vi')).code).toBe(2)
  expect(partsOf(out)['doctor.json']).toContain('heartbeat.interval')
})

test('a file that is there stays, and a place that cannot be written is told', async () => {
  writeAgentFiles(pathsIn(folder), {})
  const out = join(folder, 'a.tar.gz')
  writeFileSync(out, 'mine')
  expect(await bundle('--out', out)).toMatchObject({ code: 1, err: expect.stringContaining('already') })
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect((await bundle('--out', join(folder, 'no/such/a.tar.gz'))).err).toContain('cannot be written')
})
