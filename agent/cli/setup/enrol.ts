import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { certificateFault } from '../../adapters/identity/certificate.ts'
import { textOf, wipe, writeWhole } from '../../adapters/identity/files.ts'
import { derOf, pemOf, requestFor } from '../../adapters/identity/key-pair.ts'
import { isMacOf, macOf } from '../../adapters/identity/mac.ts'
import { jittered } from '../../core/back-off.ts'
import type { AgentConfig } from '../../core/configuration.ts'
import { plainCode } from '../../core/enrolment/code.ts'
import {
  answerText,
  type EnrolmentAnswer,
  enrolmentTopics,
  requestText,
} from '../../core/enrolment/messages.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { readEnrolmentAnswer } from '../../wire/enrolment.ts'
import { type Call, printJson } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { askLine } from './ask.ts'
import { say } from './outcome.ts'
import { agentMayRead, ROOT_ALONE, type SetupPaths, setupPaths } from './paths.ts'

type Pending = {
  readonly code: string
  readonly urls: readonly string[]
  readonly username?: string
  readonly password?: string
}

/** The files of this device's account, as its configuration names them. */
type Account = {
  readonly config: AgentConfig
  readonly ca: string | undefined
  readonly cert: string
  readonly key: string
}

/** After a round over all brokers. */
const BACK_OFF = { baseMs: 2_000, maxMs: 600_000 } as const
/** Somebody who stands there is not kept longer than this. */
const PATIENCE_MS = 60_000
const ANSWER_WITHIN_MS = 15_000
const AGAIN_AFTER_MS = 5_000

const accountOf = (call: Call, paths: SetupPaths): Account => {
  const { faults } = call.say.setup
  if (!existsSync(paths.config)) throw new LoaError('CONFIG', faults.notConfigured(paths.config))
  const config = loadAgentConfig(paths.config)
  const { ca, cert, key } = config.mqtt
  if (
    cert === undefined ||
    key === undefined ||
    cert.startsWith('credential:') ||
    key.startsWith('credential:')
  )
    throw new LoaError('CONFIG', faults.noEnrolment)
  return { config, ca, cert, key }
}

const readPending = (paths: SetupPaths): Pending | undefined => {
  try {
    const { code, urls, username, password }: Partial<Pending> = JSON.parse(textOf(paths.enrolment) ?? '{}')
    if (typeof code !== 'string' || !Array.isArray(urls)) return undefined
    return {
      code,
      urls,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    }
  } catch {
    return undefined
  }
}

/** The code that is known already, or that somebody types now. */
const askPending = async (
  call: Call,
  paths: SetupPaths,
  { config }: Account,
  mayAsk: boolean,
): Promise<Pending> => {
  const known = readPending(paths)
  // At power-on nobody is there.
  if (known !== undefined && !(mayAsk && call.io.asks)) return known
  const { questions, checks } = call.say.setup
  const typed = await askLine(call, {
    question: known === undefined ? questions.code : questions.codeAgain,
    usual: known === undefined ? undefined : '',
    check: (text) => (text === '' || plainCode(text) !== undefined ? undefined : checks.code),
  })
  if (typed === '' && known !== undefined) return known
  const { urls } = known ?? config.mqtt
  const pending = { ...known, code: typed, urls }
  writeWhole(paths.enrolment, `${JSON.stringify({ v: 1, ...pending })}\n`, ROOT_ALONE)
  return pending
}

/** The request that was made with the key, or another one should it be gone; it stands beside the key. */
const requestOf = (call: Call, { config, key }: Account): Uint8Array => {
  const file = join(dirname(key), 'device.csr')
  const held = textOf(file)
  if (held !== undefined) return derOf(held)
  const der = requestFor(config.device.id, textOf(key) ?? '')
  writeWhole(file, pemOf('CERTIFICATE REQUEST', der), agentMayRead(call))
  return der
}

type Answered = {
  readonly answer: EnrolmentAnswer
  /** Whoever said it knows the code. */
  readonly proven: boolean
}

/** What an answer is worth; undefined: not one to this request, or of somebody who does not know the code. */
const judged = (payload: Uint8Array, device: string, nonce: string, code: string): Answered | undefined => {
  try {
    const answer = readEnrolmentAnswer(payload)
    if (answer.device !== device || answer.nonce !== nonce) return undefined
    const proven = answer.mac !== undefined && isMacOf(code, answerText(answer), answer.mac)
    return proven || (answer.status === 'refused' && answer.mac === undefined)
      ? { answer, proven }
      : undefined
  } catch (error) {
    if (error instanceof LoaError) return undefined
    throw error
  }
}

const askAt = (
  call: Call,
  url: string,
  der: Uint8Array,
  account: Account,
  pending: Pending,
): Promise<Answered> => {
  const { device, mqtt } = account.config
  const { code, username, password } = pending
  const nonce = randomBytes(16).toString('base64url')
  const asked = { device: device.id, nonce, csr: Buffer.from(der).toString('base64url') }
  const topics = enrolmentTopics(mqtt.topicRoot, device.id)
  return call.io.askBroker({
    url,
    account: {
      clientId: device.id,
      protocol: mqtt.protocol,
      ...(username === undefined ? {} : { username }),
      ...(account.ca === undefined ? {} : { ca: account.ca }),
    },
    password,
    listenTo: topics.answer,
    topic: topics.request,
    payload: JSON.stringify({ v: 1, ...asked, mac: macOf(code, requestText(asked)) }),
    understand: (payload) => judged(payload, device.id, nonce, code),
    againAfterMs: AGAIN_AFTER_MS,
    withinMs: ANSWER_WITHIN_MS,
    signal: call.io.signal,
  })
}

type Result = 'issued' | 'ended' | 'again'

/** The device is set up all the same. */
const leftOff = (call: Call): LoaError => new LoaError('STOPPED', call.say.setup.enrol.later)

const forget = ({ enrolment }: SetupPaths): void => {
  if (existsSync(enrolment)) wipe(enrolment)
}

const take = (call: Call, paths: SetupPaths, account: Account, { answer, proven }: Answered): Result => {
  const { enrol: words } = call.say.setup
  if (answer.status === 'refused') {
    const { reason = 'unknown' } = answer
    say(call, [words.refusals[reason], ...(proven ? [] : [words.unproven])])
    const final = proven && reason !== 'busy' && reason !== 'unknown'
    if (final) forget(paths)
    return final ? 'ended' : 'again'
  }
  const { certificate = '' } = answer
  const [keyPem = '', caPem] = [
    textOf(account.key),
    account.ca === undefined ? undefined : textOf(account.ca),
  ]
  const fault = certificateFault(certificate, {
    name: account.config.device.id,
    keyPem,
    caPem,
    now: call.io.now(),
  })
  if (fault !== undefined) {
    say(call, [words.fault(words.faults[fault.what], fault.detail)])
    return 'again'
  }
  writeWhole(account.cert, certificate, agentMayRead(call))
  forget(paths)
  return 'issued'
}

/** One broker after the other. */
const round = async (call: Call, paths: SetupPaths, account: Account, pending: Pending): Promise<Result> => {
  const der = requestOf(call, account)
  for (const url of pending.urls) {
    try {
      const result = take(call, paths, account, await askAt(call, url, der, account, pending))
      if (result !== 'again') return result
    } catch (error) {
      if (!(error instanceof LoaError) || error.code !== 'BROKER') throw error
      if (call.io.signal.aborted) throw leftOff(call)
      say(call, [call.say.setup.enrol.failed(url, messageOf(error))])
    }
  }
  return 'again'
}

const untilDone = async (
  call: Call,
  paths: SetupPaths,
  account: Account,
  pending: Pending,
): Promise<Result> => {
  const { enrol: words } = call.say.setup
  const begun = performance.now()
  for (let attempt = 0; ; attempt += 1) {
    const result = await round(call, paths, account, pending)
    const patient = !call.io.asks || performance.now() - begun < PATIENCE_MS
    if (result !== 'again' || !patient) return result
    const ms = jittered(BACK_OFF, attempt, Math.random)
    say(call, [words.waiting(Math.ceil(ms / 1000))])
    await sleep(ms, undefined, { signal: call.io.signal }).catch(() => undefined)
    if (call.io.signal.aborted) throw leftOff(call)
  }
}

const isThere = (call: Call, { cert, key, ca, config }: Account): boolean => {
  const pem = textOf(cert)
  if (pem === undefined) return false
  const caPem = ca === undefined ? undefined : textOf(ca)
  const now = call.io.now()
  return (
    certificateFault(pem, { name: config.device.id, keyPem: textOf(key) ?? '', caPem, now }) === undefined
  )
}

/** `loa setup --enrol`: asks until the certificate is there, at a terminal for a minute. `mayAsk`: for another code. */
export const enrol = async (call: Call, mayAsk = true): Promise<ExitCode> => {
  const paths = setupPaths(call)
  const { enrol: words } = call.say.setup
  const account = accountOf(call, paths)
  const finish = (result: Result | 'already', lines: readonly string[]): ExitCode => {
    if (call.json) printJson(call, { device: account.config.device.id, result, certificate: account.cert })
    else say(call, lines)
    return result === 'issued' || result === 'already' ? 0 : 1
  }
  if (isThere(call, account)) {
    // Cut off between the certificate and the end of its code.
    forget(paths)
    return finish('already', [words.already])
  }
  const pending = await askPending(call, paths, account, mayAsk)
  say(call, [words.asking(pending.urls.join(', '))])
  const result = await untilDone(call, paths, account, pending)
  const lines = {
    issued: [words.issued(account.cert), words.connects],
    ended: [words.newCode],
    again: [words.later],
  }
  return finish(result, lines[result])
}
