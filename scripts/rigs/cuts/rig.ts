import { setTimeout as wait } from 'node:timers/promises'
import type { AudioRef } from '../../../agent/core/documents.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'
import { checkLedger } from '../../source-system/check.ts'
import type { Board } from '../board/emulator.ts'
import { Broadcasts } from './broadcasts.ts'
import { readDeviceState } from './device-state.ts'
import { type Glimpsed, lookAt, watch } from './glimpses.ts'
import { keyOf, lostAtCut, silentSince, tally, wronglyClosed } from './judge.ts'
import type { Receiver } from './receiver.ts'
import { AREA, type Source } from './source.ts'

/** What a cut met: sound and records, an alert that sounds, or a start that was not over. */
export type Moment = 'playing' | 'alert' | 'starting'

export type Cut = {
  readonly number: number
  readonly moment: Moment
  /** Seconds from power on. */
  readonly after: number
  /** Writes since the last flush, and how many of them the disk forgot. */
  readonly unflushed: number
  readonly forgotten: number
  readonly lastRecord: number
  readonly sounding: readonly string[]
  readonly damage: readonly string[]
  readonly lost: readonly string[]
  /** Other instants of the same run, of which only the disk was looked at. */
  readonly glimpsed: readonly Glimpsed[]
}

export type Verdict = {
  readonly planned: number
  readonly records: number
  readonly interrupted: number
  readonly takenUp: number
  readonly newEpochs: number
  readonly faults: readonly string[]
}

const READY = /"msg":"ready"/
const BOOT_LIMIT_MS = 300_000
/** What was planned last may have waited that long for its turn, by the clock of the board. */
const GRACE_MS = 60_000
const SETTLE_LIMIT_MS = 3_600_000
/** The first programmes of all lie so far ahead. */
const LEAD_MS = 6000
const RECORDS_UP_TO = 3
/** With nothing to record in that time the cut comes all the same. */
const RECORDS_LIMIT_MS = 15_000
const WINDOW_MS = 6000
/** A new file every so many cuts: to look into one costs an emulated board long. */
const SOUND_EVERY = 3
const GLIMPSES = 2
/** At a random instant hardly anything is written and not flushed: every other cut waits for one at which something is. */
const UNFLUSHED_EVERY = 2
const UNFLUSHED_LIMIT_MS = 10_000
/** A start has come through when its agent runs so long, in seconds of the board; five in a row that do not lead to safe mode. */
const THROUGH_SECONDS = 12
const MOMENTS: readonly Moment[] = ['playing', 'alert', 'playing', 'playing', 'starting']

/** One receiver through any number of power cuts. */
export class Rig {
  readonly #source: Source
  readonly #receiver: Receiver
  readonly #broadcasts = new Broadcasts()
  readonly #alerts: string[] = []
  readonly #cutWhilePlaying = new Set<string>()
  readonly #faults: string[] = []
  #sound: AudioRef | undefined
  #bootMs = 0
  #boot: unknown
  boots = 0

  constructor(source: Source, receiver: Receiver) {
    this.#source = source
    this.#receiver = receiver
  }

  /** Power on, and off at some instant of the moment wanted. */
  async cut(number: number, extend: boolean): Promise<Cut> {
    const moment = this.#bootMs === 0 ? 'playing' : (MOMENTS[(number - 1) % MOMENTS.length] ?? 'playing')
    const { state: disk } = this.#receiver
    const board = this.#receiver.start()
    const over = new AbortController()
    const watching = watch(disk, () => this.#source.known, over.signal)
    let after = 0
    try {
      if (moment === 'starting') await wait(Math.random() * (this.#bootMs + WINDOW_MS))
      else await this.#run(board, moment, extend ? number : undefined)
      if (number % UNFLUSHED_EVERY === 0) await disk.unflushed(UNFLUSHED_LIMIT_MS)
    } finally {
      after = board.onForMs / 1000
      await board.cutPower()
      over.abort()
    }
    const glimpsed = lookAt(disk, await watching, GLIMPSES)
    const { known } = this.#source
    const gone = disk.forget(Math.random)
    const state = readDeviceState(disk.file)
    const sounding = state.open
      .filter((each) => each.begun)
      .map(({ item, planned }) => keyOf({ item, planned: isoUtc(epochMs(planned)) }))
    for (const each of sounding) this.#cutWhilePlaying.add(each)
    const lost = lostAtCut(state, known)
    const { damage, n: lastRecord } = state
    for (const fault of [...damage, ...lost]) this.#faults.push(`cut ${number}: ${fault}`)
    for (const fault of glimpsed.flatMap(({ faults }) => faults))
      this.#faults.push(`between starts ${number} and ${number + 1}: ${fault}`)
    return { number, moment, after, ...gone, lastRecord, sounding, damage, lost, glimpsed }
  }

  /** A last start that is left alone until everything planned has its record. */
  async settle(): Promise<Verdict> {
    await using board = this.#receiver.start()
    await this.#online(board)
    const isOver = (): true | undefined => {
      const { played } = this.#source
      const missing =
        tally(this.#broadcasts.all, played).lost.length + silentSince(this.#alerts, played).length
      return missing === 0 || this.#boardClock() > this.#broadcasts.endsAt + GRACE_MS ? true : undefined
    }
    await this.#source.until(isOver, SETTLE_LIMIT_MS)
    return this.#verdict()
  }

  #verdict(): Verdict {
    const { played, province } = this.#source
    const { lost, twice } = tally(this.#broadcasts.all, played)
    const chains = checkLedger(province.records.ledger)
    return {
      planned: this.#broadcasts.all.length,
      records: chains.reduce((sum, { records }) => sum + records, 0),
      interrupted: played.filter(({ reason }) => reason === 'POWER_LOST').length,
      takenUp: played.filter(({ result, cuts = 0 }) => result === 'completed' && cuts > 0).length,
      newEpochs: chains.length - 1,
      faults: [
        ...this.#faults,
        ...lost.map((each) => `${each} has no record`),
        ...twice.map((each) => `${each} has two records`),
        ...silentSince(this.#alerts, played).map((id) => `${id} did not sound again`),
        ...chains.flatMap(({ findings }) => findings.map(({ fault, message }) => `${fault}: ${message}`)),
        ...wronglyClosed(this.#cutWhilePlaying, this.#broadcasts.all, played),
        ...(chains.length === 1 ? [] : [`${chains.length - 1} new epochs`]),
      ],
    }
  }

  /** Until the instant of the cut: so many records later, and a while. */
  async #run(board: Board, moment: Moment, extend: number | undefined): Promise<void> {
    await this.#online(board)
    if (this.#alerts.length === 0) this.#alerts.push(await this.#source.alert())
    if (extend !== undefined) await this.#extend(extend)
    const enough = this.#source.played.length + Math.floor(Math.random() * RECORDS_UP_TO)
    await this.#source.records(enough, RECORDS_LIMIT_MS)
    if (moment === 'alert') this.#alerts.push(await this.#source.alert())
    else await this.#source.until(() => this.#isThrough() || undefined, BOOT_LIMIT_MS)
    await wait(Math.random() * WINDOW_MS)
  }

  /** As of its last heartbeat: a busy emulation is behind this machine. */
  #boardClock(): number {
    return Date.parse(String(this.#source.body('heartbeat')?.['at']))
  }

  #isThrough(): boolean {
    return Number(this.#source.body('heartbeat')?.['up']) >= THROUGH_SECONDS
  }

  async #extend(number: number): Promise<void> {
    const first = this.#sound === undefined
    const sound =
      this.#sound === undefined || number % SOUND_EVERY === 0 ? await this.#source.sound() : this.#sound
    this.#sound = sound
    const now = Date.now()
    this.#broadcasts.extend(now, sound, ...(first ? [now + LEAD_MS] : []))
    const recorded = new Set(this.#source.played.map(({ item }) => item))
    const rev = await this.#source.schedule(this.#broadcasts.items(recorded))
    if (!first) return
    // What is planned for these seconds must have been heard of before the power goes.
    const holds = (): true | undefined => {
      const revs = this.#source.known.revs
      return revs[`${AREA}/schedule`] === rev && revs[`${AREA}/alert`] === 1 ? true : undefined
    }
    await this.#source.until(holds, BOOT_LIMIT_MS)
  }

  /** The agent of this start is connected, and what was in force is in force. */
  async #online(board: Board): Promise<void> {
    await board.says(READY, BOOT_LIMIT_MS)
    const { at } = await this.#source.until(() => {
      const state = this.#source.body('state')
      return state?.['state'] === 'online' && state['boot'] !== this.#boot ? state : undefined
    }, BOOT_LIMIT_MS)
    this.#boot = this.#source.body('state')?.['boot']
    this.#bootMs = board.onForMs
    this.boots += 1
    const heartbeat = await this.#source.until(() => {
      const last = this.#source.body('heartbeat')
      return last !== undefined && String(last['at']) >= String(at) ? last : undefined
    }, BOOT_LIMIT_MS)
    const { state, safe } = heartbeat
    if (this.#alerts.length > 0 && state !== 'alert')
      this.#faults.push(`start ${this.boots}: an alert in force is not`)
    if (safe !== undefined) this.#faults.push(`start ${this.boots}: in safe mode`)
  }
}
