import type { SignProof } from '../../agent/core/sign/proof.ts'
import type {
  Frame,
  PageManner,
  Signboard,
  SignContentKind,
  SignHealth,
} from '../../agent/ports/signboard.ts'

/** A sign that remembers what it was shown; a test sets its health. */
export class RecordingSignboard implements Signboard {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  health: SignHealth = { ok: true, message: 'fake' }
  readonly takes: SignContentKind
  proof: SignProof = 'sent'
  readonly frames: {
    readonly frame: Frame
    readonly text: string
    readonly manner: PageManner | undefined
  }[] = []
  readonly percents: number[] = []
  closed = false

  constructor(
    id: string,
    size = { width: 64, height: 16 },
    framesPerSecond = 30,
    takes: SignContentKind = 'raster',
  ) {
    this.id = id
    this.width = size.width
    this.height = size.height
    this.framesPerSecond = framesPerSecond
    this.takes = takes
  }

  show(frame: Frame, text: string, manner?: PageManner): void {
    this.frames.push({ frame, text, manner })
  }

  dim(percent: number): void {
    this.percents.push(percent)
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
