import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOREIGN = join(import.meta.dirname, '../../scripts/imaging/foreign')
const run = (code: string) => spawnSync(FOREIGN, ['sh', '-euc', code], { encoding: 'utf8', timeout: 50_000 })
const NONE_HERE = 69

test('what runs where programs for arm64 run has devices, and changes none of this machine', (context) => {
  const probe = `/dev/loa-probe-${process.pid}`
  try {
    const { status, stdout, stderr } = run(
      `echo x >/dev/null; head -c 4 /dev/urandom | wc -c; : >${probe}; test -e ${probe}; readlink /dev/stdout`,
    )
    if (process.getuid?.() !== 0 || status === NONE_HERE) {
      context.skip(`foreign programs do not run here: ${stderr}`)
      return
    }
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '4\nfd/1\n', stderr: '' })
    expect(existsSync(probe)).toBe(false)
  } finally {
    rmSync(probe, { force: true })
  }
})
