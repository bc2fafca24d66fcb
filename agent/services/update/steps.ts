import { LoaError } from '../../core/error.ts'
import { type EpochMs, isoUtc } from '../../core/time.ts'
import { nextStep } from '../../core/update/next-step.ts'
import type { UpdateWait } from '../../core/update/progress.ts'
import { judgeRelease, type Release, type ReleaseFile } from '../../core/update/release.ts'
import type { SlotsState } from '../../core/update/slots.ts'
import { type AccountParts, told, type UpdateAccount } from './account.ts'
import { type DownloadParts, PackageDownload } from './download.ts'
import { readRelease, type UpdateOrder } from './order.ts'
import { ANSWER_WITHIN_MS, askUpdater, type RequestParts } from './requests.ts'
import { NO_UPDATER } from './slots-now.ts'
import type { TrialParts } from './trial-watch.ts'

export type StepParts = DownloadParts &
  RequestParts &
  Pick<AccountParts, 'memory'> &
  Pick<TrialParts, 'sound' | 'warm' | 'broker'> & {
    /** A release from its JWS, by `update.keys`. @throws TOO_LARGE, BAD_SIGNATURE, UNKNOWN_KEY, INVALID */
    readonly openRelease: (release: Uint8Array) => Release
    /** Of this program. */
    readonly version: string
    readonly architecture: string
    /** By which dates are judged; the floor while the time is not known. */
    readonly judgingTime: () => EpochMs
    /** What must not be disturbed now or within ten minutes. */
    readonly busy: () => UpdateWait | undefined
    /** A broker was reached since the start. */
    readonly wasOnline: () => boolean
    /** An orderly end; the supervisor starts the agent again. */
    readonly restart: () => void
  }

/** Unpacking on a slow card, every file synced. */
const STAGE_WITHIN_MS = 15 * 60_000
const ASK_AGAIN_MS = 10 * 60_000
const WARM_SECONDS = 5

type Wanted = {
  readonly order: UpdateOrder
  readonly release: Release
  readonly slots: SlotsState
}

/** What is done for an order up to the start of the trial: each turn the next thing, by what lies where. */
export class UpdateSteps {
  readonly #parts: StepParts
  readonly #account: UpdateAccount
  /** Nothing is asked of the updater or the disk before this. Monotonic. */
  #restUntil = Number.NEGATIVE_INFINITY
  /** A trial of which the chooser did not count this start: it is not at work, and another start would change nothing. */
  readonly #passedOver: string | undefined
  #ending = false

  constructor(parts: StepParts, account: UpdateAccount) {
    this.#parts = parts
    this.#account = account
    const trial = parts.desk.slots()?.trial
    this.#passedOver =
      trial === undefined || trial.slot === parts.desk.running || trial.starts > 0 ? undefined : trial.sha256
  }

  /** Something failed that may go well later. */
  rest(ms = ANSWER_WITHIN_MS): void {
    this.#restUntil = this.#parts.clock.mono() + ms
  }

  /** @throws IO, DISK_FULL; the signal's reason */
  async take(order: UpdateOrder, slots: SlotsState, signal: AbortSignal): Promise<void> {
    const { desk, openRelease } = this.#parts
    if (desk.running === undefined) {
      this.#account.end(order, 'refused', { code: 'UNSUPPORTED', message: NO_UPDATER })
      return
    }
    const release = readRelease(openRelease, order.release)
    if (release instanceof LoaError) this.#account.end(order, 'refused', told(release))
    else if (this.#parts.clock.mono() >= this.#restUntil) await this.#next({ order, release, slots }, signal)
  }

  async #next(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { order, release, slots } = wanted
    const { version, files } = release
    const { desk, architecture } = this.#parts
    const state = this.#account.kept(order)?.state
    const sha256 = files.find(({ arch }) => arch === architecture)?.sha256 ?? ''
    const step = nextStep(
      { version, sha256 },
      {
        slots,
        running: desk.running ?? 'package',
        tried: state === 'staged' || state === 'trial',
        here: this.#isHere(order),
      },
    )
    if (step.do === 'done') this.#account.end(order, 'done', { version })
    else if (step.do === 'back') this.#account.end(order, 'back', { version, message: step.reason })
    else if (step.do === 'wait')
      this.#account.show(order, { version, state: 'waiting', waits: { for: 'update' } })
    else if (step.do === 'restart') this.#startTrial(wanted, slots)
    else if (step.do !== 'trial') await this.#prepare(wanted, step.do, signal)
  }

  /** Of this release: the desk may hold that of an order before. */
  #isHere({ release }: UpdateOrder): boolean {
    const { desk } = this.#parts
    const here = desk.release()
    return here !== undefined && desk.isComplete() && Buffer.from(here).equals(release)
  }

  async #prepare(wanted: Wanted, step: 'fetch' | 'stage' | 'try', signal: AbortSignal): Promise<void> {
    const { order, release, slots } = wanted
    const { architecture, judgingTime } = this.#parts
    const now = judgingTime()
    const { refused } = slots
    const judged = judgeRelease(release, { committed: slots.committed.version, refused, architecture, now })
    if (judged.kind === 'refused')
      this.#account.end(order, 'refused', { version: release.version, ...told(judged) })
    else if (order.notBefore !== undefined && now < order.notBefore) {
      const waits: UpdateWait = { for: 'not-before', until: isoUtc(order.notBefore) }
      this.#account.show(order, { version: release.version, state: 'waiting', waits })
    } else if (step === 'fetch') await this.#fetch(wanted, judged.file, signal)
    else if (step === 'stage') await this.#stage(wanted, judged.file, signal)
    else await this.#askForTrial(wanted, signal)
  }

  async #fetch({ order, release }: Wanted, file: ReleaseFile, signal: AbortSignal): Promise<void> {
    const { version } = release
    if (order.by === 'local') {
      const message = 'the file did not come whole: give it again'
      this.#account.end(order, 'failed', { version, code: 'NO_MEDIA', message })
      return
    }
    // So that a withdrawn job is known to have been begun.
    this.#account.keep(order, { state: 'waiting', version })
    const download = new PackageDownload(this.#parts, file, (progress, waits) => {
      const how = waits === undefined ? { state: 'fetching' as const } : { state: 'waiting' as const, waits }
      this.#account.show(order, { version, progress, ...how })
    })
    try {
      await download.run(order.release, signal)
    } catch (error) {
      if (!(error instanceof LoaError && error.code === 'NO_MEDIA')) throw error
      this.#account.end(order, 'refused', { version, code: 'NO_MEDIA', message: error.message })
    }
  }

  async #stage({ order, release }: Wanted, file: ReleaseFile, signal: AbortSignal): Promise<void> {
    const { version } = release
    this.#account.show(order, { version, state: 'waiting', progress: 100, waits: { for: 'updater' } })
    const slots = await askUpdater(this.#parts, { op: 'stage' }, STAGE_WITHIN_MS, signal)
    if (slots === undefined) this.rest(ASK_AGAIN_MS)
    else if (slots.staged?.sha256 === file.sha256 && slots.staged.version === version)
      this.#account.keep(order, { state: 'staged', version })
    else if (slots.last?.code === 'DISK_FULL' || slots.last?.code === 'BUSY') {
      const waits: UpdateWait = { for: slots.last.code === 'BUSY' ? 'update' : 'disk' }
      this.#account.show(order, { version, state: 'waiting', progress: 100, waits })
      this.rest(ASK_AGAIN_MS)
    } else {
      this.#account.end(order, 'failed', { version, ...told(slots.last ?? {}) })
      await this.#parts.desk.clear()
    }
  }

  async #askForTrial(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { order, release } = wanted
    const { busy, broker, wasOnline } = this.#parts
    const { version } = release
    this.#account.keep(order, { state: 'staged', version })
    const waits = busy()
    this.#account.show(order, { version, state: 'staged', ...(waits === undefined ? {} : { waits }) })
    if (waits !== undefined) return
    const before = { sound: await this.#soundOpens(signal), broker: broker.connected() || wasOnline() }
    if (busy() !== undefined) return
    const slots = await askUpdater(this.#parts, { op: 'try', before }, ANSWER_WITHIN_MS, signal)
    if (slots === undefined) {
      this.#account.show(order, { version, state: 'staged', waits: { for: 'updater' } })
      this.rest(ASK_AGAIN_MS)
    } else if (slots.trial === undefined)
      this.#account.end(order, 'failed', { version, ...told(slots.last ?? {}) })
    else this.#startTrial(wanted, slots)
  }

  /** Ends in order; the next start runs the new release. Something may have come up since it was asked for. */
  #startTrial({ order, release: { version } }: Wanted, { trial }: SlotsState): void {
    const { busy, restart, desk, logger } = this.#parts
    if (this.#passedOver !== undefined && this.#passedOver === trial?.sha256) {
      const message = `the start for the trial was not counted, and ran ${desk.running}: is ExecStartPre of loa-agent.service as it was shipped?`
      this.#account.end(order, 'failed', { version, code: 'UNSUPPORTED', message })
      return
    }
    const waits = busy()
    this.#account.keep(order, { state: 'trial', version })
    this.#account.show(order, { version, state: 'trial', ...(waits === undefined ? {} : { waits }) })
    if (waits !== undefined || this.#ending) return
    this.#ending = true
    logger.info({ version }, 'the agent ends, so that the next start runs the new release')
    restart()
  }

  /** Whether a trial may be held to it. Nobody may have played anything since the start. */
  async #soundOpens(signal: AbortSignal): Promise<boolean> {
    const { sound, warm, clock } = this.#parts
    if (sound() === undefined) {
      warm(WARM_SECONDS)
      for (let second = 0; second < WARM_SECONDS && sound() === undefined; second += 1)
        await clock.sleep(1000, signal)
    }
    return sound() === 'ok'
  }
}
