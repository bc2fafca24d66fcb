import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AdapterReport } from '../../agent/core/status.ts'
import { FakePort, noPty } from '../fakes/pty.ts'
import { Agent } from '../rig/agent.ts'
import { eventually } from '../rig/eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'loa-hub-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stands for uhubctl: writes down how it was called. */
const calls = join(folder, 'calls')
writeFileSync(join(folder, 'uhubctl'), `#!/bin/sh\necho "$*" >>${calls}\n`)
chmodSync(join(folder, 'uhubctl'), 0o755)

type Entry = { readonly record: { readonly code?: string; readonly data?: { readonly state?: string } } }

const told = async (agent: Agent): Promise<readonly (string | undefined)[]> => {
  const { stdout } = await agent.loa('log', '--json')
  const entries: readonly Entry[] = JSON.parse(stdout)
  return entries.filter(({ record }) => record.code === 'ADAPTER').map(({ record }) => record.data?.state)
}

describe.skipIf(noPty)('a whole agent whose sign hangs on a serial adapter', () => {
  test('misses it, has its socket switched off and on, finds it again and tells of each once', async () => {
    await using port = await FakePort.create(() => undefined)
    await port.plug()
    await using agent = new Agent({
      // biome-ignore lint/style/noProcessEnv: the stand-in goes before whatever the machine has
      env: { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
      board: {
        signs: [{ id: 'gate', driver: 'adalight', port: port.path, width: 8, height: 8 }],
        usbPower: [{ adapter: 'gate', hub: '1-1', port: 2, afterSeconds: 5 }],
      },
    })
    await agent.start()
    const gate = async (): Promise<AdapterReport | undefined> => (await agent.status()).adapters?.[0]
    await eventually('it is there', async () => (await gate())?.present || undefined)
    await port.unplug()
    await eventually('it is missed', async () => (await gate())?.losses || undefined)
    const { problems } = await agent.status()
    expect(problems.map(({ code }) => code)).toContain('SIGN')
    await eventually('its socket is switched', () => existsSync(calls) || undefined)
    expect(readFileSync(calls, 'utf8')).toBe('-l 1-1 -p 2 -a cycle -d 3\n')
    await port.plug()
    await eventually('it is found', async () => (await gate())?.present || undefined)
    expect(await gate()).toMatchObject({ losses: 1, returns: 1, cycles: 1, name: port.path })
    expect(await told(agent)).toEqual(['lost', 'switched', 'back'])
    expect((await agent.loa('status')).stdout).toMatch(
      /USB +gate: .* plugged in; lost 1 time; socket\s+switched/,
    )
  })
})
