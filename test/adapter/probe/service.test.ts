import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askService } from '../../../agent/adapters/probe/service.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-service-'))
  mkdirSync(join(root, 'run/systemd/system'), { recursive: true })
  vi.stubEnv('PATH', `${root}:/usr/bin:/bin`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

const program = (name: string, text: string): void => {
  writeFileSync(join(root, name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(root, name), 0o755)
}

describe('what systemd says (its programs are faked)', () => {
  test('is asked in one call each, and told as it stands there', async () => {
    program('systemctl', 'echo "LoadState=loaded"; echo "CapabilityBoundingSet="; echo "Asked=$*"')
    program('timedatectl', 'echo "NTP=yes"')
    expect(await askService(['LoadState', 'User'], root)).toEqual({
      unit: {
        LoadState: 'loaded',
        CapabilityBoundingSet: '',
        Asked: 'show loa-agent.service --property=LoadState,User',
      },
      time: { NTP: 'yes' },
    })
  })

  test('is left out when it does not come in time, or not at all', async () => {
    program('systemctl', 'exec sleep 60')
    program('timedatectl', 'exit 1')
    const begun = performance.now()
    expect(await askService([], root)).toEqual({})
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  test('is not asked where it does not run the machine', async () => {
    program('systemctl', 'echo "LoadState=loaded"')
    rmSync(join(root, 'run'), { recursive: true })
    expect(await askService([], root)).toEqual({})
  })
})
