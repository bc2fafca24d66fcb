import { createHash } from 'node:crypto'
import type { ReleasePlace, SlotsState, UpdateRequest } from '../../agent/core/update/slots.ts'
import type { UpdateDesk } from '../../agent/ports/update-desk.ts'

/** A desk in memory; `slotsNow` is what the updater has written, `asked` what it was asked. */
export class MemoryUpdateDesk implements UpdateDesk {
  running: ReleasePlace | undefined = 'package'
  slotsNow: SlotsState | undefined
  readonly asked: UpdateRequest[] = []
  onAsk: (request: UpdateRequest) => void = () => undefined
  #release: Uint8Array | undefined
  #held: Buffer = Buffer.alloc(0)
  #complete = false

  slots(): SlotsState | undefined {
    return this.slotsNow
  }

  release(): Uint8Array | undefined {
    return this.#release
  }

  async begin(release: Uint8Array): Promise<number> {
    if (this.#release === undefined || !Buffer.from(this.#release).equals(release)) {
      await this.clear()
      this.#release = release
    }
    return this.heldBytes()
  }

  heldBytes(): number {
    return this.#held.length
  }

  async receive(source: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of source) this.#held = Buffer.concat([this.#held, bytes])
  }

  async complete(sha256: string): Promise<boolean> {
    this.#complete = createHash('sha256').update(this.#held).digest('hex') === sha256
    if (!this.#complete) await this.discard()
    return this.#complete
  }

  isComplete(): boolean {
    return this.#complete
  }

  discard(): Promise<void> {
    this.#held = Buffer.alloc(0)
    this.#complete = false
    return Promise.resolve()
  }

  clear(): Promise<void> {
    this.#release = undefined
    return this.discard()
  }

  ask(request: UpdateRequest): Promise<void> {
    this.asked.push(request)
    this.onAsk(request)
    return Promise.resolve()
  }
}
