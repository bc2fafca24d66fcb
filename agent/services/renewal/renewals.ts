import type { JobDocument } from '../../core/documents.ts'
import type { Pair } from '../../core/renewal/certificate-trial.ts'
import { isOver, type UpdateReport } from '../../core/update/progress.ts'
import type { Facts } from '../../ports/state-store.ts'
import { keptRenewal } from './memory.ts'
import type { Renewal } from './renewal.ts'

export type RenewalsOptions = {
  readonly facts: Facts
  readonly job: () => JobDocument | undefined
  readonly connected: () => boolean
  /** Loads what does the work. */
  readonly load: () => Promise<Renewal>
  readonly fail: (error: unknown) => void
}

/** Renewals of the key pair. In most of a life there is none, and next to nothing of them is in memory. */
export class Renewals {
  readonly #options: RenewalsOptions
  #work: Renewal | undefined
  #isLoading = false

  constructor(options: RenewalsOptions) {
    this.#options = options
  }

  /** How it stands with the one that the job in force orders. */
  get report(): UpdateReport | undefined {
    const id = this.#ordered
    if (id === undefined) return undefined
    if (this.#work?.report !== undefined) return this.#work.report
    const kept = keptRenewal(this.#options.facts)
    if (kept?.id !== id) return undefined
    const { at: _at, ...report } = kept
    return { ...report, by: 'job' }
  }

  /** For the connection that is about to be tried. */
  pair(): Pair {
    return this.#work?.pair() ?? 'held'
  }

  connected(): void {
    this.#work?.connected()
  }

  disconnected(reason: string): void {
    this.#work?.disconnected(reason)
  }

  /** Called every second. */
  tick(): void {
    if (this.#work !== undefined) this.#work.tick(this.#options.connected())
    else if (this.#ordered !== undefined && this.#isUnfinished) this.#load()
  }

  /** Takes up what was under way when the agent ended, if only to clear it away. */
  begin(): void {
    if (this.#isUnfinished) this.#load()
  }

  get #ordered(): string | undefined {
    const order = this.#options.job()?.job
    return order?.op === 'renew' ? order.id : undefined
  }

  get #isUnfinished(): boolean {
    const kept = keptRenewal(this.#options.facts)
    const id = this.#ordered ?? kept?.id
    return id !== undefined && (kept?.id !== id || !isOver(kept))
  }

  #load(): void {
    const { load, fail } = this.#options
    if (this.#isLoading) return
    this.#isLoading = true
    load().then((work) => {
      this.#work = work
    }, fail)
  }
}
