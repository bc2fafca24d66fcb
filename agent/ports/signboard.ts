import type { PageMode } from '../core/documents.ts'
import type { Rgb } from '../core/sign/color.ts'
import type { SignProof } from '../core/sign/proof.ts'

/** RGB888, row by row from the top left; `width * height * 3` bytes. */
export type Frame = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

export type SignHealth = { readonly ok: boolean; readonly message: string }

/** `raster`: pixels, correct in every language. `text`: its controller draws the text itself, in the letters it has. */
export type SignContentKind = 'raster' | 'text'

/** How a page is meant. A controller that draws text moves and colours it itself; one that stores pages writes an urgent one at once. */
export type PageManner = {
  readonly mode: PageMode
  readonly color: Rgb
  /** It belongs to an alert. */
  readonly urgent: boolean
}

/** One LED panel. */
export interface Signboard extends AsyncDisposable {
  readonly id: string
  readonly width: number
  readonly height: number
  /** Frames a second its link carries; the page engine scrolls on the host at 15 or more, and flips pages below. */
  readonly framesPerSecond: number
  readonly takes: SignContentKind
  /** Characters of a page that its controller draws; more are not laid out. */
  readonly longestText?: number | undefined
  readonly health: SignHealth
  /** How it is known that the panel has what it was shown last. */
  readonly proof: SignProof
  /**
   * Puts a frame on the panel; `text` is the whole text of the page it belongs to, empty when cleared.
   * A newer call replaces one still waiting. Faults show in `health`, never as a throw.
   */
  show(frame: Frame, text: string, manner?: PageManner): void
  /** From now on in `percent` of full brightness; a panel that cannot be dimmed stays as it is. */
  dim(percent: number): void
}
