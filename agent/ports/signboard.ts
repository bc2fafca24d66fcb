/** RGB888, row by row from the top left; `width * height * 3` bytes. */
export type Frame = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

export type SignHealth = { readonly ok: boolean; readonly message: string }

/** One LED panel that takes raster frames. */
export interface Signboard extends AsyncDisposable {
  readonly id: string
  readonly width: number
  readonly height: number
  /** Frames a second its link carries; the page engine scrolls on the host at 15 or more, and flips pages below. */
  readonly framesPerSecond: number
  readonly health: SignHealth
  /** Puts a frame on the panel; `text` is the whole text of the page it belongs to, empty when cleared. A newer call replaces one still waiting. Faults show in `health`, never as a throw. */
  show(frame: Frame, text: string): void
}
