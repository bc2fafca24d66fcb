import type { Amplifier } from '../../agent/ports/amplifier.ts'

/** A loudspeaker without a relay: always powered, nothing to switch, nothing to read. */
export class NoneAmplifier implements Amplifier {
  readonly id: string
  readonly hasContact = false

  constructor(id: string) {
    this.id = id
  }

  set(_on: boolean): void {
    // Nothing to switch.
  }

  read(): undefined {
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing to let go of.
  }
}
