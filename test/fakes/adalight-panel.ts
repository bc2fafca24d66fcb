import { inspectFrame } from '../../drivers/signboard/adalight/frame.ts'
import { Scanner } from '../../drivers/signboard/line/scanner.ts'

/** The receiving end of an Adalight line: takes bytes as they come and keeps the pixels of every frame. */
export class AdalightPanel {
  /** Pixels of every frame shown, in the order of the strip. */
  readonly shown: Uint8Array[] = []
  readonly #scanner = new Scanner(inspectFrame)

  readonly feed = (bytes: Uint8Array): void => {
    this.shown.push(...this.#scanner.feed(bytes))
  }

  get last(): Uint8Array | undefined {
    return this.shown.at(-1)
  }
}
