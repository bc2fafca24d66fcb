import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createHubPower } from '../../../agent/adapters/system/hub-power.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-hub-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A stand-in for uhubctl that writes down how it was called, an argument a line, and then does `more`. */
const standIn = (name: string, more: string): { readonly program: string; readonly calls: () => string } => {
  const program = join(folder, name)
  const log = `${program}.log`
  writeFileSync(
    program,
    `#!/bin/sh\nfor each in "$@"; do echo "$each" >>${log}; done\necho >>${log}\n${more}\n`,
  )
  chmodSync(program, 0o755)
  return { program, calls: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }
}

const CYCLE = '-l\n1-1.4\n-p\n2\n-a\ncycle\n-d\n3\n\n'
const ON = '-l\n1-1.4\n-p\n2\n-a\non\n\n'

describe('a socket of a USB hub', () => {
  test('is switched by uhubctl, each argument by itself', async () => {
    const { program, calls } = standIn('fine', 'exit 0')
    await createHubPower(program).cycle('1-1.4', 2, 3)
    expect(calls()).toBe(CYCLE)
  })

  test('that cannot be switched is told in the words of uhubctl, and left with power', async () => {
    const { program, calls } = standIn(
      'unable',
      'echo "No compatible devices detected at location 1-1.4!" >&2; exit 1',
    )
    await expect(createHubPower(program).cycle('1-1.4', 2, 3)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining('No compatible devices detected'),
    })
    expect(calls()).toBe(CYCLE + ON)
  })

  test('gets its power back when uhubctl hangs', async () => {
    const { program, calls } = standIn('hanging', 'case "$*" in *cycle*) exec sleep 30;; esac')
    await expect(createHubPower(program, 200).cycle('1-1.4', 2, 1)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining('was not done after 1200 ms'),
    })
    expect(calls()).toBe(CYCLE.replace('3', '1') + ON)
  })

  test('cannot be switched where uhubctl is not installed', async () => {
    await expect(createHubPower(join(folder, 'absent')).cycle('1-1', 2, 3)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('apt install uhubctl'),
    })
  })
})
