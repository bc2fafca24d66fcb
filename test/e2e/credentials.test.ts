import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { eventually } from '../rig/eventually.ts'
import { SecureBroker } from '../rig/secure-broker.ts'

const LONG = 60_000

/** What systemd would make of LoadCredential=: a folder of the agent's own, named in its environment. */
const credentialsFolder = async (broker: SecureBroker): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-credentials-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { cert, key } = await broker.account(DEVICE)
  copyFileSync(cert, join(folder, 'device-cert'))
  copyFileSync(key, join(folder, 'device-key'))
  return folder
}

const configured = (broker: SecureBroker, env: Readonly<Record<string, string>>): Agent =>
  new Agent({
    config: {
      mqtt: {
        urls: [broker.url],
        ca: broker.authority.ca,
        cert: 'credential:device-cert',
        key: 'credential:device-key',
      },
    },
    env,
  })

const problem = async (agent: Agent, code: string) =>
  (await agent.status()).problems.find((each) => each.code === code)

describe('T20 key and certificate handed over by systemd', () => {
  test(
    'let the device in, and a key that everybody may read is told while everything goes on',
    async () => {
      await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
      const folder = await credentialsFolder(broker)
      await using agent = configured(broker, { CREDENTIALS_DIRECTORY: folder })
      await agent.start()
      await eventually('connected', async () => (await agent.status()).broker.connected || undefined)
      expect(await problem(agent, 'CREDENTIALS')).toBeUndefined()
      await agent.stop()
      chmodSync(join(folder, 'device-key'), 0o644)
      await agent.start()
      await eventually('connected', async () => (await agent.status()).broker.connected || undefined)
      expect(await problem(agent, 'CREDENTIALS')).toMatchObject({
        detail: expect.stringMatching(/mqtt\.key: .*device-key: everybody may read.*chmod 0640/),
      })
      expect((await agent.status()).health).toBe('degraded')
      const { stdout } = await agent.loa('log', '--json')
      expect(stdout).toMatch(/"code": "CREDENTIALS",\s+"severity": "warning"/)
    },
    LONG,
  )

  test(
    'that systemd did not hand over are named as what keeps the broker away',
    async () => {
      await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
      await using agent = configured(broker, {})
      await agent.start()
      const { detail } = await eventually('told', async () => {
        const told = await problem(agent, 'BROKER')
        return told?.detail?.includes('systemd') ? told : undefined
      })
      expect(detail).toMatch(/mqtt\.cert: systemd handed over no credential:device-cert: LoadCredential=/)
    },
    LONG,
  )
})
