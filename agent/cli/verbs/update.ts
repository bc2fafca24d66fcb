import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { askAgent, followAgent } from '../../adapters/control/client.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { UpdateReport } from '../../core/update/progress.ts'
import { MAX_RELEASE_FILE_BYTES } from '../../core/update/release.ts'
import { atMostWords, type Call, print, printJson, usage, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { controlSocket } from '../socket.ts'
import { updateText } from '../views/update-text.ts'

const MAX_FIRST_LINE = 65_536
const MIB = 1_048_576
const JWS_LINE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\n/

const headOf = async (path: string): Promise<string> => {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_FIRST_LINE + 1), 0, MAX_FIRST_LINE + 1, 0)
  return buffer.toString('latin1', 0, bytesRead)
}

/** Bytes of the file. @throws USAGE when it cannot be read or is no release */
const looked = async ({ say }: Call, path: string): Promise<number> => {
  try {
    const { size } = await stat(path)
    if (size > MAX_RELEASE_FILE_BYTES)
      throw usage(say.update.tooLarge(path, Math.floor(MAX_RELEASE_FILE_BYTES / MIB)))
    if (!JWS_LINE.test(await headOf(path))) throw usage(say.update.notRelease(path))
    return size
  } catch (error) {
    if (error instanceof Error && 'errno' in error)
      throw usage(say.faults.fileUnreadable(path, messageOf(error)))
    throw error
  }
}

/** People see each tenth of the way and each change of what it waits for; what is until when changes all the time. */
const stepOf = ({ state, progress, waits }: UpdateReport): string =>
  [state, progress === undefined ? '' : Math.floor(progress / 10), waits?.for, waits?.item].join(' ')

const follow = async (call: Call, socket: string, path: string, timezone: string) => {
  const bytes = await looked(call, path)
  if (!call.json) print(call, [call.say.update.sending(path)])
  const options = { signal: call.io.signal, body: createReadStream(path) }
  let last: UpdateReport | undefined
  let told = ''
  for await (const report of followAgent(socket, 'update', { bytes }, options)) {
    last = report
    if (!call.json && stepOf(report) !== told) print(call, [updateText(call, report, timezone)])
    told = stepOf(report)
  }
  return last
}

/** By what was heard last: the agent ends for the trial, and who goes away leaves the rest to it. */
const ending = (
  call: Call,
  { state, version = '' }: UpdateReport,
): readonly [ExitCode, string | undefined] => {
  const { update } = call.say
  if (state === 'trial') return [0, update.restarts(version)]
  if (state === 'done') return [0, undefined]
  if (state === 'staged' || state === 'waiting') return [0, update.left]
  return [1, state === 'fetching' ? update.stopped : undefined]
}

const install = async (call: Call, socket: string, path: string): Promise<ExitCode> => {
  const { timezone } = await askAgent(socket, 'status', {})
  const last = await follow(call, socket, path, timezone)
  if (last === undefined && !call.io.signal.aborted) throw new LoaError('IO', call.say.play.silent)
  const report = last ?? { state: 'fetching' as const }
  const [code, words] = ending(call, report)
  if (call.json) printJson(call, report)
  else if (words !== undefined) print(call, [words])
  return code
}

const tell = async (call: Call, socket: string): Promise<ExitCode> => {
  const { update = { state: 'idle' as const }, timezone } = await askAgent(socket, 'status', {})
  if (call.json) printJson(call, update)
  else print(call, [updateText(call, update, timezone)])
  return 0
}

const cancel = async (call: Call, socket: string): Promise<ExitCode> => {
  const { cancelled } = await askAgent(socket, 'update-cancel', {})
  if (call.json) printJson(call, { cancelled })
  else print(call, [cancelled ? call.say.update.cancelled : call.say.update.nothingToCancel])
  return cancelled ? 0 : 1
}

/** `loa update FILE | --status | --cancel`. */
export const update: Verb = async (call) => {
  atMostWords(call, 1)
  const [path] = call.words
  const [status, off] = [call.options.status === true, call.options.cancel === true]
  if ([status, off, path !== undefined].filter(Boolean).length !== 1) throw usage(call.say.update.which)
  const socket = await controlSocket(call)
  if (path !== undefined) return install(call, socket, path)
  return status ? tell(call, socket) : cancel(call, socket)
}
