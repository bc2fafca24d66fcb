import type { LineChange } from './chip-trace.ts'

const WRITE =
  /^\d+@(\d+\.\d+):memory_region_ops_write cpu \d+ mr \S+ addr 0x([0-9a-f]+) value 0x([0-9a-f]+) size 4 name 'bcm2835_gpio'$/
const OFFSET = 0xff
const SELECT_END = 0x18
const SET = 0x1c
const CLEAR = 0x28
const LINES_A_SELECT = 10
const OUTPUT = 1
const LINES = 32

/**
 * The GPIO of a BCM2835 as its registers are written: function select, set, clear of the first 32 lines. A line that is no
 * output drives nothing.
 * @see BCM2835 ARM Peripherals, chapter 6
 */
export class Bcm2835Pins {
  readonly #isOutput: boolean[] = Array.from({ length: LINES }, () => false)
  readonly #isSet: boolean[] = Array.from({ length: LINES }, () => false)

  /** Lines that are driven high, or not any more, by what this line of qemu's log tells of. */
  changesIn(text: string): readonly LineChange[] {
    const [, seconds, address, value] = WRITE.exec(text) ?? []
    if (seconds === undefined || address === undefined || value === undefined) return []
    const before = this.#high
    this.#write(Number.parseInt(address, 16) & OFFSET, Number.parseInt(value, 16))
    return this.#high.flatMap((high, line) =>
      high === before[line] ? [] : [{ at: Number(seconds) * 1000, line, high }],
    )
  }

  get #high(): readonly boolean[] {
    return this.#isSet.map((set, line) => set && this.#isOutput[line] === true)
  }

  #write(offset: number, value: number): void {
    if (offset < SELECT_END) this.#select((offset / 4) * LINES_A_SELECT, value)
    for (let line = 0; line < LINES; line += 1) {
      if (((value >>> line) & 1) === 0) continue
      if (offset === SET) this.#isSet[line] = true
      if (offset === CLEAR) this.#isSet[line] = false
    }
  }

  #select(first: number, value: number): void {
    for (let i = 0; i < LINES_A_SELECT && first + i < LINES; i += 1)
      this.#isOutput[first + i] = ((value >>> (3 * i)) & 7) === OUTPUT
  }
}
