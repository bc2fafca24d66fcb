import type { ImageRef, ProgrammeClass, SignContent } from '../core/documents.ts'
import { blinking } from '../core/sign/blink.ts'
import type { SignLayer } from '../core/sign/claim.ts'
import { FULL_LIGHT, type Light } from '../core/sign/light.ts'
import type { PagePanel, SignLook } from '../core/sign/look.ts'
import type { LaidPage, PageFault } from '../core/sign/page.ts'
import { layPages } from '../core/sign/pages.ts'
import type { Picture } from '../core/sign/picture.ts'
import type { SignProof } from '../core/sign/proof.ts'
import type { SignPicture } from '../core/sign/sign-picture.ts'
import type { PagedClaim } from '../core/sign/turns.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Signboard, SignHealth } from '../ports/signboard.ts'
import { SignRunner } from './sign-runner.ts'
import { ShownTime, type SignReport } from './sign-shown-time.ts'

export type SignControlOptions = {
  /** The open signs of the board, in its order; may be none. They are closed with the control. */
  readonly signboards: readonly Signboard[]
  readonly clock: Clock
  readonly logger: Logger
  /** How a sign shows its pages; plain when absent. */
  readonly lookOf?: (sign: string) => SignLook | undefined
  /** What a sign shows while nobody has it; a dark panel when absent. */
  readonly idlePages?: (sign: string, panel: PagePanel) => readonly LaidPage[]
  /** A picture in the size of a panel; none can be shown when absent. `mediaChanged` is to be called when one that waited is ready. */
  readonly pictureFor?: (image: ImageRef, panel: PagePanel) => Picture | 'waiting' | 'bad'
  /** Full by day and night when absent. */
  readonly lightOf?: (sign: string) => Light
  /** A sign stopped or began to work. Every sign counts as working until it is found not to. */
  readonly onHealth: (sign: string, health: SignHealth) => void
  /** A sign begins or ceases to have something to show. */
  readonly onUse?: (sign: string, inUse: boolean) => void
  /** Something of a content cannot be shown as asked; once for each content and sign. */
  readonly onPageFault: (owner: string, sign: string, fault: PageFault) => void
  /** A fault of the control itself: the agent cannot go on. */
  readonly onFailure: (error: unknown) => void
}

type Held = {
  readonly content: SignContent
  readonly layer: SignLayer
  readonly class: ProgrammeClass
  readonly laid: Laid
}

type Laid = {
  /** Pages by sign id, for the signs that are named, are there and can show at least one. */
  readonly pages: ReadonlyMap<string, readonly LaidPage[]>
  /** Pictures of it are not ready yet. */
  readonly waiting: boolean
}

/** Shows on every sign what has the first claim to it, page by page, and knows how long each owner's pages were seen. */
export class SignControl implements AsyncDisposable {
  readonly #options: SignControlOptions
  readonly #runners: readonly SignRunner[]
  readonly #held = new Map<string, Held>()
  readonly #shown = new ShownTime()
  readonly #working = new Map<string, boolean>()
  readonly #running: readonly Promise<void>[]

  constructor(options: SignControlOptions) {
    this.#options = options
    this.#runners = options.signboards.map((board) => {
      const { lightOf, idlePages, clock } = options
      return new SignRunner({
        board,
        idle: idlePages?.(board.id, this.#panelOf(board)) ?? [],
        light: () => lightOf?.(board.id) ?? FULL_LIGHT,
        clock,
        onTick: () => this.#observe(),
      })
    })
    this.#running = this.#runners.map((runner) => runner.run().catch(options.onFailure))
  }

  /** The signs of this board that a content means: the named ones that are there, or all. */
  signsOf(content: SignContent): readonly string[] {
    return this.#runners
      .map((runner) => runner.board.id)
      .filter((id) => content.signs === undefined || content.signs.includes(id))
  }

  /**
   * Shows a content until `clear`, as far as nothing of more right has its signs. Called again for the same owner
   * it changes the layer or the content; pages of an unchanged content go on where they are.
   */
  show(
    owner: string,
    content: SignContent,
    layer: SignLayer,
    programmeClass: ProgrammeClass = 'normal',
  ): void {
    const before = this.#held.get(owner)
    const same =
      before !== undefined &&
      sameContent(before.content, content) &&
      (before.layer === 'alert') === (layer === 'alert')
    const laid = same ? before.laid : this.#lay(owner, content, layer)
    this.#held.set(owner, { content, layer, class: programmeClass, laid })
    this.#shown.open(owner, this.signsOf(content))
    this.#claim()
  }

  /** Pictures that were waited for may be here: they get their turn. What is shown goes on where nothing came. */
  mediaChanged(): void {
    for (const [owner, held] of this.#held) {
      if (!held.laid.waiting) continue
      const laid = this.#lay(owner, held.content, held.layer)
      if (laid.waiting && pageCount(laid) === pageCount(held.laid)) continue
      this.#held.set(owner, { ...held, laid })
      this.#claim()
    }
  }

  /** Takes an owner's pages off; what is underneath comes back. Without effect for an owner that has none. */
  clear(owner: string): SignReport {
    if (this.#held.delete(owner)) this.#claim()
    return this.#shown.close(owner, this.#options.clock.mono())
  }

  /** What became of the owner's pages so far. */
  report(owner: string): SignReport {
    return this.#shown.report(owner, this.#options.clock.mono())
  }

  /** Seconds that the owner's pages were on at least one working sign so far. */
  shownSeconds(owner: string): number {
    return this.report(owner).shownSeconds
  }

  /** Health by sign id, as it stands. */
  health(): Readonly<Record<string, 'ok' | 'fault'>> {
    return Object.fromEntries(
      this.#runners.map(({ board }) => [board.id, board.health.ok ? 'ok' : 'fault'] as const),
    )
  }

  /** Of the signs that work, how it is known that they show what they should. */
  proofs(): Readonly<Record<string, SignProof>> {
    const working = this.#runners.filter(({ board }) => board.health.ok)
    return Object.fromEntries(working.map(({ board }) => [board.id, board.proof] as const))
  }

  /** What every sign was sent last, to be looked at from afar. */
  pictures(): readonly SignPicture[] {
    return this.#runners.map(({ board, picture }) => ({
      id: board.id,
      takes: board.takes,
      ok: board.health.ok,
      proof: board.proof,
      ...(picture === undefined ? { text: '' } : picture),
    }))
  }

  /** Puts the idle page on every sign and closes them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#held.clear()
    for (const runner of this.#runners) runner.stop()
    await Promise.all(this.#running)
    await Promise.all(this.#runners.map((runner) => runner.board[Symbol.asyncDispose]()))
  }

  /** What pages are laid out for. */
  #panelOf({ id, width, height, framesPerSecond, takes }: Signboard): PagePanel {
    const look = this.#options.lookOf?.(id)
    return { width, height, framesPerSecond, takes, ...(look === undefined ? {} : { look }) }
  }

  #lay(owner: string, content: SignContent, layer: SignLayer): Laid {
    const { pictureFor } = this.#options
    const laid = new Map<string, readonly LaidPage[]>()
    let waits = false
    const meant = this.signsOf(content)
    for (const { board } of this.#runners) {
      if (!meant.includes(board.id)) continue
      const panel = this.#panelOf(board)
      const { pages, faults, waiting } = layPages(content.pages, panel, (image) =>
        pictureFor === undefined ? 'bad' : pictureFor(image, panel),
      )
      const blinks = layer === 'alert' && panel.look?.alerts === 'blink'
      if (pages.length > 0) laid.set(board.id, blinks ? pages.map(blinking) : pages)
      for (const fault of faults) this.#reportFault(owner, board.id, fault)
      waits ||= waiting
    }
    return { pages: laid, waiting: waits }
  }

  #reportFault(owner: string, sign: string, fault: PageFault): void {
    this.#options.logger.warn({ owner, sign, fault }, 'a page cannot be shown as asked')
    this.#options.onPageFault(owner, sign, fault)
  }

  /** Gives every sign its claims anew; the signs act at once. */
  #claim(): void {
    for (const runner of this.#runners) {
      const claims = this.#claimsOn(runner.board.id)
      const wasInUse = runner.claims.length > 0
      if (claims.length === 0 && !wasInUse) continue
      runner.claims = claims
      if (wasInUse !== claims.length > 0) this.#options.onUse?.(runner.board.id, !wasInUse)
    }
  }

  #claimsOn(sign: string): readonly PagedClaim[] {
    return [...this.#held].flatMap(([owner, { layer, class: programmeClass, laid }]) => {
      const own = laid.pages.get(sign)
      return own === undefined ? [] : [{ owner, layer, class: programmeClass, pages: own }]
    })
  }

  #observe(): void {
    const visible = new Set<string>()
    const served = new Set<string>()
    for (const { board, owner, claims } of this.#runners) {
      this.#noteHealth(board)
      if (!board.health.ok) continue
      if (owner !== undefined) visible.add(owner)
      for (const claim of claims) served.add(claim.owner)
    }
    this.#shown.observe(this.#options.clock.mono(), visible, served)
  }

  #noteHealth(board: Signboard): void {
    const { health } = board
    if ((this.#working.get(board.id) ?? true) === health.ok) return
    this.#working.set(board.id, health.ok)
    this.#options.logger.warn(
      { sign: board.id, ...health },
      health.ok ? 'the sign works' : 'the sign does not work',
    )
    this.#options.onHealth(board.id, health)
  }
}

const pageCount = ({ pages }: Laid): number =>
  [...pages.values()].reduce((sum, { length }) => sum + length, 0)

const sameContent = (a: SignContent, b: SignContent): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b)
