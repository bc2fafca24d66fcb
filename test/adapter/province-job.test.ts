import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { parseDocument } from '../../agent/wire/documents.ts'
import { startMosquitto } from '../rig/mosquitto.ts'

const PROVINCE = join(import.meta.dirname, '../../scripts/province')
const BASE = 'loa/v1/device/75/d-1'

const province = (...words: readonly string[]) =>
  promisify(execFile)(PROVINCE, ['job', '--device', 'd-1', '--province', '75', '--bare', ...words])

test('province job publishes a release as a job, retained, and shows what the device says until it is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-job-'))
  const broker = await startMosquitto()
  const device = await connectAsync(broker.url, { reconnectPeriod: 0 })
  try {
    const file = join(folder, 'r.loa')
    writeFileSync(file, 'aa.bb.cc\nthe package')
    device.on('message', (_topic, payload) => {
      const { job } = parseDocument('job', payload)
      for (const state of ['fetching', 'done'])
        device.publish(`${BASE}/up/job`, JSON.stringify({ v: 1, id: job.id, state, version: '1.2.0' }), {
          retain: true,
        })
    })
    await device.subscribeAsync(`${BASE}/down/job`, { qos: 1 })
    const { stdout } = await province(
      '--url',
      broker.url,
      '--release',
      file,
      '--id',
      'u-1',
      '--wait',
      '--timeout',
      '10',
    )
    expect(stdout.split('\n').filter(Boolean).at(-1)).toBe('done  1.2.0')
    writeFileSync(file, '!<arch>')
    await expect(province('--url', broker.url, '--release', file)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no release'),
    })
  } finally {
    await device.endAsync(true)
    await broker.dispose()
    rmSync(folder, { recursive: true })
  }
})
