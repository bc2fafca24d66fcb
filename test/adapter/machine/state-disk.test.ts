import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readStateDisk } from '../../../agent/adapters/system/state-disk.ts'
import { timeServersIn } from '../../../agent/adapters/system/time-servers.ts'
import { canMount } from '../../rig/can-mount.ts'

const made: string[] = []
afterEach(() => {
  for (const each of made.splice(0)) rmSync(each, { recursive: true })
})
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'loa-disk-'))
  made.push(path)
  return path
}

describe('the disk of the state', () => {
  test('has room, and was written when its newest file was', () => {
    const path = folder()
    for (const [name, year] of [
      ['a', 2024],
      ['b', 2031],
    ] as const) {
      writeFileSync(join(path, name), '')
      utimesSync(join(path, name), new Date(Date.UTC(year, 0)), new Date(Date.UTC(year, 0)))
    }
    const disk = readStateDisk(path)
    expect(disk?.freeMb).toBeGreaterThan(0)
    expect(disk?.writtenAt).toBe('2031-01-01T00:00:00.000Z')
    expect(readStateDisk(join(path, 'nowhere'))).toBeUndefined()
  })

  test.skipIf(!canMount)('is known to be read-only (a real mount)', () => {
    const path = folder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path])
    try {
      expect(readStateDisk(path)).not.toHaveProperty('readOnlyAt')
      execFileSync('mount', ['-o', 'remount,ro', path])
      expect(readStateDisk(path)).toMatchObject({ readOnlyAt: path })
    } finally {
      execFileSync('umount', [path])
    }
  })
})

test('time servers are those of timesyncd and chrony, wherever they stand', () => {
  const root = folder()
  mkdirSync(join(root, 'etc/systemd/timesyncd.conf.d'), { recursive: true })
  mkdirSync(join(root, 'etc/chrony/sources.d'), { recursive: true })
  writeFileSync(join(root, 'etc/systemd/timesyncd.conf'), '[Time]\n#NTP=no.example\n#FallbackNTP=c.example\n')
  writeFileSync(join(root, 'etc/systemd/timesyncd.conf.d/a.conf'), '[Time]\nNTP=a.example b.example\n')
  writeFileSync(join(root, 'etc/chrony/chrony.conf'), '# server no.example\npool d.example iburst\n')
  writeFileSync(join(root, 'etc/chrony/sources.d/x.sources'), 'server a.example\n')
  expect(timeServersIn(root)).toEqual(['a.example', 'b.example', 'c.example', 'd.example'])
})
