import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Agent } from '../../../test/rig/agent.ts'
import { type AudioPart, type Bench, inMs, itemAt } from '../../../test/rig/bench.ts'
import { eventually } from '../../../test/rig/eventually.ts'
import type { ArrivedRecord } from '../../../test/rig/observer.ts'
import { heardSeconds } from './account.ts'
import type { Blow } from './kill-judge.ts'

const OPEN_RELAYS = join(import.meta.dirname, '../../open-relays')
/** `RestartSec=` of the unit. */
const RESTART_MS = 1000
/** A start that dies within five seconds counts towards safe mode, which is another rig's business. */
const LEAD_MS = 7500
const RECORD_MS = 90_000

export const ITEM_SECONDS = 8

export type Round = {
  readonly item: string
  readonly what: Blow['what']
  readonly policy: Blow['policy']
  /** From its planned second, in ms. */
  readonly at: number
}

export type RoundResult = {
  readonly blow: Blow
  readonly record: ArrivedRecord
  readonly heardSeconds: number
  /** From the signal; absent when the relay was open. */
  readonly relayOpenMs?: number
  /** From SIGKILL to the next sound. */
  readonly soundAgainMs?: number
  /** From SIGTERM. */
  readonly exitMs?: number
  readonly exitCode?: number | null
  /** The relay was open when the process was gone. */
  readonly openAtExit?: boolean
  /** How long a Node that does nothing takes from start to end, just before: what the machine is worth at the moment. */
  readonly bareNodeMs: number
}

/** Revision 1: lets it fetch and check the file, so that nothing later waits for it. */
export async function warmUp({ observer }: Bench, part: AudioPart): Promise<void> {
  await observer.schedule(1, [itemAt('warm', inMs(7_200_000), { parts: [part] })])
  const holds = ({ media }: Readonly<Record<string, unknown>>): boolean =>
    (media as { readonly present: number }).present === 1
  await observer.until('reported', 'the file is there', holds, 60_000)
}

/** One item, one blow, one record. */
export async function kill(bench: Bench, part: AudioPart, rev: number, round: Round): Promise<RoundResult> {
  const { agent, observer } = bench
  const { item, what, policy } = round
  const planned = inMs(LEAD_MS)
  const late = { policy, withinSeconds: 60 }
  const before = { sounds: agent.sounds.length, dac: agent.dac().length, relays: agent.relay().length }
  await observer.schedule(rev, [itemAt(item, planned, { parts: [part], late })])
  await setTimeout(planned - LEAD_MS / 2 - Date.now())
  const bareNodeMs = await bareNode()
  await setTimeout(planned + round.at - Date.now())

  const killedAt = Date.now()
  const struck = await strike(agent, what)
  const [open, backAt] = await Promise.all([
    relayOpened(agent, before.relays, killedAt),
    what === 'playout' ? undefined : started(agent, planned),
  ])
  const record = await observer.record(item, RECORD_MS)
  const recordAfter = Date.now() - killedAt
  await quiet(agent, killedAt)
  await observer.acknowledge(record)
  const sounds = agent.sounds.slice(before.sounds)
  // What is left of a playout whose agent died is faded.
  const again = sounds.find(({ on }) => on > killedAt + (what === 'playout' ? 0 : RESTART_MS))
  const first = sounds.find(({ on }) => on <= killedAt)
  return {
    blow: {
      what,
      policy,
      at: killedAt - planned,
      heardBefore: first === undefined ? 0 : Math.min(first.off ?? killedAt, killedAt) - first.on,
      ...(backAt === undefined ? {} : { backAt }),
      ...(again === undefined ? {} : { againAt: again.on - planned }),
      recordAfter,
      length: ITEM_SECONDS * 1000,
    },
    record,
    bareNodeMs,
    heardSeconds: heardSeconds(agent.dac().slice(before.dac), killedAt),
    ...(open === undefined ? {} : { relayOpenMs: open }),
    ...(again === undefined || what === 'stop' ? {} : { soundAgainMs: again.on - killedAt }),
    ...struck,
  }
}

async function bareNode(): Promise<number> {
  const at = performance.now()
  await promisify(execFile)(process.execPath, ['-e', '0'])
  return performance.now() - at
}

/** SIGTERM, or SIGKILL and what the unit does when both processes are gone. */
async function strike(agent: Agent, what: Blow['what']): Promise<Partial<RoundResult>> {
  const at = performance.now()
  if (what === 'stop') {
    const { code } = await agent.stop()
    const exitMs = performance.now() - at
    return { exitMs, exitCode: code, openAtExit: agent.relay().at(-1)?.on !== true }
  }
  const playout = what === 'agent' ? undefined : await agent.playout()
  if (playout !== undefined) process.kill(playout, 'SIGKILL')
  if (what !== 'playout') await agent.crash()
  if (what === 'both') await promisify(execFile)(OPEN_RELAYS, [agent.paths.relays])
  return {}
}

/** Milliseconds until the relay that was closed at `killedAt` is open. */
async function relayOpened(agent: Agent, first: number, killedAt: number): Promise<number | undefined> {
  const changes = () => agent.relay().slice(first)
  const wasOn = changes().findLast(({ at }) => Date.parse(at) <= killedAt)?.on === true
  if (!wasOn) return undefined
  const opened = await eventually('the relay is open', () =>
    changes().find(({ at, on }) => !on && Date.parse(at) >= killedAt),
  )
  return Date.parse(opened.at) - killedAt
}

async function started(agent: Agent, planned: number): Promise<number> {
  await setTimeout(RESTART_MS)
  await agent.start()
  return Date.now() - planned
}

/** Whatever sounded after the blow has ended. */
const quiet = (agent: Agent, killedAt: number): Promise<unknown> =>
  eventually('silence', () => {
    const last = agent.sounds.at(-1)
    return last === undefined || last.off !== undefined || last.on <= killedAt
  })
