import type { Frame, Signboard, SignHealth } from '../../agent/ports/signboard.ts'

/** A sign that remembers what it was shown; a test sets its health. */
export class RecordingSignboard implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  health: SignHealth = { ok: true, message: 'fake' }
  readonly frames: { readonly frame: Frame; readonly text: string }[] = []
  closed = false

  constructor(id: string, size = { width: 64, height: 16 }, framesPerSecond = 30) {
    this.id = id
    this.width = size.width
    this.height = size.height
    this.framesPerSecond = framesPerSecond
  }

  show(frame: Frame, text: string): void {
    this.frames.push({ frame, text })
  }

  /** The page on the sign now. */
  get text(): string | undefined {
    return this.frames.at(-1)?.text
  }

  /** Every page in the order it came, repeated frames of a page left out. */
  get pages(): readonly string[] {
    return this.frames.map(({ text }) => text).filter((text, i, all) => text !== all[i - 1])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
  }
}
