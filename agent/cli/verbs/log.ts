import { askAgent, followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import {
  atMostWords,
  type Call,
  print,
  printJson,
  printJsonLine,
  textOption,
  usage,
  type Verb,
} from '../call.ts'
import { controlSocket } from '../socket.ts'
import { logLine } from '../views/log-line.ts'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const instantOf = (text: string, now: number): number => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return now - Number(count) * (UNIT_MS[unit] ?? 0)
  return /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
}

const since = (call: Call): { readonly since?: string } => {
  const text = textOption(call, 'since')
  if (text === undefined) return {}
  const at = instantOf(text, call.io.now())
  if (Number.isNaN(at)) throw usage(call.say.usage.badSince(text))
  return { since: new Date(at).toISOString() }
}

const follow = async (call: Call, socket: string, args: { readonly since?: string }): Promise<void> => {
  // Times are shown in the zone of the device, which the records do not name.
  const { timezone } = await askAgent(socket, 'log', { ...args, limit: 1 })
  const { signal } = call.io
  for await (const entry of followAgent(socket, 'log', args, { signal })) {
    if (call.json) printJsonLine(call, entry)
    else print(call, [logLine(call, entry, timezone)])
  }
  if (!signal.aborted) throw new LoaError('NOT_RUNNING', call.say.status.lost, { path: socket })
}

/** `loa log [--follow] [--since T]`. */
export const log: Verb = async (call) => {
  atMostWords(call, 0)
  const args = since(call)
  const socket = await controlSocket(call)
  if (call.options.follow === true) {
    await follow(call, socket, args)
    return 0
  }
  const report = await askAgent(socket, 'log', args)
  if (call.json) printJson(call, report.entries)
  else if (report.entries.length === 0) print(call, [call.say.log.empty])
  else
    print(
      call,
      report.entries.map((entry) => logLine(call, entry, report.timezone)),
    )
  return 0
}
