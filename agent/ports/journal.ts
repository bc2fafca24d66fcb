/**
 * What the arbiter was told, line by line, in stretches that each begin with a state. Bounded: of the stretches the oldest
 * go. What is written outlives the process at once; a power cut takes what was not kept.
 */
export interface Journal {
  /** A stretch is to be begun: the next line must hold a state. */
  readonly isFresh: boolean
  /** Characters of the stretch that is open. */
  readonly openLength: number
  /** Goes on with the open stretch. `inputs`: how many of the lines count. */
  write(lines: readonly string[], inputs: number): void
  /** The open stretch becomes durable, and another begins. A disk that refuses costs the stretch, never more. */
  keep(): void
  /** The text of each stretch, oldest first, the open one last. */
  stretches(): Iterable<string>
}
