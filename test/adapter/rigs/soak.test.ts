import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SOAK = join(import.meta.dirname, '../../../scripts/rigs/soak.ts')

/** In a process of its own: its memory is what is looked at. The year itself is scripts/rigs/soak. */
test('ten normal days leave one record for every occurrence, no handle and no memory', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=1', '--max-old-space-size=64', SOAK, '--days', '10'],
    { timeout: 55_000 },
  )
  expect(stdout).toContain('met    one record for every occurrence, in one chain')
  expect(stdout).not.toContain('MISSED')
})
