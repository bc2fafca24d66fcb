import { spawn } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { eventually } from '../rig/eventually.ts'
import { SecureBroker } from '../rig/secure-broker.ts'

const LONG = 90_000
const PROVINCE = join(import.meta.dirname, '../../scripts/province')

/** `province renew`, and the states of the job that it has printed. */
const renewing = async (broker: SecureBroker) => {
  const { ca, cert, key } = await broker.account('source')
  const account = ['--url', broker.sourceUrl, '--ca', ca, '--cert', cert, '--tls-key', key]
  const device = ['--dir', broker.folder, '--device', DEVICE, '--province', '75', '--bare', '--bar']
  const child = spawn(PROVINCE, ['renew', ...device, ...account, '--timeout', '60', '--json'])
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk
    })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    code,
    text: () => text,
    states: () => [...text.matchAll(/"state":"([a-z]+)"/g)].map(([, state]) => state),
  }
}

const isConnected = async (agent: Agent) => (await agent.status()).broker.connected || undefined

test(
  'a new key pair and certificate take the place of those in agent.yaml, over a power cut on the way, and the old ones are barred',
  async () => {
    await using broker = await SecureBroker.start(`75/26068/${DEVICE}`)
    const { ca, cert, key } = await broker.account(DEVICE)
    const old = { cert: join(broker.folder, 'old.pem'), key: join(broker.folder, 'old.key') }
    copyFileSync(cert, old.cert)
    copyFileSync(key, old.key)
    await using agent = new Agent({ config: { mqtt: { urls: [broker.url], ca, ...old } } })
    await agent.start()
    await eventually('connected', () => isConnected(agent))
    const renewal = await renewing(broker)
    await eventually('on trial', () => renewal.states().includes('trial') || undefined, 30_000)
    await agent.crash()
    await agent.start()
    expect([await renewal.code, renewal.states().at(-1)], renewal.text()).toEqual([0, 'done'])
    expect(existsSync(join(agent.paths.state, 'identity', 'renewed.pem'))).toBe(true)
    expect((await agent.loa('log', '--json')).stdout).toMatch(/"code": "CREDENTIALS",\s+"severity": "info"/)

    await broker.mosquitto.kill('SIGHUP')
    await agent.stop()
    const files = { ca: await readFile(ca), cert: await readFile(old.cert), key: await readFile(old.key) }
    const refused = connectAsync(broker.url, { ...files, protocolVersion: 5, reconnectPeriod: 0 }, false)
    await expect(refused).rejects.toThrow()
    await agent.start()
    await eventually('connected with the new pair', () => isConnected(agent))
    expect((await agent.loa('config', 'check', agent.paths.config, '--json')).stdout).toContain(
      '"warnings": []',
    )
  },
  LONG,
)
