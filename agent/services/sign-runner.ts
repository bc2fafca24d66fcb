import { lightsDarkHours } from '../core/sign/claim.ts'
import { AMBER } from '../core/sign/color.ts'
import type { Light } from '../core/sign/light.ts'
import { darkPage, type LaidPage } from '../core/sign/page.ts'
import { type Raster, sameRaster } from '../core/sign/raster.ts'
import { advance, DARK_SIGN, type PagedClaim, type SignState, showingOf } from '../core/sign/turns.ts'
import type { Clock } from '../ports/clock.ts'
import type { Signboard } from '../ports/signboard.ts'

/** Health, light and page ends are looked at no later than this. */
const LONGEST_WAIT_MS = 1000
const PLAIN = { mode: 'still', color: AMBER } as const

export type SignRunnerOptions = {
  readonly board: Signboard
  /** Take turns while nobody has the sign; dark when there are none. */
  readonly idle: readonly LaidPage[]
  readonly light: () => Light
  readonly clock: Clock
  /** Called whenever the sign has been looked after: at every picture, and at least once a second. */
  readonly onTick: () => void
}

/** Keeps one sign on the page it should show. A change of its claims is on the sign before the call returns. */
export class SignRunner {
  readonly board: Signboard
  readonly #options: SignRunnerOptions
  readonly #dark: LaidPage
  readonly #idle: readonly PagedClaim[]
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #claims: readonly PagedClaim[] = []
  #state: SignState = DARK_SIGN
  #light: { readonly at: number; readonly light: Light } | undefined
  #onPanel: { readonly page: LaidPage; readonly index: number; readonly raster: Raster } | undefined

  constructor(options: SignRunnerOptions) {
    this.board = options.board
    this.#options = options
    this.#dark = darkPage(options.board)
    this.#idle =
      options.idle.length === 0 ? [] : [{ owner: '', layer: 'idle', class: 'normal', pages: options.idle }]
  }

  /** Whose page is on the sign. */
  get owner(): string | undefined {
    const { turn } = this.#state
    return turn?.pages === this.#options.idle ? undefined : turn?.owner
  }

  /** What is on the sign as it was sent; undefined before the first picture. */
  get picture(): { readonly text: string; readonly raster: Raster } | undefined {
    return this.#onPanel && { text: this.#onPanel.page.text, raster: this.#onPanel.raster }
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

  /** Ends `run`; the sign is left dark. */
  stop(): void {
    this.#stop.abort()
    this.claims = []
  }

  /** Puts the right picture on the sign and says in how many milliseconds it changes. */
  #refresh(): number {
    const now = this.#options.clock.mono()
    this.#state = advance(this.#state, this.#inSight(now), now)
    const { turn } = this.#state
    if (turn === undefined) this.#put(this.#dark, 0)
    const nextMs = turn === undefined ? Number.POSITIVE_INFINITY : this.#step(turn, now)
    this.#options.onTick()
    return nextMs
  }

  #step(turn: NonNullable<SignState['turn']>, now: number): number {
    const elapsedMs = now - turn.since
    const step = turn.page.steps(elapsedMs, showingOf(turn))
    this.#put(turn.page, step.index)
    return Math.min(step.nextMs, turn.page.durationMs - elapsedMs)
  }

  /** The claims that may light the sign now, and the idle pages below them. */
  #inSight(now: number): readonly PagedClaim[] {
    if (this.#stop.signal.aborted) return []
    const all = [...this.#claims, ...this.#idle]
    return this.#lightNow(now).dark ? all.filter(lightsDarkHours) : all
  }

  /** Looked at each second. */
  #lightNow(now: number): Light {
    const before = this.#light
    if (before !== undefined && now - before.at < LONGEST_WAIT_MS) return before.light
    const light = this.#options.light()
    this.#light = { at: now, light }
    // Said at the start too: a controller remembers the last evening.
    if (light.percent !== before?.light.percent) this.board.dim(light.percent)
    return light
  }

  /** What is on the sign already is not sent again. */
  #put(page: LaidPage, index: number): void {
    const before = this.#onPanel
    if (before?.page === page && before.index === index) return
    const raster = page.draw(index)
    this.#onPanel = { page, index, raster }
    const same = before?.page.text === page.text && sameRaster(before.raster, raster)
    // A controller that draws text is given the page: its picture says nothing.
    if (same && this.board.takes === 'raster') return
    const { manner = PLAIN } = page
    this.board.show(raster, page.text, { ...manner, urgent: this.#isUrgent })
  }

  get #isUrgent(): boolean {
    const { owner } = this
    return (
      owner !== undefined && this.#claims.some((claim) => claim.owner === owner && claim.layer === 'alert')
    )
  }

  async #sleep(ms: number, wake: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, wake)
    } catch (error) {
      if (!wake.aborted) throw error
    }
  }
}
