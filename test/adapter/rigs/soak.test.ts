import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SOAK = join(import.meta.dirname, '../../../scripts/rigs/soak')

const LONG = 180_000

/** In a process of its own: its memory is what is looked at. The year itself is scripts/rigs/soak. */
test(
  'three normal days, with an outage and an alert among them, leave one record for every occurrence, no handle and no memory',
  async () => {
    const { stdout } = await promisify(execFile)(SOAK, ['--days', '3'], { timeout: LONG })
    expect(stdout).toContain('met    one record for every occurrence, in one chain')
    expect(stdout).not.toContain('MISSED')
  },
  LONG,
)
