import { existsSync } from 'node:fs'
import type { PlaybackRecord } from '../../agent/core/records.ts'
import { checkLedger } from '../source-system/check.ts'
import { given } from '../source-system/given.ts'
import type { RecordLedger } from '../source-system/record-ledger.ts'
import { ITEM, type Ordered } from './broadcast.ts'
import { DEVICE, type Sound } from './device-files.ts'
import type { Tape } from './tape.ts'
import type { TraceEvent } from './trace.ts'

/** What the demo found, from what the province received, the traces and the tape. Times are ISO 8601 in UTC. */
export type Summary = {
  readonly ok: boolean
  /** What did not happen, in words. */
  readonly missing: readonly string[]
  readonly folder: string
  readonly item: string
  readonly planned?: string
  readonly started?: string
  readonly startErrorMs?: number
  readonly playedSeconds?: number
  readonly underruns?: number
  readonly result?: string
  readonly relay: { readonly on?: string; readonly off?: string }
  readonly sign: { readonly text?: string; readonly shown?: string; readonly cleared?: string }
  readonly record: {
    readonly n?: number
    readonly chain?: 'whole' | 'broken'
    readonly acknowledged: boolean
  }
  readonly sound: {
    readonly driver: Sound['driver']
    readonly wav?: string
    readonly heardFrom?: string
    readonly heardUntil?: string
  }
  readonly pngs: readonly string[]
}

export type Found = {
  readonly folder: string
  readonly sound: Sound
  readonly ordered: Ordered | undefined
  readonly ledger: RecordLedger
  readonly trace: readonly TraceEvent[]
  readonly tape: Tape | undefined
  readonly wav: string
  /** What went wrong on the way. */
  readonly faults: readonly string[]
}

/** A tape is measured in windows of 20 ms, and its file is as old as its last write. */
const TAPE_TOLERANCE_MS = 300
/** Words have pauses between them. */
const LEAST_SHARE = 0.5
const LEAST_LEVEL_DB = -30

const tapeFaults = (tape: Tape | undefined, record: PlaybackRecord | undefined): readonly string[] => {
  if (record?.started === undefined || record.ended === undefined) return []
  const { heardFrom, heardUntil, share, levelDb } = tape ?? {}
  if (heardFrom === undefined || heardUntil === undefined) return ['the WAV file is silent']
  const off = Math.abs(heardFrom.getTime() - Date.parse(record.started))
  const tail = Date.parse(record.ended) - heardUntil.getTime()
  return [
    ...(off > TAPE_TOLERANCE_MS ? [`the WAV file begins to sound ${off.toFixed(0)} ms off the record`] : []),
    ...(tail > 2000 ? ['the WAV file falls silent before the end of the notice'] : []),
    ...((share ?? 0) < LEAST_SHARE || (levelDb ?? 0) < LEAST_LEVEL_DB
      ? ['the WAV file is nearly silent']
      : []),
  ]
}

const recordFaults = (
  record: PlaybackRecord | undefined,
  ordered: Ordered | undefined,
): readonly string[] => {
  if (record === undefined) return ['no playback record arrived']
  const { result, reason, playedSeconds = 0, planned } = record
  return [
    ...(result === 'completed' ? [] : [`the notice is recorded as ${result} ${reason ?? ''}`.trimEnd()]),
    ...(ordered !== undefined && playedSeconds < ordered.seconds
      ? [`only ${playedSeconds} s of it sounded`]
      : []),
    ...(ordered?.planned.toISOString() === planned ? [] : [`the record is for ${planned}`]),
  ]
}

/** Puts together what can be proved; `ok` only when nothing at all is missing. */
export const judge = (found: Found): Summary => {
  const { ledger, trace, ordered, sound, tape } = found
  const record = ledger.playback(DEVICE.id).find(({ item }) => item === ITEM)
  const chains = checkLedger(ledger)
  const whole =
    chains.length === 1 && chains.every(({ findings, gaps }) => findings.length + gaps.length === 0)
  const [chain] = chains
  const acknowledged =
    record !== undefined && chain !== undefined && (ledger.ackOf(chain)?.upTo ?? 0) >= record.n
  const on = trace.find((each) => each.kind === 'relay' && each.on)
  const off = trace.findLast((each) => each.kind === 'relay' && !each.on)
  const page = trace.find((each) => each.kind === 'sign' && each.text !== '')
  const cleared = trace.findLast((each) => each.kind === 'sign' && each.text === '')
  const pngs = [...new Set(trace.flatMap((each) => (each.kind === 'sign' ? [each.png] : [])))].filter(
    existsSync,
  )
  const relayFirst = on !== undefined && record?.started !== undefined && on.at <= record.started
  const relayLast = off !== undefined && record?.ended !== undefined && off.at >= record.ended
  const missing = [
    ...found.faults,
    ...recordFaults(record, ordered),
    ...(relayFirst ? [] : ['the relay was not closed before the sound']),
    ...(relayLast ? [] : ['the relay was not opened after the sound']),
    ...(page === undefined ? ['the sign showed no text'] : []),
    ...(pngs.length === 0 ? ['there is no picture of the sign'] : []),
    ...(whole ? [] : ['the chain of records is not whole']),
    ...(acknowledged ? [] : ['the record was not acknowledged']),
    ...(sound.driver === 'wav' ? tapeFaults(tape, record) : []),
  ]
  return {
    ok: missing.length === 0,
    missing,
    folder: found.folder,
    item: ITEM,
    ...given({
      planned: ordered?.planned.toISOString(),
      started: record?.started,
      startErrorMs: record?.startErrorMs,
      playedSeconds: record?.playedSeconds,
      underruns: record?.underruns,
      result: record?.result,
    }),
    relay: given({ on: on?.at, off: off?.at }),
    sign: given({
      text: page?.kind === 'sign' ? page.text : undefined,
      shown: page?.at,
      cleared: cleared?.at,
    }),
    record: { acknowledged, ...given({ n: record?.n, chain: whole ? 'whole' : 'broken' }) },
    sound: {
      driver: sound.driver,
      ...(sound.driver === 'wav' ? { wav: found.wav } : {}),
      ...given({ heardFrom: tape?.heardFrom?.toISOString(), heardUntil: tape?.heardUntil?.toISOString() }),
    },
    pngs,
  }
}
