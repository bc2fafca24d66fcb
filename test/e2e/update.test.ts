import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeKey } from '../../scripts/source-system/keys.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { StandInUpdater, signRelease } from '../rig/updater.ts'

const MIB = 1_048_576
const JOB = `loa/v1/device/75/${DEVICE}/down/job`

test('a release ordered by job is fetched across a SIGKILL, waits for what plays, and is kept after its trial', async () => {
  const bytes = randomBytes(3 * MIB)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = makeKey('maker')
  using updater = new StandInUpdater('1.1.0', { version: '1.2.0', sha256 })
  await using bench = await Bench.open({
    program: updater.program,
    env: { LOA_SLOTS: updater.store },
    config: {
      update: { keys: [{ kid: key.kid, x: key.x }], trialMinutes: 0.05 },
    },
  })
  const { agent, observer, content } = bench
  content.files.set('/r.deb', { bytes, stallAt: 2.5 * MIB })
  updater.desk = join(agent.paths.state, 'update')
  await agent.start()
  const arch = process.arch === 'x64' ? 'amd64' : 'arm64'
  const iat = new Date().toISOString()
  const exp = new Date(Date.now() + 86_400_000).toISOString()
  const files = [{ arch, sha256, bytes: bytes.length, urls: [`${bench.contentUrl}/r.deb`] }] as const
  const release = signRelease({ kind: 'release', v: 1, version: '1.2.0', iat, exp, files }, key)
  const job = { id: 'u-1', op: 'update', release }
  const message = JSON.stringify({ kind: 'job', v: 1, device: DEVICE, rev: 1, iat, job })
  await observer.client.publishAsync(JOB, message, { qos: 1, retain: true })
  await observer.until('job', 'most of it is here', ({ progress }) => Number(progress) >= 80)
  await agent.crash()

  updater.answering = false
  content.files.set('/r.deb', { bytes })
  await agent.start()
  const playing = agent.loa('play', '--tone', '440', '--seconds', '4')
  await eventually('it sounds', async () => (await agent.status()).playing)
  updater.answering = true
  const staged = await observer.until('job', 'it waits', ({ state }) => state === 'staged')
  expect(staged).toMatchObject({ id: 'u-1', version: '1.2.0', waits: { for: 'playing' } })
  expect(content.asked).toEqual(['/r.deb@0', `/r.deb@${2 * MIB}`])
  expect((await playing).code).toBe(0)
  expect(await agent.exited).toEqual({ code: 0, signal: null })
  expect(updater.slots.trial).toMatchObject({ before: { sound: true, broker: true }, starts: 0 })

  updater.choose()
  await agent.start()
  expect((await agent.status()).agent).toBe('1.2.0')
  await observer.until('job', 'it is done', ({ state }) => state === 'done')
  expect(updater.slots.committed).toEqual({ slot: 'a', version: '1.2.0' })
  const told = observer.records.filter(({ code }) => code === 'UPDATE').map(({ data }) => data)
  expect(told).toEqual([
    { state: 'trial', version: '1.2.0', start: 1, id: 'u-1' },
    { state: 'done', version: '1.2.0', id: 'u-1' },
  ])
  expect((await agent.loa('update', '--status')).stdout).toContain('1.2.0: done')
})
