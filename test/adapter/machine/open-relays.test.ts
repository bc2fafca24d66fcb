import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeRelayList, writeRelayList } from '../../../drivers/gpio/relay-list.ts'

const program = resolve('scripts/open-relays')
const timing = { settleMs: 800, holdMs: 500, minOffMs: 2000, maxOnMinutes: 240 }
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'loa-relays-'))
const virtual = (trace: string) => ({ ...timing, id: 'main', driver: 'virtual', trace }) as const
const absent = {
  ...timing,
  id: 'horn',
  driver: 'gpiochip',
  chip: 'no-such-chip',
  line: 1,
  activeLow: false,
} as const

type Outcome = { readonly code: number; readonly stderr: string }
const run = async (...args: readonly string[]): Promise<Outcome> => {
  try {
    const { stderr } = await promisify(execFile)(program, args)
    return { code: 0, stderr }
  } catch (thrown) {
    const { code, stderr } = thrown as { code: number; stderr: string }
    return { code, stderr }
  }
}

it('a relay list reads back as it was written', () => {
  const folder = newFolder()
  writeRelayList(folder, [virtual('/x/trace.jsonl'), absent])
  const text = readFileSync(join(folder, 'relays.json'), 'utf8')
  expect(decodeRelayList(text)).toEqual([virtual('/x/trace.jsonl'), absent])
})

describe('T25 the last resort of the unit', () => {
  it('open-relays opens the relay that a process killed by SIGKILL left closed', async () => {
    const folder = newFolder()
    const trace = join(folder, 'trace.jsonl')
    writeRelayList(folder, [virtual(trace)])
    const holder = `
    import { VirtualAmplifier } from ${JSON.stringify(resolve('drivers/gpio/virtual-amplifier.ts'))}
    new VirtualAmplifier(${JSON.stringify(virtual(trace))}).set(true)
    process.kill(process.pid, 'SIGKILL')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder])
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    expect(readFileSync(trace, 'utf8').trimEnd().endsWith('"on":true}')).toBe(true)

    expect(await run(join(folder, 'relays.json'))).toEqual({ code: 0, stderr: 'open-relays: main: open\n' })
    expect(readFileSync(trace, 'utf8').trimEnd().split('\n')[1]).toMatch(/"id":"main","on":false\}$/)
  })

  it('open-relays opens what it can, names what it cannot and fails', async () => {
    const folder = newFolder()
    const trace = join(folder, 'trace.jsonl')
    writeFileSync(trace, '{"at":"2026-11-22T22:00:00.000Z","id":"main","on":true}\n')
    writeRelayList(folder, [absent, virtual(trace)])
    const { code, stderr } = await run(join(folder, 'relays.json'))
    expect(code).toBe(1)
    expect(stderr).toContain('horn: no GPIO chip is called no-such-chip')
    expect(stderr).toContain('main: open')
  })

  it('open-relays has nothing to do where the agent never came as far', async () => {
    const folder = newFolder()
    expect((await run(join(folder, 'relays.json'))).code).toBe(0)
    expect(existsSync(join(folder, 'relays.json'))).toBe(false)
  })
})
