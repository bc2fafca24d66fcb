import { chipIn, type LineChange, lineChangeIn } from './chip-trace.ts'

/** Reads off qemu's log what the lines of the PL061 do, from power on. */
export class LineWatch {
  readonly changes: LineChange[] = []
  /** Its place in the machine, once it was reset. */
  chip: string | undefined
  readonly #isHigh = new Set<number>()
  readonly #onChange: (change: LineChange) => void

  constructor(onChange: (change: LineChange) => void = () => undefined) {
    this.#onChange = onChange
  }

  trace(text: string): void {
    this.chip ??= chipIn(text)
    const change = lineChangeIn(text)
    // The reset at power on says of every line that it is low.
    if (change === undefined || change.high === this.#isHigh.has(change.line)) return
    if (change.high) this.#isHigh.add(change.line)
    else this.#isHigh.delete(change.line)
    this.changes.push(change)
    this.#onChange(change)
  }
}
