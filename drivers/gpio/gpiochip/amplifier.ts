import type { AmplifierConfig } from '../../../agent/core/configuration.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { Amplifier } from '../../../agent/ports/amplifier.ts'
import type { GpioKernel } from './kernel.ts'
import { type HeldLine, holdLine } from './line.ts'

export type GpiochipAmplifierConfig = Extract<AmplifierConfig, { driver: 'gpiochip' }>

/**
 * A relay on the GPIO character device. Each relay is a request of its own, not one request for all lines
 * of a chip: a line that another program holds, or that is mistyped, then costs one relay and not all four,
 * and each amplifier can be closed and forced open without the others.
 */
export class GpiochipAmplifier implements Amplifier {
  readonly id: string
  readonly #relay: HeldLine
  readonly #feedback: HeldLine | undefined
  #closed = false

  /** @throws AMPLIFIER when a line cannot be had, or the relay's line reads active though driven inactive */
  constructor(config: GpiochipAmplifierConfig, kernel: GpioKernel) {
    this.id = config.id
    this.#relay = holdLine(kernel, config, 'outputOff')
    try {
      this.#verify(false)
      this.#feedback = config.feedback && holdLine(kernel, config.feedback, 'input')
    } catch (thrown) {
      this.#relay.close()
      throw thrown
    }
  }

  get hasContact(): boolean {
    return this.#feedback !== undefined
  }

  set(on: boolean): void {
    if (this.#closed) throw new LoaError('AMPLIFIER', `amplifier ${this.id} is closed`)
    this.#relay.set(on)
    this.#verify(on)
  }

  read(): boolean | undefined {
    if (this.#closed) return undefined
    try {
      return (this.#feedback ?? this.#relay).get()
    } catch {
      // A chip that went away has nothing to read; `set` is where its loss is reported.
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      // What the kernel does with an output that nobody holds differs from board to board.
      this.#relay.set(false)
      this.#verify(false)
    } finally {
      this.#relay.close()
      this.#feedback?.close()
    }
  }

  #verify(on: boolean): void {
    if (this.#relay.get() === on) return
    const [is, driven] = on ? ['inactive', 'active'] : ['active', 'inactive']
    throw new LoaError('AMPLIFIER', `${this.#relay.name} reads ${is} though driven ${driven}`)
  }
}
