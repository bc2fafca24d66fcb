import { LoaError } from '../../agent/core/error.ts'
import type { Amplifier } from '../../agent/ports/amplifier.ts'

/** A relay in memory; `fault`: it cannot be driven. `contact`: what the read-back says, if not the relay's own state. */
export class MemoryRelay implements Amplifier {
  readonly id: string
  hasContact = true
  on = false
  fault = false
  contact: boolean | undefined
  constructor(id: string) {
    this.id = id
  }
  set(on: boolean): void {
    if (this.fault) throw new LoaError('AMPLIFIER', `${this.id} cannot be driven`)
    this.on = on
  }
  read(): boolean | undefined {
    return this.contact ?? this.on
  }
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}
