type Known = { readonly id: string; readonly iat: string }

const KEPT = 4096

/**
 * The commands taken in this boot. Memory is bounded without forgetting any: of those that no longer fit only the newest
 * `iat` is kept, and whatever is not newer counts as seen.
 */
export class SeenCommands {
  readonly #kept: number
  readonly #issued = new Map<string, number>()
  #forgotten = Number.NEGATIVE_INFINITY

  constructor(kept = KEPT) {
    this.#kept = kept
  }

  has({ id, iat }: Known): boolean {
    return this.#issued.has(id) || Date.parse(iat) <= this.#forgotten
  }

  /** Only of a command that is carried out: what anybody may send must not push others out. */
  add({ id, iat }: Known): void {
    this.#issued.set(id, Date.parse(iat))
    if (this.#issued.size <= this.#kept) return
    const [oldest] = [...this.#issued].reduce((a, b) => (b[1] < a[1] ? b : a))
    this.#forgotten = Math.max(this.#forgotten, this.#issued.get(oldest) ?? this.#forgotten)
    this.#issued.delete(oldest)
  }
}
