import type { JobDocument } from '../../core/documents.ts'
import type { UpdateReport } from '../../core/update/progress.ts'
import type { Facts } from '../../ports/state-store.ts'
import type { Refusals } from '../refusals.ts'
import type { LocalRelease } from './local-install.ts'
import { UpdateMemory } from './memory.ts'
import type { Updating } from './updating.ts'

/** What is loaded when there is something to do. */
export type UpdateWork = {
  readonly updating: Updating
  readonly install: (release: LocalRelease, signal: AbortSignal) => AsyncIterable<UpdateReport>
}

export type UpdatesOptions = {
  readonly facts: Facts
  readonly job: () => JobDocument | undefined
  readonly refusals: Pick<Refusals, 'recent'>
  /** Digest of what the updater says; undefined where it says nothing. */
  readonly slotsDigest: () => string | undefined
  /** Loads what does the work, and starts it. */
  readonly load: (memory: UpdateMemory, seen: () => void) => Promise<UpdateWork>
  readonly fail: (error: unknown) => void
}

const SEEN_FACT = 'update.seen'

/** Updates of this program. In most of its life there is none, and next to nothing of them is in memory. */
export class Updates {
  readonly #options: UpdatesOptions
  readonly #memory: UpdateMemory
  #loading: Promise<UpdateWork> | undefined
  #work: UpdateWork | undefined

  constructor(options: UpdatesOptions) {
    this.#options = options
    this.#memory = new UpdateMemory(options.facts)
  }

  /** Takes up what was under way when the agent ended. */
  begin(): void {
    const { slotsDigest, facts } = this.#options
    const digest = slotsDigest()
    const isNews = digest !== undefined && facts.get(SEEN_FACT) !== digest
    if (isNews || this.#isUnfinished) this.#start()
  }

  /** The job in force is another, or there is none any more. */
  jobChanged(): void {
    if (this.#work !== undefined) this.#work.updating.reconsider()
    else if (this.#isUnfinished) this.#start()
  }

  /** An order that is not over, or a trial. */
  get isBusy(): boolean {
    return this.#work?.updating.isBusy === true
  }

  get report(): UpdateReport {
    const report = this.#work?.updating.report ?? this.#memory.report
    const refused = this.#options.refusals.recent.find(({ document }) => document === 'job')
    if (refused === undefined || this.isBusy) return report
    const { code, message } = refused
    return { by: 'job', state: 'refused', code, message }
  }

  /** A release that somebody gives on the spot. @throws as `installLocal` */
  async *install(release: LocalRelease, signal: AbortSignal): AsyncGenerator<UpdateReport> {
    yield* (await this.#load()).install(release, signal)
  }

  /** False: nothing was under way that could be called off. */
  async cancel(): Promise<boolean> {
    if (this.#work === undefined && !this.#isUnfinished) return false
    return (await this.#load()).updating.cancel('called off on the spot')
  }

  get #isUnfinished(): boolean {
    const local = this.#memory.get('local')
    if (local !== undefined && !this.#memory.isOver('local', local.id)) return true
    const order = this.#options.job()?.job
    if (order?.op === 'renew') return false
    if (order !== undefined) return !this.#memory.isOver('job', order.id)
    const before = this.#memory.get('job')
    return before !== undefined && !this.#memory.isOver('job', before.id)
  }

  #start(): void {
    this.#load().catch(this.#options.fail)
  }

  #load(): Promise<UpdateWork> {
    const { load, slotsDigest, facts } = this.#options
    const seen = (): void => {
      const digest = slotsDigest()
      if (digest !== undefined && facts.get(SEEN_FACT) !== digest) facts.set(SEEN_FACT, digest)
    }
    this.#loading ??= load(this.#memory, seen).then((work) => {
      this.#work = work
      return work
    })
    return this.#loading
  }
}
