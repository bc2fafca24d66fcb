import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrokerAccount } from '../../../agent/adapters/mqtt/credentials.ts'
import { until } from '../../fakes/until.ts'
import { startMosquitto } from '../../rig/mosquitto.ts'
import { openBus, owned } from './bus-bench.ts'

const run = promisify(execFile)
let folder = ''
const file = (name: string): string => join(folder, name)

const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder })
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

const makeAuthority = async (name: string): Promise<void> => {
  await openssl(
    'req',
    '-x509',
    ...EC_KEY,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  )
}
const makeCertificate = async (
  name: string,
  commonName: string,
  names: string,
  days: readonly string[] = ['-days', '2'],
): Promise<void> => {
  await openssl(
    'req',
    ...EC_KEY,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${commonName}`,
  )
  await writeFile(file(`${name}.ext`), `subjectAltName=${names}\n`)
  await openssl(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...[...days, '-extfile', `${name}.ext`, '-out', `${name}.pem`],
  )
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-tls-'))
  await makeAuthority('ca')
  await makeAuthority('other-ca')
  await makeCertificate('broker', 'localhost', 'DNS:localhost')
  await makeCertificate('device', 'd-1', 'DNS:d-1')
  const past = ['-days', '-1']
  await makeCertificate('stale-broker', 'localhost', 'DNS:localhost', past)
  await makeCertificate('stale-device', 'd-1', 'DNS:d-1', past)
  await writeFile(file('password'), 'mật khẩu \n')
  await run('mosquitto_passwd', ['-b', '-c', file('passwords'), 'd-1', 'mật khẩu '])
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** The client's certificate names its user, as the shipped broker example has it. */
const startSecureBroker = async (name = 'broker') =>
  owned(
    await startMosquitto({
      config: [
        `cafile ${file('ca.pem')}`,
        `certfile ${file(`${name}.pem`)}`,
        `keyfile ${file(`${name}.key`)}`,
        'require_certificate true',
        'use_identity_as_username true',
      ].join('\n'),
    }),
  )

const account = (more: Partial<BrokerAccount> = {}): BrokerAccount => ({
  clientId: 'd-1',
  protocol: 5,
  ca: file('ca.pem'),
  cert: file('device.pem'),
  key: file('device.key'),
  ...more,
})

describe('T20 mutual TLS', () => {
  test.each([5, 4] as const)(
    'connects with the certificate of the device over protocol %d',
    async (protocol) => {
      const broker = await startSecureBroker()
      const { bus } = openBus([`mqtts://localhost:${broker.port}`], { account: account({ protocol }) })
      await until('connected', () => bus.connected)
      await bus.publish('t', 'x', { qos: 1, retain: false })
      expect(broker.log()).toMatch(/as d-1 \(p[25], .*u'd-1'\)/)
    },
  )

  test('stays away from a broker of another authority, and from one of another name', async () => {
    const broker = await startSecureBroker()
    const foreign = openBus([`mqtts://localhost:${broker.port}`], {
      account: account({ ca: file('other-ca.pem') }),
    })
    const misnamed = openBus([`mqtts://127.0.0.1:${broker.port}`], { account: account() })
    await until('both told', () => foreign.warnings.length > 0 && misnamed.warnings.length > 0)
    expect(foreign.warnings).toEqual([
      expect.stringMatching(/not from an authority in mqtt\.ca: give the file/),
    ])
    expect(misnamed.warnings).toEqual([
      expect.stringMatching(/for another name: write one .*127\.0\.0\.1 is not in the cert's list/),
    ])
    expect([foreign.wills(), misnamed.wills()]).toEqual([0, 0])
  })

  test('is refused without a certificate, with one that has expired, and by a broker whose own has', async () => {
    const broker = await startSecureBroker()
    const stale = await startSecureBroker('stale-broker')
    const [url, staleUrl] = [broker, stale].map(({ port }) => `mqtts://localhost:${port}`)
    const attempts: readonly (readonly [string | undefined, Partial<BrokerAccount>, RegExp])[] = [
      [url, {}, /wants a certificate of this device: set mqtt\.cert|does not accept the certificate/],
      [
        url,
        { cert: file('stale-device.pem'), key: file('stale-device.key') },
        /of this device has expired: have it made anew|does not accept the certificate/,
      ],
      [
        staleUrl,
        { cert: file('device.pem'), key: file('device.key') },
        /broker's certificate has expired.*clock/,
      ],
    ]
    for (const [at = '', more, expected] of attempts) {
      const { unreachable, connected } = openBus([at], {
        account: { clientId: 'd-1', protocol: 5, ca: file('ca.pem'), ...more },
      })
      await until('told three times', () => unreachable.length >= 3)
      expect(unreachable.filter((why) => !expected.test(why))).toEqual([])
      expect(connected).toEqual([])
    }
  })

  test('never falls back to a connection without TLS', async () => {
    const plain = owned(await startMosquitto())
    const { unreachable, connected } = openBus([`mqtts://localhost:${plain.port}`], { account: account() })
    await until('told three times', () => unreachable.length >= 3)
    expect(connected).toEqual([])
    expect(plain.log()).not.toContain(' as d-1')
    const secure = await startSecureBroker()
    const careless = openBus([`mqtt://localhost:${secure.port}`], { account: account() })
    await until('told', () => careless.unreachable.length >= 3)
    expect(careless.unreachable.at(-1)).toMatch(/mqtts:\/\//)
  })

  test.each(['ca', 'cert', 'key'] as const)(
    'names mqtt.%s when its file is missing, and takes it as soon as it is there',
    async (name) => {
      const broker = await startSecureBroker()
      const late = file(`late-${name}.pem`)
      const given = account()
      const { bus, warnings } = openBus([`mqtts://localhost:${broker.port}`], {
        account: { ...given, [name]: late },
      })
      await until('told', () => warnings.length > 0)
      expect(warnings[0]).toContain(`mqtt.${name}: ENOENT`)
      await writeFile(late, await readFile(given[name] ?? ''))
      await until('connected', () => bus.connected)
    },
  )

  test('says so when a file is no certificate, or the key is not that of the certificate', async () => {
    const broker = await startSecureBroker()
    await writeFile(file('rubbish.pem'), 'rubbish')
    const url = `mqtts://localhost:${broker.port}` as const
    const rubbish = openBus([url], { account: account({ cert: file('rubbish.pem') }) })
    const mismatch = openBus([url], { account: account({ key: file('broker.key') }) })
    await until('both told', () => rubbish.warnings.length > 0 && mismatch.warnings.length > 0)
    expect(rubbish.warnings[0]).toContain('mqtt.ca, mqtt.cert or mqtt.key: ')
    expect(mismatch.warnings[0]).toMatch(/mqtt\.key: .*mismatch/)
  })
})

describe('T20 a password file', () => {
  const startBrokerWithPasswords = async () =>
    owned(await startMosquitto({ config: `allow_anonymous false\npassword_file ${file('passwords')}` }))

  test('gives the password, spaces and all, without the end of its line', async () => {
    const broker = await startBrokerWithPasswords()
    const { bus } = openBus([broker.url], {
      account: { clientId: 'd-1', protocol: 5, username: 'd-1', passwordFile: file('password') },
    })
    await until('connected', () => bus.connected)
  })

  test('that is missing is named, and no broker is bothered', async () => {
    const broker = await startBrokerWithPasswords()
    const { warnings } = openBus([broker.url], {
      account: { clientId: 'd-1', protocol: 5, username: 'd-1', passwordFile: file('nowhere') },
    })
    await until('told', () => warnings.length > 0)
    expect(warnings[0]).toContain('mqtt.passwordFile: ENOENT')
    expect(broker.log()).not.toContain('as d-1')
  })
})
