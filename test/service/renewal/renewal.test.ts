import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { certificateFault } from '../../../agent/adapters/identity/certificate.ts'
import { pairInForce } from '../../../agent/adapters/identity/in-force.ts'
import { createKey, pemOf, requestFor } from '../../../agent/adapters/identity/key-pair.ts'
import type { AgentConfig } from '../../../agent/core/configuration.ts'
import {
  authority,
  DEVICE,
  inIdentity,
  named,
  order,
  signed,
  start,
  stranger,
  type World,
  world,
} from './renewal-world.ts'

/** Dates of certificates are whole seconds. */
const NEXT_SECOND_MS = 1100

describe('a job for a new key pair', () => {
  let at: World
  beforeEach(() => {
    at = world()
  })

  test('is asked for, given, tried and kept; who looks sees it, and the same order is never done again', async () => {
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(3)
    const { csr = '', ...rest } = agent.renewals.report ?? {}
    expect(rest).toEqual({ id: 'k-1', by: 'job', state: 'waiting', waits: { for: 'certificate' } })
    await agent.pass(60)
    expect(agent.renewals.report?.csr).toBe(csr)
    const certificate = await signed(authority, csr)
    order(at, { id: 'k-1', op: 'renew', certificate })
    await agent.pass(2)
    expect(agent.renewals.report).toMatchObject({ id: 'k-1', state: 'trial' })
    expect(agent.inForce()).toBe(named.cert)
    await agent.pass(15)
    expect(agent.renewals.report).toMatchObject({ state: 'done', message: /^valid until 20\d\d-/ })
    expect(agent.events).toMatchObject([{ code: 'CREDENTIALS', severity: 'info', state: 'done', job: 'k-1' }])
    const file = join(at.state, 'identity', 'renewed.pem')
    expect([agent.inForce(), inIdentity(at)]).toEqual([file, ['renewed.pem']])
    const pem = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o007).toBe(0)
    const caPem = readFileSync(authority.ca, 'utf8')
    expect(certificateFault(pem, { name: DEVICE, keyPem: pem, caPem, now: Date.now() })).toBeUndefined()
    const again = start(at)
    await again.pass(30)
    expect([again.renewals.report?.state, again.events, inIdentity(at)]).toEqual([
      'done',
      [],
      ['renewed.pem'],
    ])
  })

  test.each([
    ['of another authority', () => stranger, DEVICE, /no authority of mqtt\.ca/],
    ['for another name', () => authority, 'd-other', /for another name: d-other/],
  ])('takes no certificate %s, says why, and goes on asking', async (_what, by, name, why) => {
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const csr = agent.renewals.report?.csr ?? ''
    order(at, { id: 'k-1', op: 'renew', certificate: await signed(by(), csr, name) })
    await agent.pass(2)
    expect(agent.renewals.report).toMatchObject({ state: 'waiting', csr, code: 'INVALID', message: why })
    order(at, { id: 'k-1', op: 'renew', certificate: await signed(authority, csr) })
    await agent.pass(20)
    expect(agent.renewals.report?.state).toBe('done')
  })

  test('takes no certificate for another key', async () => {
    const agent = start(at)
    const csr = Buffer.from(requestFor(DEVICE, createKey())).toString('base64url')
    order(at, { id: 'k-1', op: 'renew', certificate: await signed(authority, csr) })
    await agent.pass(3)
    expect(agent.renewals.report).toMatchObject({ state: 'waiting', message: /not for the key/ })
    expect(agent.inForce()).toBe(named.cert)
  })

  test('takes no certificate while the authorities that agent.yaml names are not there', async () => {
    const agent = start(at, { ca: join(at.state, 'gone.pem') })
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const certificate = await signed(authority, agent.renewals.report?.csr ?? '')
    order(at, { id: 'k-1', op: 'renew', certificate })
    await agent.pass(3)
    expect(agent.renewals.report).toMatchObject({ state: 'waiting', message: /no authority of mqtt\.ca/ })
  })

  test('makes another key in place of one that the card has damaged', async () => {
    order(at, { id: 'k-1', op: 'renew' })
    const first = start(at)
    await first.pass(2)
    writeFileSync(join(at.state, 'identity', 'asked.key'), 'half a k')
    const second = start(at)
    await second.pass(2)
    const csr = second.renewals.report?.csr ?? ''
    order(at, { id: 'k-1', op: 'renew', certificate: await signed(authority, csr) })
    await second.pass(20)
    expect(second.renewals.report?.state).toBe('done')
  })

  test('that is over and cannot be cleared away says how it ended, and is no fault of the agent', async () => {
    const agent = start(at)
    at.lets = (pair) => pair === 'held'
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const certificate = await signed(authority, agent.renewals.report?.csr ?? '')
    order(at, { id: 'k-1', op: 'renew', certificate })
    await agent.pass(2)
    const trial = join(at.state, 'identity', 'trial.pem')
    rmSync(trial)
    mkdirSync(join(trial, 'in the way'), { recursive: true })
    await agent.pass(200)
    expect(agent.renewals.report).toMatchObject({ state: 'back', code: 'BROKER' })
  })

  test('takes no certificate older than the one in force', async () => {
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const early = await signed(authority, agent.renewals.report?.csr ?? '')
    await wait(NEXT_SECOND_MS)
    const younger = join(at.state, 'younger')
    writeFileSync(`${younger}.key`, createKey())
    const request = requestFor(DEVICE, readFileSync(`${younger}.key`, 'utf8'))
    writeFileSync(`${younger}.pem`, await authority.sign(DEVICE, pemOf('CERTIFICATE REQUEST', request)))
    const moved = start(at, { cert: `${younger}.pem`, key: `${younger}.key` })
    order(at, { id: 'k-1', op: 'renew', certificate: early })
    await moved.pass(3)
    expect(moved.renewals.report).toMatchObject({ state: 'waiting', message: /older than the one in force/ })
  })

  test('goes back to the pair before when the broker does not take the new one, and says so', async () => {
    const agent = start(at)
    at.lets = (pair) => pair === 'held'
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const certificate = await signed(authority, agent.renewals.report?.csr ?? '')
    order(at, { id: 'k-1', op: 'renew', certificate })
    await agent.pass(200)
    expect(agent.renewals.report).toMatchObject({
      state: 'back',
      code: 'BROKER',
      message: 'trial is not let in',
    })
    expect([agent.isConnected(), agent.inForce(), inIdentity(at)]).toEqual([true, named.cert, []])
    expect(agent.events).toMatchObject([{ code: 'CREDENTIALS', severity: 'alarm', state: 'back' }])
  })

  test('is taken up where the power failed: with its key asked for, and on trial', async () => {
    order(at, { id: 'k-1', op: 'renew' })
    const first = start(at)
    await first.pass(2)
    const certificate = await signed(authority, first.renewals.report?.csr ?? '')
    order(at, { id: 'k-1', op: 'renew', certificate })
    const second = start(at)
    await second.pass(3)
    expect(second.renewals.report?.state).toBe('trial')
    const third = start(at)
    await third.pass(20)
    expect(third.renewals.report?.state).toBe('done')
  })

  test('that is called off, or signed by nobody any more, leaves nothing', async () => {
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    expect(inIdentity(at)).toEqual(['asked.key'])
    order(at, { id: 'c-1', op: 'cancel' })
    await agent.pass(2)
    expect([inIdentity(at), agent.renewals.report]).toEqual([[], undefined])
    order(at, { id: 'k-2', op: 'renew' })
    await agent.pass(2)
    expect(inIdentity(at)).toEqual(['asked.key'])
    at.job = undefined
    const later = start(at)
    await later.pass(2)
    expect(inIdentity(at)).toEqual([])
  })

  test('under another id begins with another key', async () => {
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    const csr = agent.renewals.report?.csr ?? ''
    order(at, { id: 'k-2', op: 'renew', certificate: await signed(authority, csr) })
    await agent.pass(2)
    expect(agent.renewals.report).toMatchObject({ id: 'k-2', state: 'waiting', message: /not for the key/ })
  })

  test('waits for an update that is under way, and is refused where the broker knows a password', async () => {
    at.updating = true
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(5)
    expect(agent.renewals.report).toMatchObject({ state: 'waiting', waits: { for: 'update' } })
    const other = world()
    const account = start(other, { cert: undefined, key: undefined } as object)
    order(other, { id: 'k-1', op: 'renew' })
    await account.pass(2)
    expect(account.renewals.report).toMatchObject({ state: 'refused', code: 'UNSUPPORTED' })
  })

  test('waits for a disk that takes nothing', async () => {
    writeFileSync(join(at.state, 'identity'), 'in the way')
    const agent = start(at)
    order(at, { id: 'k-1', op: 'renew' })
    await agent.pass(2)
    expect(agent.renewals.report).toMatchObject({ state: 'waiting', waits: { for: 'disk' } })
    rmSync(join(at.state, 'identity'))
    await agent.pass(61)
    expect(agent.renewals.report).toMatchObject({ waits: { for: 'certificate' } })
  })
})

describe('the pair that counts', () => {
  const certificate = async (file: string, name: string): Promise<void> => {
    const keyPem = createKey()
    const pem = await authority.sign(name, pemOf('CERTIFICATE REQUEST', requestFor(name, keyPem)))
    writeFileSync(file, pem + keyPem)
  }

  test('is the younger of the named and the renewed one, and never one for another id', async () => {
    const at = world()
    const renewed = join(at.state, 'identity', 'renewed.pem')
    mkdirSync(join(at.state, 'identity'))
    await certificate(renewed, DEVICE)
    const config = (id: string, cert: string) =>
      ({ device: { id }, mqtt: { cert, key: cert }, paths: { state: at.state } }) as unknown as AgentConfig
    const inForce = (id: string, cert: string) => pairInForce(config(id, cert), undefined)?.cert
    expect(inForce(DEVICE, named.cert)).toBe(renewed)
    expect(inForce(DEVICE, join(at.state, 'missing.pem'))).toBe(renewed)
    expect(inForce('d-other', named.cert)).toBe(named.cert)
    await wait(NEXT_SECOND_MS)
    const younger = join(at.state, 'younger.pem')
    await certificate(younger, DEVICE)
    expect(inForce(DEVICE, younger)).toBe(younger)
    writeFileSync(renewed, 'half a file')
    expect(inForce(DEVICE, named.cert)).toBe(named.cert)
  })
})
