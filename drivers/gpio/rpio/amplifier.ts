import type { Rpio } from 'rpio'
import type { AmplifierConfig } from '../../../agent/core/configuration.ts'
import { LoaError, messageOf } from '../../../agent/core/error.ts'
import type { Amplifier } from '../../../agent/ports/amplifier.ts'

export type RpioAmplifierConfig = Extract<AmplifierConfig, { driver: 'rpio' }>

/** Boards with a BCM2835 to BCM2711. rpio takes any `Raspberry Pi …`, a Pi 5 included, where it writes to registers that are not there. */
const SUPPORTED = /^Raspberry Pi (?:Zero\b|Model [AB]\b|[234] Model\b|400\b|Compute Module (?:Rev|[34]))/

/** @throws UNSUPPORTED on anything but a Raspberry Pi 0 to 4 */
export const requireRpioBoard = (model: string): void => {
  if (SUPPORTED.test(model)) return
  const board = model === '' ? 'a machine without a device tree' : model
  throw new LoaError(
    'UNSUPPORTED',
    `driver rpio works on Raspberry Pi 0 to 4 only, this is ${board}: use driver gpiochip`,
  )
}

const initialised = new WeakSet<Rpio>()

const WITHOUT_GPIOMEM =
  '; this kernel has no /dev/gpiomem, and /dev/mem takes root and the kernel option iomem=relaxed: use driver gpiochip'

/** rpio falls back to a mock that does nothing on boards it does not know, with no more than a warning. */
const initialise = (rpio: Rpio, gpiomem: boolean): void => {
  if (initialised.has(rpio)) return
  const warnings: string[] = []
  const note = (message: string): void => {
    warnings.push(message)
  }
  rpio.on('warn', note)
  try {
    rpio.init({ gpiomem, mapping: 'gpio', close_on_exit: false })
  } catch (cause) {
    const advice = gpiomem ? '' : WITHOUT_GPIOMEM
    const message = `rpio cannot reach the GPIO registers: ${messageOf(cause)}${advice}`
    throw new LoaError('UNSUPPORTED', message, { cause })
  } finally {
    rpio.off('warn', note)
  }
  if (warnings.length > 0)
    throw new LoaError('UNSUPPORTED', `rpio would only pretend: ${warnings.join('; ')}`)
  initialised.add(rpio)
}

/** A relay on a GPIO of a Raspberry Pi 0 to 4, through the registers. Nothing keeps another program off the same line. */
export class RpioAmplifier implements Amplifier {
  readonly id: string
  readonly hasContact = false
  readonly #rpio: Rpio
  readonly #line: number
  readonly #activeLow: boolean
  #closed = false

  /**
   * @param gpiomem the kernel offers the GPIO registers by themselves, as that of Raspberry Pi OS does; else all of /dev/mem is taken
   * @throws UNSUPPORTED when rpio would only pretend. @throws AMPLIFIER when the line cannot be driven
   */
  constructor(config: RpioAmplifierConfig, rpio: Rpio, gpiomem = true) {
    this.id = config.id
    this.#rpio = rpio
    this.#line = config.line
    this.#activeLow = config.activeLow
    initialise(rpio, gpiomem)
    // The level is written before the pin becomes an output: no glitch.
    this.#call(() => rpio.open(config.line, rpio.OUTPUT, this.#level(false)))
    this.#verify(false)
  }

  set(on: boolean): void {
    if (this.#closed) throw new LoaError('AMPLIFIER', `amplifier ${this.id} is closed`)
    this.#call(() => this.#rpio.write(this.#line, this.#level(on)))
    this.#verify(on)
  }

  read(): boolean | undefined {
    return this.#closed ? undefined : this.#isOn()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    try {
      this.set(false)
    } finally {
      this.#closed = true
      // As an input the pin would float; preserved, it goes on holding the relay open.
      this.#rpio.close(this.#line, this.#rpio.PIN_PRESERVE)
    }
  }

  #level(on: boolean): 0 | 1 {
    return on === this.#activeLow ? this.#rpio.LOW : this.#rpio.HIGH
  }

  #isOn(): boolean {
    return this.#rpio.read(this.#line) === this.#level(true)
  }

  #call(action: () => void): void {
    try {
      action()
    } catch (cause) {
      throw new LoaError('AMPLIFIER', `GPIO ${this.#line}: ${messageOf(cause)}`, { cause })
    }
  }

  #verify(on: boolean): void {
    if (this.#isOn() === on) return
    const [is, driven] = on ? ['inactive', 'active'] : ['active', 'inactive']
    throw new LoaError('AMPLIFIER', `GPIO ${this.#line} reads ${is} though driven ${driven}`)
  }
}
