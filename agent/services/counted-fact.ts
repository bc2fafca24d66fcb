import type { Facts } from '../ports/state-store.ts'

/**
 * A fact led by the count of its changes: of two memories of it, state.db and its mirror, the one that changed
 * more often is the newer.
 */
export class CountedFact<Value> {
  readonly #facts: Facts
  readonly #name: string
  #count = 0
  #value: Value | undefined

  constructor(facts: Facts, name: string) {
    this.#facts = facts
    this.#name = name
    const text = facts.get(name)
    if (text === undefined) return
    const space = text.indexOf(' ')
    this.#count = Number(text.slice(0, space))
    this.#value = JSON.parse(text.slice(space + 1)) ?? undefined
  }

  get value(): Value | undefined {
    return this.#value
  }

  /** In force before it is stored; durable when this returns. @throws DISK_FULL, DATABASE, IO */
  set(value: Value | undefined): void {
    this.#count += 1
    this.#value = value
    this.#facts.set(this.#name, `${this.#count} ${JSON.stringify(value ?? null)}`)
  }
}
