import type { Journal } from '../../agent/ports/journal.ts'

export class MemoryJournal implements Journal {
  readonly #closed: string[] = []
  #open = ''

  get isFresh(): boolean {
    return this.#open === ''
  }

  get openLength(): number {
    return this.#open.length
  }

  write(lines: readonly string[]): void {
    this.#open += `${lines.join('\n')}\n`
  }

  keep(): void {
    if (this.#open !== '') this.#closed.push(this.#open)
    this.#open = ''
  }

  stretches(): readonly string[] {
    return this.#open === '' ? this.#closed : [...this.#closed, this.#open]
  }
}
