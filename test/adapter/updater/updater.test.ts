import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { epochMs } from '../../../agent/core/time.ts'
import { realDisk } from '../../../agent/updater/disk.ts'
import { BEFORE, makePackage, otherKey, Receiver, releaseOf, signed } from './bench.ts'

/** A receiver on which a release was staged, tried and committed. */
const committed = (receiver: Receiver, version: string): void => {
  receiver.lay(version)
  expect(receiver.after('stage')).toMatchObject({ result: 'staged' })
  expect(receiver.after('try', BEFORE)).toMatchObject({ result: 'trying' })
  receiver.choose()
  expect(receiver.after('commit')).toMatchObject({ result: 'committed' })
}

describe('the updater', () => {
  test('stages, tries and commits one release after the other, in turn in both slots', () => {
    using receiver = new Receiver()
    committed(receiver, '1.1.0')
    expect([receiver.runs, receiver.link]).toEqual(['1.1.0', 'slots/a'])
    committed(receiver, '1.2.0')
    expect([receiver.runs, receiver.link]).toEqual(['1.2.0', 'slots/b'])
    expect(receiver.left).toEqual(['b', 'current', 'slots', 'slots.json'])
    committed(receiver, '1.10.0')
    expect([receiver.runs, receiver.link]).toEqual(['1.10.0', 'slots/a'])
  })

  test('carries a request out once, and what it was asked meanwhile as well', () => {
    using receiver = new Receiver()
    receiver.lay('1.1.0')
    receiver.after('stage')
    receiver.serve()
    receiver.serve()
    expect(receiver.said).toEqual(['stage: staged'])
    // Asked again, it is answered without unpacking anew.
    writeFileSync(join(receiver.places.slots, 'a/mark'), '')
    expect(receiver.after('stage')).toMatchObject({ request: 'r2', result: 'staged' })
    expect(existsSync(join(receiver.places.slots, 'a/mark'))).toBe(true)
    expect(receiver.after('cancel')).toMatchObject({ result: 'cancelled' })
    expect(receiver.left).not.toContain('a')
  })

  test('three starts that are not committed go back, and the release is not taken again', () => {
    using receiver = new Receiver()
    committed(receiver, '1.1.0')
    receiver.lay('1.2.0')
    receiver.after('stage')
    receiver.after('try', BEFORE)
    const ran = [1, 2, 3, 4].map(() => {
      receiver.choose()
      return receiver.runs
    })
    expect(ran).toEqual(['1.2.0', '1.2.0', '1.2.0', '1.1.0'])
    expect(receiver.state.last).toMatchObject({ result: 'back' })
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code: 'OLD_REVISION' })
    expect(receiver.runs).toBe('1.1.0')
    committed(receiver, '1.3.0')
  })

  test('T21 refuses what is forged, old, expired, for others, or other bytes than were signed', () => {
    using receiver = new Receiver()
    committed(receiver, '1.1.0')
    const before = receiver.state.committed
    const { desk } = receiver
    const jws = join(desk, 'release.jws')
    const refusals = (prepare: () => void): unknown => {
      receiver.lay('1.2.0')
      prepare()
      return receiver.after('stage')?.code
    }
    const file = makePackage({ version: '1.2.0' })
    const rewrite = (release: unknown) => () => writeFileSync(jws, signed(release))
    const wholly = releaseOf('1.2.0', file)
    expect(refusals(() => writeFileSync(jws, signed(wholly, otherKey)))).toBe('BAD_SIGNATURE')
    expect(refusals(() => receiver.lay('1.1.0'))).toBe('OLD_REVISION')
    expect(refusals(() => receiver.lay('1.0.9'))).toBe('OLD_REVISION')
    expect(refusals(rewrite({ ...wholly, from: '1.1.1' }))).toBe('UNSUPPORTED')
    expect(refusals(rewrite({ ...wholly, files: wholly.files.map((f) => ({ ...f, arch: 'arm64' })) }))).toBe(
      'UNSUPPORTED',
    )
    expect(refusals(() => rmSync(jws))).toBe('INVALID')
    expect(refusals(() => rmSync(join(desk, 'release.deb')))).toBe('INVALID')
    expect(refusals(() => truncateSync(join(desk, 'release.deb'), 5_000))).toBe('BAD_MEDIA')
    expect(
      refusals(() => {
        const bytes = readFileSync(file)
        bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1
        writeFileSync(join(desk, 'release.deb'), bytes)
      }),
    ).toBe('BAD_MEDIA')
    expect(refusals(() => writeFileSync(join(desk, 'release.deb'), Buffer.alloc(1e6)))).toBe('TOO_LARGE')
    expect(refusals(() => undefined)).toBeUndefined()
    receiver.after('cancel')
    receiver.lay('1.2.0')
    receiver.ask('stage')
    receiver.serve(realDisk, epochMs(Date.parse('2028-01-01T00:00:00Z')))
    expect(receiver.state.last?.code).toBe('EXPIRED')
    expect(receiver.state.committed).toEqual(before)
    expect(receiver.runs).toBe('1.1.0')
    expect(receiver.left).toEqual(['a', 'current', 'slots', 'slots.json'])
  })

  test.each([
    ['another package', { declared: { Package: 'other' } }],
    ['another version than was signed', { declared: { Version: '1.2.1' } }],
    ['another architecture', { declared: { Architecture: 'all' } }],
    ['no agent', { lacks: 'dist/agent/main.js' }],
    ['no Node', { lacks: 'node_modules/node/bin/node' }],
    ['no room for what it says it takes', { declared: { 'Installed-Size': '999999999' } }],
  ])('T21 refuses a package that is signed and holds %s', (what, order) => {
    using receiver = new Receiver()
    receiver.lay('1.2.0', order)
    const code = what.includes('room') ? 'DISK_FULL' : 'INVALID'
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code })
    expect(receiver.left).toEqual(['slots', 'slots.json'])
    expect(receiver.runs).toBe('0.9.0')
  })

  test('is not led astray by links, pipes and folders on the desk', async () => {
    using receiver = new Receiver()
    const { desk, root } = receiver
    receiver.lay('1.2.0')
    const secret = join(root, 'secret')
    copyFileSync(join(desk, 'release.deb'), secret)
    rmSync(join(desk, 'release.deb'))
    symlinkSync(secret, join(desk, 'release.deb'))
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code: 'INVALID' })
    rmSync(join(desk, 'release.deb'))
    mkdirSync(join(desk, 'release.deb'))
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code: 'INVALID' })
    rmSync(join(desk, 'release.jws'))
    await once(spawn('mkfifo', [join(desk, 'release.jws')]), 'close')
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code: 'INVALID' })
    rmSync(join(desk, 'request.json'))
    symlinkSync(secret, join(desk, 'request.json'))
    expect(() => receiver.serve()).toThrow(/request.json/)
    rmSync(desk, { recursive: true })
    symlinkSync(root, desk)
    expect(() => receiver.serve()).toThrow(/update/)
  })

  test('says that both slots are needed, until the agent has left the one it went back from', () => {
    using receiver = new Receiver()
    committed(receiver, '1.1.0')
    receiver.lay('1.2.0')
    receiver.after('stage')
    receiver.after('try', BEFORE)
    receiver.choose()
    expect(receiver.after('sick', { reason: 'no sound' })).toMatchObject({ result: 'back' })
    receiver.lay('1.3.0')
    expect(receiver.after('stage')).toMatchObject({ result: 'refused', code: 'BUSY' })
    receiver.choose()
    expect(receiver.after('stage')).toMatchObject({ result: 'staged' })
  })
})

describe('the chooser', () => {
  test.each(['', '{', '{"v":1}', 'x'.repeat(70_000)])(
    'runs the package when slots.json is damaged: %s',
    (text) => {
      using receiver = new Receiver()
      committed(receiver, '1.1.0')
      writeFileSync(receiver.places.state, text)
      receiver.choose()
      expect(receiver.runs).toBe('0.9.0')
      expect(receiver.state).toMatchObject({ committed: { slot: 'package', version: '0.9.0' } })
      committed(receiver, '1.1.0')
    },
  )

  test.each(['dist/agent/main.js', 'node_modules/node/bin/node', 'package.json'])(
    'does not run a slot whose %s is empty or gone',
    (file) => {
      for (const spoil of [(path: string) => truncateSync(path), rmSync]) {
        using receiver = new Receiver()
        committed(receiver, '1.1.0')
        receiver.lay('1.2.0')
        receiver.after('stage')
        receiver.after('try', BEFORE)
        spoil(join(receiver.places.slots, 'b', file))
        receiver.choose()
        expect(receiver.runs).toBe('1.1.0')
        expect(receiver.state.refused).toMatchObject([{ version: '1.2.0' }])
        spoil(join(receiver.places.slots, 'a', file))
        receiver.choose()
        expect(receiver.runs).toBe('0.9.0')
      }
    },
  )

  test('runs what is committed when a start of a trial cannot be counted', () => {
    using receiver = new Receiver()
    receiver.lay('1.1.0')
    receiver.after('stage')
    receiver.after('try', BEFORE)
    receiver.choose()
    const full = {
      ...realDisk,
      writeSynced: () => {
        throw new Error('ENOSPC')
      },
    }
    expect(() => receiver.choose(full)).toThrow('ENOSPC')
    expect(receiver.runs).toBe('0.9.0')
  })

  test('leaves a package in force that is newer than what was committed', () => {
    using receiver = new Receiver()
    committed(receiver, '1.1.0')
    receiver.installPackage('1.2.0')
    receiver.choose()
    expect([receiver.runs, receiver.link]).toEqual(['1.2.0', undefined])
    receiver.lay('1.2.0')
    expect(receiver.after('stage')).toMatchObject({ code: 'OLD_REVISION' })
  })
})
