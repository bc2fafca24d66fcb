import { loadavg } from 'node:os'

type Promised = { readonly of: number; readonly unit: string; readonly below?: number }
type Row = Promised & { readonly what: string; readonly values: number[] }

/** What a rig measured and what it found broken, told as it comes and as a table at the end. */
export class Findings {
  readonly #rows: Row[] = []
  readonly #broken: string[] = []
  readonly #counts = new Map<string, number>()

  /** A row of figures; `below` is the promise that each of them has to keep, `of` the decimals shown. */
  row(what: string, promised: Promised): (value: number | undefined) => void {
    const values: number[] = []
    this.#rows.push({ what, values, ...promised })
    return (value) => {
      if (value === undefined) return
      values.push(value)
      if (promised.below !== undefined && value >= promised.below)
        this.broken(`${what}: ${value.toFixed(promised.of)} ${promised.unit}`)
    }
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  broken(what: string): void {
    console.log(`BROKEN ${what}`)
    this.#broken.push(what)
  }

  /** Prints the tables; answers the exit code. */
  close(title: string): 0 | 1 {
    const load = loadavg().map((each) => each.toFixed(1))
    console.log(`\n${title}; load average of the machine at the end ${load.join(' ')}`)
    if (this.#rows.some(({ values }) => values.length > 0))
      console.log(line('', 'n', 'median', 'p95', 'most', 'promise'))
    for (const { what, values, of, unit, below } of this.#rows) {
      if (values.length === 0) continue
      const sorted = values.toSorted((a, b) => a - b)
      const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(of)
      const promise = below === undefined ? '' : `< ${below} ${unit}`
      console.log(line(what, String(values.length), at(0.5), at(0.95), at(1), promise || unit))
    }
    for (const what of [...this.#counts.keys()].sort())
      console.log(line(what, String(this.#counts.get(what))))
    for (const each of this.#broken) console.log(`BROKEN ${each}`)
    console.log(this.#broken.length === 0 ? 'every promise kept' : `${this.#broken.length} promises broken`)
    return this.#broken.length === 0 ? 0 : 1
  }
}

const line = (what: string, ...cells: readonly string[]): string =>
  `${what.padEnd(44)}${cells.map((cell) => cell.padStart(9)).join('')}`.trimEnd()
