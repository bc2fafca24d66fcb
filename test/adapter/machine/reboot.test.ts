import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createReboot } from '../../../agent/adapters/system/reboot.ts'

const SERVICE = { NOTIFY_SOCKET: '/run/systemd/notify' }
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Something in the place of systemctl that writes down what it was called with. Never the real one. */
const stand = (ending: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-reboot-'))
  folders.push(folder)
  const [program, log] = [join(folder, 'stand-in'), join(folder, 'log')]
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${log}\n${ending}\n`)
  chmodSync(program, 0o700)
  return { program, asked: () => readFileSync(log, 'utf8') }
}

test('systemd is asked, and is not to ask anybody', async () => {
  const { program, asked } = stand('exit 0')
  await createReboot(SERVICE, program)()
  expect(asked()).toBe('--no-ask-password\nreboot\n')
})

test('a refusal of polkit says what systemd said', async () => {
  const { program } = stand('echo "Interactive authentication required." >&2; exit 1')
  await expect(createReboot(SERVICE, program)()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('Interactive authentication required.'),
  })
})

test('a machine without systemctl is one that cannot', async () => {
  await expect(createReboot(SERVICE, '/nonexistent/systemctl')()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  })
})

test('an agent that is no service reboots nothing', async () => {
  const { program, asked } = stand('exit 0')
  await expect(createReboot({}, program)()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  expect(asked).toThrow()
})
