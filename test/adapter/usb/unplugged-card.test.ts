import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DeviceStream } from '../../../agent/playout/device-stream.ts'
import { openPcmOutput } from '../../../drivers/registry.ts'
import { until } from '../../fakes/until.ts'
import { buildVirtualDac, type VirtualDac } from '../../rig/virtual-dac.ts'

let dac: VirtualDac
beforeAll(() => {
  dac = buildVirtualDac()
  // libasound reads its configuration once, at the first call.
  vi.stubEnv('ALSA_CONFIG_PATH', dac.env.ALSA_CONFIG_PATH)
  vi.stubEnv('VDAC_LOG', dac.env.VDAC_LOG)
  vi.stubEnv('VDAC_GONE', join(dac.folder, 'gone'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  dac[Symbol.dispose]()
})

test('a card that is plugged out while it plays is told once, and plays again when it is back', async () => {
  const told: string[] = []
  const config = { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 200 } as const
  const stream = new DeviceStream(
    () => openPcmOutput(config),
    () => Number(process.hrtime.bigint()),
    (ok, message) => told.push(`${ok ? 'plays' : 'lost'}: ${message}`),
    () => undefined,
  )
  const turn = (): void => {
    stream.want(true)
    if (stream.sync() === 'running') stream.write(new Int16Array(stream.room(4800)))
  }
  const turning = setInterval(turn, 5)
  await until('it plays', () => stream.isAlive)
  writeFileSync(join(dac.folder, 'gone'), '')
  await until('it is lost', () => !stream.isOpen)
  const before = stream.written
  await until('it was looked for in vain', () => dac.events('close').length >= 1 && !stream.isAlive)
  rmSync(join(dac.folder, 'gone'))
  await until('it plays again', () => stream.isAlive)
  clearInterval(turning)
  await stream[Symbol.asyncDispose]()
  expect(told.map((text) => text.split(':')[0])).toEqual(['plays', 'lost', 'plays'])
  expect(told[1]).toMatch(/gone|ENODEV|No such device/)
  expect(stream.written).toBeGreaterThan(before)
})
