import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKey } from '../../../agent/adapters/identity/key-pair.ts'
import { macOf } from '../../../agent/adapters/identity/mac.ts'
import { runCommand } from '../../../agent/cli/run.ts'
import {
  answerText,
  type EnrolmentAnswer,
  type EnrolmentRequest,
} from '../../../agent/core/enrolment/messages.ts'
import { openEnrolDesk } from '../../../scripts/source-system/enrol-desk.ts'
import { type Authority, openAuthority } from '../../../scripts/source-system/mosquitto/authority.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

const DEVICE = 'd-7k2m4q9x'
const WRONG = 'K7M2Q-9XWPC-4T3RJ-HV8ND'
const KEY = createKey()

let root = ''
let authority: Authority
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'loa-enrol-'))
  authority = await openAuthority(root)
  writeFileSync(join(root, 'device.key'), KEY)
  writeFileSync(
    join(root, 'agent.yaml'),
    `device: { id: ${DEVICE}, province: "75", commune: "26068" }
board: virtual
mqtt: { urls: ["mqtts://b:8883"], ca: ${authority.ca}, cert: ${root}/device.pem, key: ${root}/device.key }
security: { signatures: "off" }
`,
  )
})
afterEach(() => rmSync(root, { recursive: true }))

const pending = (code: string): void =>
  writeFileSync(join(root, 'enrolment.json'), JSON.stringify({ v: 1, code, urls: ['mqtts://b:8884'] }))
const issue = async (): Promise<{
  readonly code: string
  readonly answer: (request: EnrolmentRequest) => Promise<unknown>
}> => {
  const desk = await openEnrolDesk({ directory: root, authority, now: Date.now })
  const { code } = await desk.issue(DEVICE, 14)
  return { code, answer: (request) => desk.answer(DEVICE, Buffer.from(JSON.stringify(request))) }
}

/** `province`: what answers, in its turn, each with what is to arrive. */
const enrol = async (
  province: (request: EnrolmentRequest) => Promise<readonly unknown[]>,
  lines?: readonly string[],
) => {
  const edge = fakeIo({ root, now: Date.now(), ...(lines === undefined ? {} : { lines }) })
  let asked = 0
  const io: typeof edge.io = {
    ...edge.io,
    askBroker: async ({ payload, understand, account }) => {
      asked += 1
      expect(account).toMatchObject({ clientId: DEVICE })
      expect(account).not.toHaveProperty('key')
      for (const answer of await province(JSON.parse(payload))) {
        const value = understand(Buffer.from(JSON.stringify(answer)))
        if (value !== undefined) return value
      }
      edge.interrupt()
      const { LoaError } = await import('../../../agent/core/error.ts')
      throw new LoaError('BROKER', 'no answer')
    },
  }
  const code = await runCommand(
    ['setup', '--enrol', '--config', join(root, 'agent.yaml'), '--lang', 'en'],
    io,
  )
  return { code, out: edge.out(), err: edge.err(), asked }
}

const certificate = (): string => readFileSync(join(root, 'device.pem'), 'utf8')

describe('loa setup --enrol', () => {
  test('gets the certificate, forgets the code, and has nothing to do the next time', async () => {
    const { code, answer } = await issue()
    pending(code)
    const done = await enrol(async (request) => [await answer(request)])
    expect(done).toMatchObject({ code: 0, err: '', asked: 1 })
    expect(certificate()).toContain('BEGIN CERTIFICATE')
    expect(existsSync(join(root, 'enrolment.json'))).toBe(false)
    expect(await enrol(async () => [])).toMatchObject({ code: 0, asked: 0 })
  })

  test('never sends the code, and asks with the same request again', async () => {
    const { code, answer } = await issue()
    pending(code)
    const requests: EnrolmentRequest[] = []
    const note = async (request: EnrolmentRequest): Promise<readonly unknown[]> => {
      requests.push(request)
      return requests.length === 1 ? [] : [await answer(request)]
    }
    expect((await enrol(note)).code).toBe(1)
    expect((await enrol(note)).code).toBe(0)
    expect(requests[0]?.csr).toBe(requests[1]?.csr)
    expect(requests[0]?.nonce).not.toBe(requests[1]?.nonce)
    expect(JSON.stringify(requests)).not.toContain(code.replaceAll('-', '').slice(0, 10))
  })

  test('asks for the code where somebody stands', async () => {
    const { code, answer } = await issue()
    const done = await enrol(async (request) => [await answer(request)], ['nonsense', code.toLowerCase()])
    expect(done.code).toBe(0)
    expect(done.out).toContain('four groups of five letters')
  })

  test('passes over what somebody without the code says, and takes what comes after', async () => {
    const { code, answer } = await issue()
    pending(code)
    const forged = ({ device, nonce }: EnrolmentRequest): EnrolmentAnswer => {
      const said = { device, nonce, status: 'issued', certificate: 'x' } as const
      return { v: 1, ...said, mac: macOf(WRONG, answerText(said)) }
    }
    const done = await enrol(async (request) => {
      const right = await answer(request)
      return [
        '{',
        forged(request),
        { ...(right as object), nonce: 'B'.repeat(22) },
        { ...(right as object), mac: undefined },
        right,
      ]
    })
    expect(done).toMatchObject({ code: 0, asked: 1 })
  })

  test('goes on after a refusal that nobody proved, and ends for good after one that is', async () => {
    const { code } = await issue()
    pending(code)
    const refused = ({ device, nonce }: EnrolmentRequest, reason: 'used' | 'unknown') =>
      ({ device, nonce, status: 'refused', reason }) as const
    let turn = 0
    const done = await enrol(async (request) => {
      turn += 1
      if (turn === 1) return [{ v: 1, ...refused(request, 'used') }]
      const said = refused(request, 'used')
      return [{ v: 1, ...said, mac: macOf(code, answerText(said)) }]
    })
    expect(done).toMatchObject({ code: 1, asked: 2 })
    expect(done.out).toContain('does not know the code')
    expect(done.out).toContain('Ask the province for a new code')
    expect(existsSync(join(root, 'enrolment.json'))).toBe(false)
  })

  test('does not take a certificate of another authority, though the code vouches for it', async () => {
    const other = await openAuthority(mkdtempSync(join(root, 'other-')))
    authority = { ...authority, sign: other.sign }
    const { code, answer } = await issue()
    pending(code)
    let turn = 0
    const done = await enrol(async (request) => {
      turn += 1
      return turn === 1 ? [await answer(request)] : []
    })
    expect(done.code).toBe(1)
    expect(done.out).toContain('another authority')
    expect(existsSync(join(root, 'device.pem'))).toBe(false)
  })

  test('says what to do where there is nothing to enrol', async () => {
    writeFileSync(
      join(root, 'agent.yaml'),
      readFileSync(resolve(join(root, 'agent.yaml')), 'utf8').replace(/, ca:.*\}/, ' }'),
    )
    const { code, err } = await enrol(async () => [])
    expect(code).toBe(2)
    expect(err).toContain('nothing to enrol')
  })
})
