import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { layRelease } from './bench.ts'

/** Stands for `/`: the scripts name it in place of the real one. Every program of a release says its version and arguments. */
let root = ''
let installed = ''
let store = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-scripts-'))
  installed = join(root, 'usr/lib/loa-agent')
  store = join(root, 'var/lib/loa-agent')
  layRelease(installed, '0.9.0')
  for (const name of ['loa', 'open-relays', 'updater']) {
    const text = readFileSync(join('scripts', name), 'utf8')
    const moved = text.replaceAll('/usr/lib/loa-agent', installed).replaceAll('/var/lib/loa-agent', store)
    writeFileSync(join(installed, 'scripts', name), moved)
    chmodSync(join(installed, 'scripts', name), 0o755)
  }
  layRelease(join(store, 'slots/a'), '1.1.0')
})
afterEach(() => rmSync(root, { recursive: true }))

const said = (script: string, ...args: readonly string[]): string =>
  execFileSync(join(installed, 'scripts', script), args, { encoding: 'utf8', timeout: 30_000 }).trim()
const lead = (target: string): void => symlinkSync(target, join(store, 'current'))
const note = (state: object): void => writeFileSync(join(store, 'slots.json'), `${JSON.stringify(state)}\n`)

describe('loa of an installed package', () => {
  test('is that of the package, and that of the release that was taken since', () => {
    expect(said('loa', 'status')).toMatch(/^0\.9\.0 .*dist\/loa\/main.js status$/)
    lead('slots/a')
    expect(said('loa', '--lang', 'vi', 'a b')).toBe('1.1.0 --lang vi a b')
    expect(said('open-relays', '/run/loa/relays.json')).toBe('1.1.0 /run/loa/relays.json')
  })

  test.each(['dist/agent/main.js', 'node_modules/node/bin/node', 'scripts/loa'])(
    'is that of the package when %s of the slot is gone',
    (file) => {
      lead('slots/a')
      rmSync(join(store, 'slots/a', file))
      expect(said('loa', 'status')).toMatch(/^0\.9\.0 /)
    },
  )

  test('ends when current leads nowhere, or back to the package', () => {
    lead('slots/b')
    expect(said('loa', 'status')).toMatch(/^0\.9\.0 /)
    rmSync(join(store, 'current'))
    lead(installed)
    expect(said('loa', 'status')).toMatch(/^0\.9\.0 /)
    expect(said('open-relays', 'x')).toMatch(/^0\.9\.0 /)
  })
})

describe('choosing before a start', () => {
  const staged = { slot: 'a', version: '1.1.0' }
  const inA = { v: 1, committed: staged, refused: [{ reason: '"trial": x' }] }

  test('costs no Node where there is nothing to choose', () => {
    expect(said('updater', 'choose')).toBe('')
    note({ v: 1, committed: { slot: 'package', version: '0.9.0' }, refused: [] })
    expect(said('updater', 'choose')).toBe('')
    note(inA)
    lead('slots/a')
    expect(said('updater', 'choose')).toBe('')
  })

  test.each([
    ['a trial', { ...inA, trial: { ...staged, slot: 'b' } }],
    ['another slot than current leads to', { v: 1, committed: { slot: 'b', version: '1.2.0' }, refused: [] }],
    [
      'the package, while current leads to a slot',
      { v: 1, committed: { slot: 'package', version: '0.9.0' } },
    ],
    ['another shape', { v: 2, committed: staged }],
  ])('is left to the updater with %s', (_, state) => {
    note(state)
    lead('slots/a')
    expect(said('updater', 'choose')).toMatch(/^0\.9\.0 .*updater\/main.js choose$/)
  })

  test('is left to the updater with what cannot be read, and with a slot that is damaged', () => {
    lead('slots/a')
    writeFileSync(join(store, 'slots.json'), '')
    expect(said('updater', 'choose')).toMatch(/choose$/)
    note(inA)
    truncateSync(join(store, 'slots/a/dist/agent/main.js'))
    expect(said('updater', 'choose')).toMatch(/choose$/)
    rmSync(store, { recursive: true })
    mkdirSync(store)
    expect(said('updater', 'choose')).toBe('')
  })
})
