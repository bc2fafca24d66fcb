import type { JobDocument } from '../../core/documents.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { isoUtc } from '../../core/time.ts'
import { isOver, type UpdateReport } from '../../core/update/progress.ts'
import type { SlotsState } from '../../core/update/slots.ts'
import { type AccountParts, idOf, told, UpdateAccount } from './account.ts'
import { orderIn, type UpdateOrder } from './order.ts'
import { ANSWER_WITHIN_MS, askUpdater } from './requests.ts'
import { slotsNow } from './slots-now.ts'
import { type StepParts, UpdateSteps } from './steps.ts'
import { UpdateTrial, type UpdateTrialParts } from './update-trial.ts'

export type UpdatingParts = AccountParts &
  StepParts &
  UpdateTrialParts & {
    /** The job in force. */
    readonly job: () => JobDocument | undefined
    /** All that the updater has said by now was taken note of. */
    readonly seen: () => void
  }

const TURN_MS = 1000

/** What an order is broken off with; never leaves this file. */
class Overtaken extends Error {}

/** Brings the release that is wanted from its order to its trial and through it. One order at a time. */
export class Updating {
  readonly #parts: UpdatingParts
  readonly #account: UpdateAccount
  readonly #steps: UpdateSteps
  #current: UpdateOrder | undefined
  #work = new AbortController()
  #reserved = false
  /** What came of an order that was called off is still there. */
  #mustClear = false
  #rested = false
  #trialTold = false

  constructor(parts: UpdatingParts) {
    this.#parts = parts
    this.#account = new UpdateAccount(parts)
    this.#steps = new UpdateSteps(parts, this.#account)
  }

  get report(): UpdateReport {
    return this.#account.report
  }

  /** An order that is not over, or a trial. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.#reserved || this.isOnTrial
  }

  /** This very program is on trial. */
  get isOnTrial(): boolean {
    const trial = this.#parts.desk.slots()?.trial
    return trial !== undefined && trial.slot === this.#parts.desk.running
  }

  /** The job or the order on the spot may be another. */
  reconsider(): void {
    // A trial ends by what is seen of it, whatever is ordered meanwhile.
    if (!this.isOnTrial && this.#order()?.id !== this.#current?.id) this.#work.abort(new Overtaken())
  }

  /** The desk is for somebody else until this is disposed of. */
  reserve(): Disposable {
    this.#reserved = true
    return {
      [Symbol.dispose]: () => {
        this.#reserved = false
      },
    }
  }

  /** Until aborted. Rejects only on a fault that nobody foresaw. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#parts
    while (!signal.aborted) {
      this.#work = new AbortController()
      const within = AbortSignal.any([signal, this.#work.signal])
      try {
        await this.#turn(within)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof LoaError) {
          logger.warn({ code: error.code, reason: messageOf(error) }, 'an update waits')
          this.#steps.rest()
        } else if (!(error instanceof Overtaken)) throw error
      }
      await clock.sleep(TURN_MS, within).catch(() => undefined)
    }
  }

  /** Calls off what is under way. False: there was nothing, or it is on trial already. */
  cancel(message: string): boolean {
    const order = this.#order()
    if (order === undefined || this.#slots.trial !== undefined) return false
    this.#account.end(order, 'cancelled', { message })
    this.#mustClear = true
    this.#work.abort(new Overtaken())
    return true
  }

  /** @throws IO */
  get #slots(): SlotsState {
    return slotsNow(this.#parts.desk, this.#parts.version)
  }

  #order(): UpdateOrder | undefined {
    const { memory, desk, job } = this.#parts
    return orderIn(memory, desk, job())
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const slots = this.#slots
    if (this.isOnTrial) {
      await this.#try(slots, signal)
      return
    }
    this.#tellOfBack(slots)
    if (this.#reserved) return
    this.#obeyCancel()
    if (this.#mustClear) await this.#clear(signal)
    this.#current = this.#order()
    if (this.#current === undefined) this.#rest()
    else {
      this.#rested = false
      await this.#steps.take(this.#current, slots, signal)
    }
  }

  /** A job that calls off the one before, or one that no granted key signs any more. */
  #obeyCancel(): void {
    const { memory, job, clock } = this.#parts
    const order = job()?.job
    const before = memory.get('job')
    const withdrawn = order === undefined && before !== undefined && !isOver(before)
    if (!withdrawn && (order?.op !== 'cancel' || memory.isOver('job', order.id))) return
    const local = memory.get('local')
    if (local !== undefined && !isOver(local) && order !== undefined)
      this.#account.end({ id: local.id, by: 'local' }, 'cancelled', { message: `by job ${order.id}` })
    const id = order?.id ?? before?.id ?? ''
    const message = withdrawn ? { message: 'no granted key signs its job any more' } : {}
    memory.set('job', { id, state: 'cancelled', at: isoUtc(clock.wall()), ...message })
    this.#mustClear = true
  }

  async #clear(signal: AbortSignal): Promise<void> {
    if (this.#slots.staged !== undefined)
      await askUpdater(this.#parts, { op: 'cancel' }, ANSWER_WITHIN_MS, signal)
    await this.#parts.desk.clear()
    this.#mustClear = false
  }

  async #try({ trial }: SlotsState, signal: AbortSignal): Promise<void> {
    if (trial === undefined) return
    const { version, starts } = trial
    const order = this.#order()
    const mine = order !== undefined && this.#account.kept(order) !== undefined ? order : undefined
    if (!this.#trialTold)
      this.#parts.event('UPDATE', 'info', { state: 'trial', version, start: starts, ...idOf(mine) })
    this.#trialTold = true
    if (mine !== undefined) this.#account.keep(mine, { state: 'trial', version })
    await new UpdateTrial(this.#parts, trial, (message) =>
      this.#account.show(mine, { version, state: 'trial', ...(message === undefined ? {} : { message }) }),
    ).run(signal)
    if (mine === undefined) this.#account.tell('done', { version })
    else this.#account.end(mine, 'done', { version })
    await this.#parts.desk.clear()
  }

  /** What has been gone back from without an order that anybody remembers, such as a slot whose files were damaged. */
  #tellOfBack(slots: SlotsState): void {
    const { last } = slots
    if (last?.result !== 'back' || !this.#account.isNews(JSON.stringify(last))) return
    const version = slots.refused.at(-1)?.version
    const order = this.#order()
    const kept = order && this.#account.kept(order)
    if (kept?.version !== undefined && kept.version === version) return
    this.#account.tell('back', { ...(version === undefined ? {} : { version }), ...told(last) })
  }

  #rest(): void {
    this.#account.rest()
    if (this.#rested) return
    this.#rested = true
    this.#parts.seen()
  }
}
