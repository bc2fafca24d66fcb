import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, requestFor } from '../../../agent/adapters/identity/key-pair.ts'
import { isMacOf, macOf } from '../../../agent/adapters/identity/mac.ts'
import { answerText, requestText } from '../../../agent/core/enrolment/messages.ts'
import { readEnrolmentAnswer } from '../../../agent/wire/enrolment.ts'
import { type EnrolDesk, openEnrolDesk } from '../../../scripts/source-system/enrol-desk.ts'
import { openAuthority } from '../../../scripts/source-system/mosquitto/authority.ts'

const DEVICE = 'd-7k2m4q9x'
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA'
const DAY_MS = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'loa-desk-'))
afterAll(() => rmSync(folder, { recursive: true }))

let now = Date.now()
let desk: EnrolDesk
const open = async (perMinute: number): Promise<EnrolDesk> =>
  openEnrolDesk({ directory: folder, authority: await openAuthority(folder), now: () => now, perMinute })
beforeAll(async () => {
  desk = await open(1_000)
})

const key = createKey()
const csrOf = (name: string, keyPem: string): string =>
  Buffer.from(requestFor(name, keyPem)).toString('base64url')

type Asked = {
  readonly device?: string
  readonly csr?: string
  readonly code: string
  readonly over?: object
}
const ask = (of: EnrolDesk, { device = DEVICE, csr = csrOf(DEVICE, key), code, over = {} }: Asked) => {
  const asked = { device, nonce: NONCE, csr }
  const message = { v: 1, ...asked, mac: macOf(code, requestText(asked)), ...over }
  return of.answer(DEVICE, Buffer.from(JSON.stringify(message)))
}

describe('the desk of the province', () => {
  test('gives one certificate for one code, and the same again to who lost the answer', async () => {
    const { code } = await desk.issue(DEVICE, 14)
    const first = await ask(desk, { code })
    expect(first).toMatchObject({ status: 'issued', device: DEVICE, nonce: NONCE })
    expect(
      isMacOf(code, answerText(first ?? { device: '', nonce: '', status: 'refused' }), first?.mac ?? ''),
    ).toBe(true)
    expect(readEnrolmentAnswer(Buffer.from(JSON.stringify(first)))).toEqual(first)
    // Signed anew, which ECDSA never does alike, and after a restart of the desk.
    now += 30 * DAY_MS
    expect(await ask(await open(1_000), { code })).toMatchObject({
      status: 'issued',
      certificate: first?.certificate,
    })
  })

  test('refuses another key, and says so with what proves that it knows the code', async () => {
    const { code } = await desk.issue(DEVICE, 14)
    await ask(desk, { code })
    const refused = await ask(desk, { code, csr: csrOf(DEVICE, createKey()) })
    expect(refused).toMatchObject({ status: 'refused', reason: 'used' })
    expect(
      isMacOf(code, answerText(refused ?? { device: '', nonce: '', status: 'issued' }), refused?.mac ?? ''),
    ).toBe(true)
  })

  test('refuses a code after its days', async () => {
    const { code } = await desk.issue(DEVICE, 1)
    now += 2 * DAY_MS
    expect(await ask(desk, { code })).toMatchObject({ status: 'refused', reason: 'expired' })
  })

  test.each([
    ['a wrong code', { code: 'K7M2Q-9XWPC-4T3RJ-HV8ND' }],
    ['an earlier code', {}],
    ['a request that was changed on the way', { over: { csr: csrOf(DEVICE, createKey()) } }],
  ])('tells nothing of what it knows to %s', async (_, over) => {
    const { code } = await desk.issue(DEVICE, 14)
    if (!('over' in over)) await desk.issue(DEVICE, 14)
    const said = await ask(desk, { code, ...over })
    expect(said).toEqual({ v: 1, device: DEVICE, nonce: NONCE, status: 'refused', reason: 'unknown' })
  })

  test('makes no certificate for another name than the code is for', async () => {
    const { code } = await desk.issue(DEVICE, 14)
    expect(await ask(desk, { code, csr: csrOf('source', key) })).toMatchObject({ reason: 'request' })
    expect(await ask(desk, { code, csr: 'A'.repeat(100) })).toMatchObject({ reason: 'request' })
    expect(await ask(desk, { code, device: 'd-2' })).toBeUndefined()
  })

  test.each([
    '',
    '{',
    '[]',
    '{"v":2}',
    'x'.repeat(20_000),
    JSON.stringify({ v: 1, device: '../../x', nonce: NONCE }),
  ])('is silent to what is no request', async (text) =>
    expect(await desk.answer(DEVICE, Buffer.from(text))).toBeUndefined(),
  )

  test('answers one device only so often in a minute', async () => {
    const slow = await open(3)
    const answers = []
    for (let i = 0; i < 5; i += 1) answers.push(await ask(slow, { code: 'K7M2Q-9XWPC-4T3RJ-HV8ND' }))
    expect(answers.map((each) => each?.reason)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      undefined,
      undefined,
    ])
    now += 60_000
    expect(await ask(slow, { code: 'K7M2Q-9XWPC-4T3RJ-HV8ND' })).toMatchObject({ reason: 'unknown' })
  })
})
