import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pemOf } from '../../agent/adapters/identity/key-pair.ts'
import { isMacOf, macOf } from '../../agent/adapters/identity/mac.ts'
import { createCode } from '../../agent/core/enrolment/code.ts'
import {
  answerText,
  type EnrolmentAnswer,
  type EnrolmentRefusal,
  type EnrolmentRequest,
  requestText,
} from '../../agent/core/enrolment/messages.ts'
import { LoaError } from '../../agent/core/error.ts'
import { readEnrolmentRequest } from '../../agent/wire/enrolment.ts'
import type { Authority } from './mosquitto/authority.ts'
import { readRequest } from './mosquitto/request.ts'

/** What is known of one device that is to enrol. */
type Entry = {
  readonly code: string
  readonly expires: string
  /** SHA-256 of the public key that used the code, and what it got. */
  readonly usedBy?: string
  readonly certificate?: string
}

export type DeskOptions = {
  readonly directory: string
  readonly authority: Authority
  readonly now: () => number
  /** Requests of one device in a minute; 10 when absent. */
  readonly perMinute?: number
}

/** Gives out codes and answers requests for certificates. */
export type EnrolDesk = {
  /** A new code for a device; an earlier one, used or not, is void. */
  readonly issue: (
    device: string,
    days: number,
  ) => Promise<{ readonly code: string; readonly expires: string }>
  /** The answer to what came on the topic of `device`; undefined: none is given. */
  readonly answer: (device: string, payload: Uint8Array) => Promise<EnrolmentAnswer | undefined>
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Names of devices are the requesters' own: more at once are made up. */
const MOST_COUNTED = 10_000
const DEVICE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** Counts what came in the last minute. */
const createLimit = (perMinute: number, now: () => number) => {
  const seen = new Map<string, { since: number; count: number }>()
  return (name: string): boolean => {
    const at = now()
    if (seen.size > MOST_COUNTED) seen.clear()
    const entry = seen.get(name)
    if (entry === undefined || at - entry.since >= MINUTE_MS) {
      seen.set(name, { since: at, count: 1 })
      return true
    }
    entry.count += 1
    return entry.count <= perMinute
  }
}

export const openEnrolDesk = async (options: DeskOptions): Promise<EnrolDesk> => {
  const { authority, now, perMinute = 10 } = options
  const folder = join(options.directory, 'enrol')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const isWithin = createLimit(perMinute, now)
  const fileOf = (device: string): string => join(folder, `${device}.json`)

  const read = async (device: string): Promise<Entry | undefined> =>
    existsSync(fileOf(device)) ? JSON.parse(await readFile(fileOf(device), 'utf8')) : undefined
  const write = async (device: string, entry: Entry): Promise<void> => {
    const aside = `${fileOf(device)}.new`
    await writeFile(aside, `${JSON.stringify(entry, undefined, 1)}\n`, { mode: 0o600 })
    await rename(aside, fileOf(device))
  }

  const sealed = (code: string, answer: Omit<EnrolmentAnswer, 'v' | 'mac'>): EnrolmentAnswer => ({
    v: 1,
    ...answer,
    mac: macOf(code, answerText(answer)),
  })

  /** For a request that knows the code. One key a code: who asks again, because the answer was lost, gets the same. */
  const issued = async (entry: Entry, request: EnrolmentRequest): Promise<EnrolmentAnswer> => {
    const { device, nonce } = request
    const refuse = (reason: EnrolmentRefusal): EnrolmentAnswer =>
      sealed(entry.code, { device, nonce, status: 'refused', reason })
    const pem = pemOf('CERTIFICATE REQUEST', Buffer.from(request.csr, 'base64url'))
    const asked = await readRequest(pem)
    if (asked === undefined || asked.name !== device) return refuse('request')
    const key = createHash('sha256')
      .update(createPublicKey(asked.publicKey).export({ type: 'spki', format: 'der' }))
      .digest('hex')
    if (entry.usedBy !== undefined && entry.usedBy !== key) return refuse('used')
    if (entry.certificate === undefined && now() > Date.parse(entry.expires)) return refuse('expired')
    const certificate = entry.certificate ?? (await authority.sign(device, pem))
    if (entry.certificate === undefined) await write(device, { ...entry, usedBy: key, certificate })
    return sealed(entry.code, {
      device,
      nonce,
      status: 'issued',
      certificate: new X509Certificate(certificate).toString(),
    })
  }

  const judge = async (device: string, payload: Uint8Array): Promise<EnrolmentAnswer | undefined> => {
    const request = readEnrolmentRequest(payload)
    if (request.device !== device) return undefined
    const entry = DEVICE.test(device) ? await read(device) : undefined
    if (entry === undefined || !isMacOf(entry.code, requestText(request), request.mac))
      return { v: 1, device, nonce: request.nonce, status: 'refused', reason: 'unknown' }
    return issued(entry, request)
  }

  return {
    issue: async (device, days) => {
      if (!DEVICE.test(device)) throw new LoaError('USAGE', `${JSON.stringify(device)} is no id of a device`)
      const code = createCode((count) => crypto.getRandomValues(new Uint8Array(count)))
      const expires = new Date(now() + days * DAY_MS).toISOString()
      await write(device, { code, expires })
      return { code, expires }
    },
    answer: async (device, payload) => {
      if (!isWithin(device)) return undefined
      try {
        return await judge(device, payload)
      } catch (error) {
        if (error instanceof LoaError && (error.code === 'INVALID' || error.code === 'TOO_LARGE'))
          return undefined
        throw error
      }
    },
  }
}
