import { AMBER } from '../core/sign/color.ts'
import type { LaidPage } from '../core/sign/page.ts'
import { advance, DARK_SIGN, type PagedClaim, type SignState, showingOf } from '../core/sign/turns.ts'
import type { Clock } from '../ports/clock.ts'
import type { Signboard } from '../ports/signboard.ts'

/** Health and page ends are looked at no later than this. */
const LONGEST_WAIT_MS = 1000
const PLAIN = { mode: 'still', color: AMBER } as const

/** Keeps one sign on the page it should show. A change of its claims is on the sign before the call returns. */
export class SignRunner {
  readonly board: Signboard
  readonly #clock: Clock
  readonly #idle: LaidPage
  readonly #onTick: () => void
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #claims: readonly PagedClaim[] = []
  #state: SignState = DARK_SIGN
  #idleSince: number
  #onPanel: { readonly page: LaidPage; readonly index: number } | undefined

  /** `onTick` is called whenever the sign has been looked after: at every picture, and at least once a second. */
  constructor(board: Signboard, idle: LaidPage, clock: Clock, onTick: () => void) {
    this.board = board
    this.#idle = idle
    this.#clock = clock
    this.#onTick = onTick
    this.#idleSince = clock.mono()
  }

  /** Whose page is on the sign. */
  get owner(): string | undefined {
    return this.#state.turn?.owner
  }

  get claims(): readonly PagedClaim[] {
    return this.#claims
  }

  set claims(claims: readonly PagedClaim[]) {
    this.#claims = claims
    this.#refresh()
    this.#wake.abort()
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const nextMs = this.#refresh()
      if (this.#wake.signal.aborted) this.#wake = new AbortController()
      await this.#sleep(Math.ceil(Math.min(nextMs, LONGEST_WAIT_MS)), this.#wake.signal)
    }
  }

  /** Ends `run`; the idle page is put on the sign. */
  stop(): void {
    this.#stop.abort()
    this.claims = []
  }

  /** Puts the right picture on the sign and says in how many milliseconds it changes. */
  #refresh(): number {
    const now = this.#clock.mono()
    const wasIdle = this.#state.turn === undefined
    this.#state = advance(this.#state, this.#claims, now)
    const { turn } = this.#state
    if (turn === undefined && !wasIdle) this.#idleSince = now
    const page = turn?.page ?? this.#idle
    const elapsedMs = now - (turn?.since ?? this.#idleSince)
    const step = page.steps(elapsedMs, turn === undefined ? 0 : showingOf(turn))
    this.#put(page, step.index)
    this.#onTick()
    return Math.min(step.nextMs, page.durationMs - elapsedMs)
  }

  #put(page: LaidPage, index: number): void {
    if (this.#onPanel?.page === page && this.#onPanel.index === index) return
    this.#onPanel = { page, index }
    const { manner = PLAIN } = page
    this.board.show(page.draw(index), page.text, { ...manner, urgent: this.#isUrgent })
  }

  get #isUrgent(): boolean {
    const { owner } = this
    return (
      owner !== undefined && this.#claims.some((claim) => claim.owner === owner && claim.layer === 'alert')
    )
  }

  async #sleep(ms: number, wake: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(ms, wake)
    } catch (error) {
      if (!wake.aborted) throw error
    }
  }
}
