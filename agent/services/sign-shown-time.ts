/** What became of one owner's pages. */
export type SignReport = {
  /** The signs of this board that were meant. */
  readonly signs: readonly string[]
  /** Seconds on at least one working sign. */
  readonly shownSeconds: number
  /** A page could be laid out for at least one of the signs, and that sign worked at some time. */
  readonly worked: boolean
}

type Account = {
  signs: readonly string[]
  shownMs: number
  since: number | undefined
  worked: boolean
}

/** Adds up, for each owner, how long its pages stood on at least one sign. Times are monotonic milliseconds. */
export class ShownTime {
  readonly #accounts = new Map<string, Account>()

  /** Begins an account, or goes on with the one there is. */
  open(owner: string, signs: readonly string[]): void {
    const held = this.#accounts.get(owner)
    if (held === undefined) this.#accounts.set(owner, { signs, shownMs: 0, since: undefined, worked: false })
    else held.signs = signs
  }

  /** Whose pages stand on a working sign from `now` on, and who has a claim on a working sign, shown or not. */
  observe(now: number, visible: ReadonlySet<string>, served: ReadonlySet<string>): void {
    for (const [owner, account] of this.#accounts) {
      if (account.since !== undefined) account.shownMs += now - account.since
      account.since = visible.has(owner) ? now : undefined
      account.worked ||= served.has(owner)
    }
  }

  report(owner: string, now: number): SignReport {
    const account = this.#accounts.get(owner)
    if (account === undefined) return { signs: [], shownSeconds: 0, worked: false }
    const running = account.since === undefined ? 0 : now - account.since
    const { signs, shownMs, worked } = account
    return { signs, worked, shownSeconds: Math.round(shownMs + running) / 1000 }
  }

  /** The last report of an owner, which is then forgotten. */
  close(owner: string, now: number): SignReport {
    const report = this.report(owner, now)
    this.#accounts.delete(owner)
    return report
  }
}
