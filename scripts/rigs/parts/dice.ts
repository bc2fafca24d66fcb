import { seeded } from '../../../test/rig/seeded.ts'

/** Throws that can be thrown again with the same seed. */
export class Dice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.#random() * (to - from)
  }

  oneOf<T>(first: T, ...rest: readonly T[]): T {
    return [first, ...rest][Math.floor(this.between(0, 1 + rest.length))] ?? first
  }
}
