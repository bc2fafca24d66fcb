import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createSystemdWatchdog, openWatchdog } from '../../../agent/adapters/systemd/watchdog.ts'
import type { Logger } from '../../../agent/ports/logger.ts'

const warnings: string[] = []
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  error: () => undefined,
  warn: (_fields, message) => warnings.push(message),
  child: () => logger,
}

const until = async (what: string, condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 4000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting: ${what}`)
    await wait(10)
  }
}

it('the service manager hears how long a start takes, ready, alive, a one-line status and stopping, and says how often', async () => {
  const socket = join(mkdtempSync(join(tmpdir(), 'loa-notify-')), 'notify')
  const manager = spawn('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let heard = ''
  manager.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString()
  })
  try {
    await until('socket', () => existsSync(socket))
    const program = `
      import { openWatchdog } from ${JSON.stringify(resolve('agent/adapters/systemd/watchdog.ts'))}
      const watchdog = openWatchdog(process.env, console)
      watchdog.starting(90_000.5)
      watchdog.ready()
      watchdog.alive()
      watchdog.status('playing\\nREADY=1\\tsang-tin')
      watchdog.stopping()
      console.log(watchdog.timeoutMs)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '30000000' },
    })
    expect(stdout).toBe('30000\n')
    const expected = 'EXTEND_TIMEOUT_USEC=90000500READY=1WATCHDOG=1STATUS=playing READY=1 sang-tinSTOPPING=1'
    await until('five messages', () => heard.length >= expected.length)
    expect(heard, 'five datagrams in a row').toBe(expected)
  } finally {
    manager.kill()
    await once(manager, 'exit')
  }
})

it('without a service manager nobody watches and nothing is said', () => {
  const watchdog = openWatchdog({}, logger)
  expect(watchdog.timeoutMs).toBeUndefined()
  expect(() => {
    watchdog.starting(1)
    watchdog.ready()
    watchdog.alive()
    watchdog.status('idle')
    watchdog.stopping()
  }).not.toThrow()
})

it('a service manager that cannot be told is a warning, not a fault', () => {
  warnings.length = 0
  const watchdog = createSystemdWatchdog({ notify: () => -111, watchdogUs: () => undefined }, logger)
  watchdog.alive()
  expect(warnings).toEqual(['the service manager cannot be told'])
  expect(watchdog.timeoutMs).toBeUndefined()
})
