import type { Findings } from '../parts/findings.ts'
import type { LineChange } from './chip-trace.ts'
import { Ear } from './ear.ts'
import type { SoundSpan } from './sound-spans.ts'

/** From a level that was set to where the emulated card puts its sound into the file, and from there to here. */
const CARD_MS = 150

/** Times of the board between its relay and its sound, which are all that can be asserted of it: what it should be and a card. */
export const betweenMs = (
  frameAt: (at: number) => number,
  on: LineChange | undefined,
  off: LineChange | undefined,
  sound: SoundSpan,
): { readonly settleMs: number; readonly holdMs: number } => ({
  settleMs: on === undefined ? Number.NaN : Ear.ms(sound.from - frameAt(on.at)),
  holdMs: off === undefined ? Number.NaN : Ear.ms(frameAt(off.at) - sound.to),
})

/** Says what was wanted and what was found, and keeps count. */
export class Judge {
  readonly #findings: Findings
  #pass = ''

  constructor(findings: Findings) {
    this.#findings = findings
  }

  begin(pass: string): void {
    this.#pass = pass
  }

  is(what: string, found: unknown, wanted: unknown): void {
    const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
    if (a === b) console.log(`  ${this.#pass}: ${what}: ${a}`)
    else this.#findings.broken(`${this.#pass}: ${what}: ${a}, not ${b}`)
  }

  /** Of the board's own time: no sooner, and no later than an emulated card may be. */
  follows(what: string, foundMs: number, wantedMs: number): void {
    const well = foundMs >= wantedMs - CARD_MS && foundMs <= wantedMs + 2 * CARD_MS
    const text = `${this.#pass}: ${what}: ${foundMs.toFixed(0)} ms of the board's time, of ${wantedMs} ms`
    if (well) console.log(`  ${text}`)
    else this.#findings.broken(text)
  }

  atLeast(what: string, found: number | undefined, wanted: number): void {
    const text = `${this.#pass}: ${what}: ${found ?? 'nothing'}, at least ${wanted} wanted`
    if (found !== undefined && found >= wanted) console.log(`  ${text}`)
    else this.#findings.broken(text)
  }
}
