import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { BEFORE, makePackage, Receiver, releaseOf, signed } from './bench.ts'

/** The built program, as the units start it. */
const MAIN = 'dist/agent/updater/main.js'
const start = (receiver: Receiver, verb: string) =>
  spawn('sh', ['-c', 'umask 0077; exec "$0" "$@"', process.execPath, MAIN, verb, receiver.root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const run = async (receiver: Receiver, verb: string): Promise<number | null> => {
  const [code] = (await once(start(receiver, verb), 'close')) as [number | null]
  return code
}

describe('the built updater', () => {
  test('T21 killed at any moment leaves a receiver that runs, and stages in the end', async () => {
    using receiver = new Receiver()
    const architecture = process.arch === 'x64' ? 'amd64' : 'arm64'
    const order = { version: '1.2.0', ballast: 30_000_000, declared: { Architecture: architecture } }
    const file = makePackage(order)
    const release = releaseOf('1.2.0', file)
    copyFileSync(file, join(receiver.desk, 'release.deb'))
    const files = release.files.map((each) => ({ ...each, arch: architecture }))
    writeFileSync(join(receiver.desk, 'release.jws'), signed({ ...release, files }))
    receiver.ask('stage')
    let killed = 0
    for (const afterMs of [90, 140, 180, 230, 280, 350]) {
      const child = start(receiver, 'run')
      const closed = once(child, 'close') as Promise<[number | null]>
      await sleep(afterMs)
      child.kill('SIGKILL')
      if ((await closed)[0] === null) killed += 1
      expect(receiver.runs).toBe('0.9.0')
    }
    expect(killed).toBeGreaterThan(0)
    expect(await run(receiver, 'run')).toBe(0)
    expect(receiver.state.staged).toMatchObject({ version: '1.2.0' })
    const ballast = readFileSync(join(receiver.places.slots, 'a/ballast'))
    expect(createHash('sha256').update(ballast).digest('hex')).toBe(
      createHash('sha256').update(Buffer.alloc(30_000_000, '1.2.0')).digest('hex'),
    )
    receiver.after('try', BEFORE)
    expect(await run(receiver, 'choose')).toBe(0)
    expect(receiver.runs).toBe('1.2.0')
    // The unit of the agent has UMask=0077, and the agent reads what stands there.
    expect(statSync(receiver.places.state).mode & 0o777).toBe(0o644)
    expect(statSync(receiver.places.slots).mode & 0o777).toBe(0o755)
  })

  test('two choosers at once count two starts', async () => {
    using receiver = new Receiver()
    receiver.lay('1.2.0')
    receiver.after('stage')
    receiver.after('try', BEFORE)
    await Promise.all([run(receiver, 'choose'), run(receiver, 'choose')])
    expect(receiver.state.trial?.starts).toBe(2)
  })

  test('tells its state, and what it does not know', async () => {
    using receiver = new Receiver()
    const child = start(receiver, 'status')
    let said = ''
    child.stdout.on('data', (bytes) => {
      said += String(bytes)
    })
    await once(child, 'close')
    expect(JSON.parse(said)).toMatchObject({
      committed: { slot: 'package', version: '0.9.0' },
      current: 'package',
    })
    expect(await run(receiver, 'erase')).toBe(2)
  })
})
