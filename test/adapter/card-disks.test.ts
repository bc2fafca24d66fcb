import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { faultOf, makeExt4 } from '../../scripts/imaging/disks.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the data of a card lie in blocks of 4 KiB, small as they are at first', (context) => {
  vi.stubEnv('PATH', '/usr/sbin:/usr/bin:/sbin:/bin')
  if (spawnSync('mke2fs', ['-V']).error !== undefined)
    return context.skip('no mke2fs (apt-get install e2fsprogs)')
  const folder = mkdtempSync(join(tmpdir(), 'loa-disks-'))
  try {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/file'), 'x')
    const image = join(folder, 'data.img')
    makeExt4(image, join(folder, 'data'), {
      bytes: 64 * 2 ** 20,
      uuid: '0a1b2c3d-1111-4111-8111-0123456789ab',
      label: 'loa-data',
    })
    const facts = execFileSync('debugfs', ['-R', 'show_super_stats -h', image], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(facts).toMatch(/^Block size: +4096$/m)
    expect(facts).toMatch(/^Filesystem volume name: +loa-data$/m)
    expect(faultOf(image, 'ext4')).toBeUndefined()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
