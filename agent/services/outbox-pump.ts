import { jittered } from '../core/back-off.ts'
import { LoaError, messageOf } from '../core/error.ts'
import { cutBatches } from '../core/record/batch.ts'
import { isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Outbox, OutboxEntry } from '../ports/state-store.ts'

export type OutboxPumpOptions = {
  readonly outbox: Outbox
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly logger: Pick<Logger, 'debug' | 'warn'>
  readonly device: string
  /** `outbox.ack`. */
  readonly ack: 'server' | 'broker'
  /** Sends at QoS 1: resolves on the PUBACK, rejects when the connection is gone. */
  readonly publish: (topic: OutboxEntry['topic'], payload: string) => Promise<void>
  readonly connected: () => boolean
  /** An acknowledgement was ignored. */
  readonly onRefused: (message: string) => void
  /** At least once a minute, and at every batch. */
  readonly onTurn: () => void
}

/** `down/acked`: the server holds, or has a GAP for, every record up to `upTo`. */
export type Acknowledgement = { readonly epoch: string; readonly upTo: number; readonly hash: string }

/** Most records that may wait for their acknowledgement while new ones are still sent. */
const WINDOW = 512
const RESEND = { baseMs: 30_000, maxMs: 600_000 }
const PUBACK_MS = 30_000
const LONGEST_REST_MS = 60_000

/** Brings the records of the outbox to the server, in order, until it has them. One loop, one batch at a time. */
export class OutboxPump {
  readonly #options: OutboxPumpOptions
  /** Everything up to here was sent and waits for its acknowledgement. */
  #cursor = 0
  #gapCursor = 0
  /** The epoch that both are about. */
  #epoch = ''
  #resends = 0
  #resendAt = Number.POSITIVE_INFINITY
  #woken = Promise.withResolvers<void>()

  constructor(options: OutboxPumpOptions) {
    this.#options = options
  }

  /** Runs until the signal; does not reject for a lost connection. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { promise } = this.#woken
      this.#options.onTurn()
      if (this.#options.connected()) await this.#sendAll(signal)
      await this.#rest(promise, signal)
      this.#woken = Promise.withResolvers()
    }
  }

  /** New records were written. */
  notify(): void {
    this.#woken.resolve()
  }

  /** The connection is back: what is unacknowledged is sent again at once. */
  reconnected(): void {
    this.#resends = 0
    this.#fromLowest()
  }

  /** Takes the server's word for what it holds, if it is about these records. */
  acked({ epoch, upTo, hash }: Acknowledgement): void {
    const { outbox, ack, onRefused } = this.#options
    if (ack === 'broker') return
    const fault = this.#faultOf({ epoch, upTo, hash })
    if (fault !== undefined) {
      onRefused(fault)
      return
    }
    const before = outbox.unacknowledged()
    this.#store(() => outbox.acknowledge(upTo))
    if (outbox.unacknowledged() === before) return
    this.#resends = 0
    this.#putOffResend()
    this.notify()
  }

  /**
   * Sends again what is unacknowledged, or with `from` everything from that record on: what of it is no longer kept is
   * covered by a GAP. Records of ours that we never wrote mean that our memory is behind: a new epoch begins.
   */
  sync(from?: { readonly epoch: string; readonly n: number }): void {
    const { outbox, clock } = this.#options
    if (from !== undefined && from.epoch === outbox.epoch) {
      if (from.n > outbox.lastNumber() + 1) outbox.renew()
      else {
        const gap = outbox.reopen(Math.max(1, from.n))
        if (gap !== undefined)
          outbox.event({ at: isoUtc(clock.wall()), code: 'GAP', severity: 'warning', data: gap })
      }
    }
    this.reconnected()
  }

  #fromLowest(): void {
    this.#cursor = 0
    this.#gapCursor = 0
    this.notify()
  }

  #faultOf({ epoch, upTo, hash }: Acknowledgement): string | undefined {
    const { outbox } = this.#options
    if (epoch !== outbox.epoch) return `acknowledgement of epoch ${epoch}, ours is ${outbox.epoch}`
    const last = outbox.lastNumber()
    if (upTo > last) return `acknowledgement up to ${upTo}, the last record is ${last}`
    const known = outbox.hashOf(upTo)
    // What is no longer kept cannot be compared; below the lowest that waits it changes nothing either.
    const lowest = outbox.pending(0, 1)[0]?.record.n ?? last + 1
    if (known === hash || (known === undefined && upTo < lowest)) return undefined
    return `acknowledgement up to ${upTo} with the hash of another record`
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    if (clock.mono() >= this.#resendAt) {
      this.#resends += 1
      this.#resendAt = Number.POSITIVE_INFINITY
      this.#cursor = 0
      this.#gapCursor = 0
    }
    for (let entries = this.#next(); entries.length > 0; entries = this.#next()) {
      const from = entries[0]?.record.n ?? 0
      if (await this.#sendEach(entries, signal)) continue
      // In the meantime somebody may have asked for more; never skip over what did not go out.
      this.#cursor = Math.min(this.#cursor, from - 1)
      this.#gapCursor = Math.min(this.#gapCursor, from - 1)
      this.#putOffResend()
      return
    }
  }

  /** What goes out now, counted as sent: new records while the window is open, gaps in any case. */
  #next(): readonly OutboxEntry[] {
    const { outbox } = this.#options
    if (outbox.epoch !== this.#epoch) {
      this.#epoch = outbox.epoch
      this.#cursor = 0
      this.#gapCursor = 0
    }
    const unsent = outbox.lastNumber() - this.#cursor
    const inFlight = Math.max(0, outbox.unacknowledged() - unsent)
    const fresh = inFlight < WINDOW ? outbox.pending(this.#cursor, WINDOW - inFlight) : []
    this.#cursor = fresh.at(-1)?.record.n ?? this.#cursor
    if (fresh.length > 0) return fresh
    const gaps = outbox.gaps(Math.max(this.#cursor, this.#gapCursor))
    this.#gapCursor = gaps.at(-1)?.record.n ?? this.#gapCursor
    return gaps
  }

  /** False when one did not get through. */
  async #sendEach(entries: readonly OutboxEntry[], signal: AbortSignal): Promise<boolean> {
    const { outbox, device, publish, logger, ack, onTurn } = this.#options
    const { epoch } = outbox
    for (const batch of cutBatches(entries, device, epoch)) {
      const { topic, entries: records } = batch
      logger.debug({ topic, records: records.length, first: records[0].record.n }, 'records go out')
      try {
        await this.#inTime(publish(topic, batch.payload), signal)
        onTurn()
      } catch (thrown) {
        logger.debug({ topic, cause: messageOf(thrown) }, 'records were not sent')
        return false
      }
      // Begun meanwhile, a new epoch has other records under these numbers.
      if (ack === 'broker' && outbox.epoch === epoch)
        this.#store(() => outbox.acknowledgeOnly(records.map(({ record }) => record.n)))
    }
    this.#putOffResend()
    return true
  }

  /** A half-open connection answers nothing: give up waiting and count the batch as not sent. */
  async #inTime(published: Promise<void>, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    const tooLate = this.#options.clock
      .sleep(PUBACK_MS, AbortSignal.any([signal, done.signal]))
      .then(() => Promise.reject(new LoaError('BROKER', `no PUBACK within ${PUBACK_MS / 1000} s`)))
    try {
      await Promise.race([published, tooLate])
    } finally {
      done.abort()
    }
  }

  #putOffResend(): void {
    const { outbox, clock, random } = this.#options
    this.#resendAt =
      outbox.unacknowledged() === 0
        ? Number.POSITIVE_INFINITY
        : clock.mono() + jittered(RESEND, this.#resends, random)
  }

  /** Until there is something to do: a call of `notify`, or the time to send again. */
  async #rest(woken: Promise<void>, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    const { clock, connected } = this.#options
    const dueMs = connected() ? this.#resendAt - clock.mono() : LONGEST_REST_MS
    const waitMs = Math.min(Math.max(0, dueMs), LONGEST_REST_MS)
    const slept = clock.sleep(waitMs, AbortSignal.any([signal, done.signal])).catch(() => undefined)
    await Promise.race([woken, slept])
    done.abort()
  }

  /** A disk that cannot take an acknowledgement costs a resend, not the agent. */
  #store(work: () => void): void {
    try {
      work()
    } catch (thrown) {
      if (!(thrown instanceof LoaError)) throw thrown
      this.#options.logger.warn(
        { code: thrown.code, cause: thrown.message },
        'an acknowledgement was not stored',
      )
    }
  }
}
