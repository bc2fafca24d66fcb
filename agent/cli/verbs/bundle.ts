import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { followAgent } from '../../adapters/control/client.ts'
import { packageVersion } from '../../adapters/system/project.ts'
import { readSystemReport } from '../../adapters/system/system-report.ts'
import { type Bundle, packBundle } from '../../core/bundle/pack.ts'
import { type BundlePart, joined, jsonPart } from '../../core/bundle/part.ts'
import { redactText } from '../../core/bundle/redact.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { StatusReport } from '../../core/status.ts'
import { epochMs } from '../../core/time.ts'
import { type Gathered, gatherWithoutAgent } from '../bundle/without-agent.ts'
import { atMostWords, type Call, print, printJson, textOption, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { localTime } from '../text/time.ts'
import { plain, wrap } from '../text/width.ts'
import { doctorReport, type Examination, examine } from './doctor.ts'

const LIMIT_BYTES = 5_000_000
const WITHIN_MS = 60_000

/** What the agent gives; it has left out what is secret. @throws NOT_ANSWERING when that takes too long */
const gatherFromAgent = async ({ io, say }: Call, socket: string): Promise<Gathered> => {
  const pieces: BundlePart[] = []
  const late = AbortSignal.timeout(WITHIN_MS)
  const signal = AbortSignal.any([io.signal, late])
  for await (const piece of followAgent(socket, 'bundle', {}, { signal })) pieces.push(piece)
  if (late.aborted)
    throw new LoaError('NOT_ANSWERING', `the agent was not done within ${WITHIN_MS} ms`, { path: socket })
  if (io.signal.aborted) throw new LoaError('IO', say.support.bundle.brokenOff)
  const parts = joined(pieces)
  const status = parts.find(({ name }) => name === 'status.json')?.text
  if (status === undefined) throw new LoaError('NOT_ANSWERING', 'the agent broke off', { path: socket })
  const { device, timezone }: StatusReport = JSON.parse(status)
  return { parts, missing: [], device, timezone }
}

const isSilent = (fault: LoaError | undefined): boolean =>
  fault?.code === 'NOT_RUNNING' || fault?.code === 'NOT_ANSWERING'

const gather = async (
  call: Call,
  { runtime, fault }: Examination,
): Promise<Gathered & { running: boolean }> => {
  if (runtime === undefined || isSilent(fault)) return { ...(await gatherWithoutAgent(call)), running: false }
  if (fault !== undefined) throw fault
  return { ...(await gatherFromAgent(call, join(runtime, 'control.sock'))), running: true }
}

const write = async ({ say }: Call, file: string, bytes: Uint8Array): Promise<void> => {
  const { bundle } = say.support
  try {
    await writeFile(file, bytes, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new LoaError('IO', exists ? bundle.exists(file) : bundle.unwritable(file, messageOf(cause)), {
      cause,
    })
  }
}

const folderFor = ({ io }: Call, { device, timezone }: Gathered): string => {
  const { date, time } = localTime(new Date(io.now()).toISOString(), timezone)
  return `loa-bundle-${device}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`
}

type Made = { readonly file: string; readonly gathered: Gathered & { running: boolean } } & Bundle

const tell = (call: Call, { file, gathered, bytes, parts, cut }: Made): void => {
  const { bundle } = call.say.support
  const { missing, running } = gathered
  if (call.json) printJson(call, { file, bytes: bytes.length, parts, cut, missing, running })
  else {
    const lines = [
      bundle.written(file, Math.ceil(bytes.length / 1024)),
      ...cut.map(({ part, lines: dropped }) => bundle.cut(part, dropped)),
      ...missing.map(({ part, why }) => bundle.missing(part, why)),
      ...(running ? [] : [bundle.without]),
      bundle.next,
    ]
    print(
      call,
      lines.flatMap((line) => wrap(plain(line), call.columns)),
    )
  }
}

const exitCode = ({ code }: Examination, running: boolean): ExitCode => {
  if (running) return 0
  return code === 2 ? 2 : 3
}

/** `loa bundle [--out FILE]`. */
export const bundle: Verb = async (call) => {
  atMostWords(call, 0)
  const examination = await examine(call)
  const gathered = await gather(call, examination)
  const folder = folderFor(call, gathered)
  const file = textOption(call, 'out') ?? `${folder}.tar.gz`
  const own = [
    jsonPart('doctor.json', doctorReport(examination)),
    ...(gathered.running ? [] : [jsonPart('system.json', readSystemReport(`${call.io.root}/`))]),
  ]
  const others = gathered.running ? gathered.parts : gathered.parts.map(redacted)
  const { device, timezone, running, missing } = gathered
  const at = epochMs(call.io.now())
  const facts = { device, timezone, agent: packageVersion(), at, by: 'loa', running, missing } as const
  const options = { limit: LIMIT_BYTES, folder, gzip: promisify(gzip) }
  const packed = await packBundle([...own.map(redacted), ...others], facts, options)
  await write(call, file, packed.bytes)
  tell(call, { file, gathered, ...packed })
  return exitCode(examination, running)
}

const redacted = ({ name, text }: BundlePart): BundlePart => ({ name, text: redactText(text) })
