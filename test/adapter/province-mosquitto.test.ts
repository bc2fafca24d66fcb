import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../fakes/until.ts'
import { freePort } from '../rig/mosquitto.ts'

const PROVINCE = join(import.meta.dirname, '../../scripts/province')

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'loa-broker-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

const start = (...options: readonly string[]) => {
  const child = spawn(PROVINCE, ['broker', '--mosquitto', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  const ended = once(child, 'close').then(([code]) => Number(code))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, said, ended }
}

describe('province broker --mosquitto', () => {
  test('starts mosquitto with everything that a device needs, and ends it when it is told to', async () => {
    const [directory, port] = [folder(), await freePort()]
    const { child, said, ended } = start(
      '--dir',
      directory,
      '--port',
      String(port),
      '--device',
      '75/26068/d-1',
      '--json',
    )
    await until('mosquitto runs', () => said.err.includes(' running'))
    const { url, devices } = JSON.parse(said.out)
    expect([url, devices]).toEqual([
      `mqtts://localhost:${port}`,
      [{ province: '75', commune: '26068', id: 'd-1' }],
    ])
    const file = (name: string): Buffer => readFileSync(join(directory, name))
    const client = await connectAsync(url, {
      ca: file('ca.pem'),
      cert: file('clients/d-1.pem'),
      key: file('clients/d-1.key'),
    })
    await client.endAsync()
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('makes the files alone with --prepare, and keeps the authority and the devices of before', async () => {
    const directory = folder()
    expect(await start('--prepare', '--dir', directory, '--device', '75/26068/d-1').ended).toBe(0)
    const { ino, mtimeMs } = statSync(join(directory, 'ca.key'))
    const again = start('--prepare', '--dir', directory, '--device', '75/26068/d-2', '--bar', 'd-1')
    expect(await again.ended).toBe(0)
    expect(again.said.out).toContain('id: d-1,')
    expect(again.said.out).toContain('id: d-2,')
    expect(statSync(join(directory, 'ca.key'))).toMatchObject({ ino, mtimeMs })
    // Moved: both places, in one block.
    expect(await start('--prepare', '--dir', directory, '--device', '77/26680/d-2').ended).toBe(0)
    const acl = readFileSync(join(directory, 'acl'), 'utf8')
    const areas = ['vn', '75', '75/26068', '77', '77/26680'].map((area) => `topic read loa/v1/area/${area}/+`)
    expect(acl.slice(acl.indexOf('user d-2'))).toBe(['user d-2', ...areas, ''].join('\n'))
  })

  test.each([
    ['a device without its place', ['--device', 'd-1']],
    ['a device with the name of the source system', ['--device', '75/26068/source']],
    ['no folder', []],
  ])('refuses %s as wrong usage', async (what, options) => {
    const place = what === 'no folder' ? [] : ['--dir', folder()]
    expect(await start('--prepare', ...place, ...options).ended).toBe(2)
  })
})
