import { setTimeout as sleep } from 'node:timers/promises'
import { askAgent, followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import type { LogEntry } from '../../core/status.ts'
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
import { isoText } from '../text/time.ts'
import { logLine } from '../views/log-line.ts'

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const AGAIN_MS = 1000
/** After a restart so much of what was before is asked for again: what was on its way when the agent went. */
const OVERLAP_MS = 3_600_000
/** More than one answer holds. */
const MOST_REMEMBERED = 10_000

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
  return { since: isoText(at) }
}

const goesAway = (error: unknown): boolean =>
  error instanceof LoaError && (error.code === 'NOT_RUNNING' || error.code === 'NOT_ANSWERING')

/** Every record once, over restarts of the agent: what was told already is known by its hash. */
class Teller {
  readonly #call: Call
  readonly #told = new Set<string>()
  #lost = false

  constructor(call: Call) {
    this.#call = call
  }

  tell(entry: LogEntry, timezone: string): void {
    const { hash } = entry.record
    if (this.#told.has(hash)) return
    this.#told.add(hash)
    const [oldest] = this.#told
    if (this.#told.size > MOST_REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
    if (this.#call.json) printJsonLine(this.#call, entry)
    else print(this.#call, [logLine(this.#call, entry, timezone)])
  }

  lost(): void {
    if (!this.#lost) this.#call.io.err(`loa: ${this.#call.say.log.lost}\n`)
    this.#lost = true
  }

  found(): void {
    if (this.#lost) this.#call.io.err(`loa: ${this.#call.say.log.back}\n`)
    this.#lost = false
  }
}

/** Until the agent goes or the signal comes. */
const followOnce = async (
  { io }: Call,
  socket: string,
  args: { readonly since?: string },
  teller: Teller,
): Promise<void> => {
  const { signal } = io
  // Times are shown in the zone of the device, which the records do not name.
  const { timezone } = await askAgent(socket, 'log', { ...args, limit: 1 }, { signal })
  teller.found()
  for await (const entry of followAgent(socket, 'log', args, { signal })) teller.tell(entry, timezone)
}

const follow = async (call: Call, socket: string, args: { readonly since?: string }): Promise<void> => {
  const { signal, now } = call.io
  const teller = new Teller(call)
  for (let from = args, first = true; !signal.aborted; first = false) {
    const begun = Math.max(now() - OVERLAP_MS, args.since === undefined ? 0 : Date.parse(args.since))
    try {
      await followOnce(call, socket, from, teller)
    } catch (error) {
      // The first time nobody there is a fault; later it is a restart, over which the log is watched.
      if (first || !goesAway(error)) throw error
    }
    if (signal.aborted) return
    teller.lost()
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined)
    if (first) from = { since: isoText(begun) }
  }
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
