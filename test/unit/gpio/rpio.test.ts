import { describe, expect, it } from 'vitest'
import { RpioAmplifier, requireRpioBoard } from '../../../drivers/gpio/rpio/amplifier.ts'
import { loadRpio, readBoardModel } from '../../../drivers/gpio/rpio/load.ts'
import { stubRpio } from '../../fakes/rpio.ts'

const config = {
  id: 'main',
  driver: 'rpio',
  line: 17,
  activeLow: true,
  settleMs: 800,
  holdMs: 500,
  minOffMs: 2000,
  maxOnMinutes: 240,
} as const
const unsupported = (message: string) =>
  expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(message) })

describe('rpio', () => {
  it.each([
    'Raspberry Pi Zero W Rev 1.1',
    'Raspberry Pi Zero 2 W Rev 1.0',
    'Raspberry Pi Model B Plus Rev 1.2',
    'Raspberry Pi 2 Model B Rev 1.1',
    'Raspberry Pi 3 Model B Plus Rev 1.3',
    'Raspberry Pi 4 Model B Rev 1.4',
    'Raspberry Pi 400 Rev 1.0',
    'Raspberry Pi Compute Module Rev 1.0',
    'Raspberry Pi Compute Module 4 Rev 1.1',
  ])('is used on %s', (model) => {
    expect(() => requireRpioBoard(model)).not.toThrow()
  })

  it.each([
    'Raspberry Pi 5 Model B Rev 1.0',
    'Raspberry Pi 500 Rev 1.0',
    'Raspberry Pi Compute Module 5 Rev 1.0',
    'OrangePi Zero3',
    'linux,dummy-virt',
    '',
  ])('is refused on "%s", with the driver to use instead', (model) => {
    expect(() => requireRpioBoard(model)).toThrow(unsupported('use driver gpiochip'))
  })

  it('is refused where it would only pretend', () => {
    const { rpio, calls, events } = stubRpio(true)
    expect(() => new RpioAmplifier(config, rpio)).toThrow(unsupported('raspi-3 mock mode'))
    expect(calls.open.callCount).toBe(0)
    expect(events.listenerCount('warn')).toBe(0)
  })

  it('takes all of the memory where the kernel does not offer the registers by themselves', async () => {
    const { rpio, calls } = stubRpio()
    await using _amplifier = new RpioAmplifier(config, rpio, false)
    expect(calls.init.args).toEqual([[{ gpiomem: false, mapping: 'gpio', close_on_exit: false }]])
  })

  it('says what that takes when it may not', () => {
    const { rpio } = stubRpio()
    const init = (): never => {
      throw new Error('Could not initialize bcm2835')
    }
    expect(() => new RpioAmplifier(config, { ...rpio, init }, false)).toThrow(
      unsupported('iomem=relaxed: use driver gpiochip'),
    )
  })

  it('is set up once for several relays, by GPIO number and without its own clean-up', async () => {
    const { rpio, calls } = stubRpio()
    await using first = new RpioAmplifier(config, rpio)
    await using second = new RpioAmplifier({ ...config, id: 'second', line: 27 }, rpio)
    expect([first.id, second.id]).toEqual(['main', 'second'])
    expect(calls.init.args).toEqual([[{ gpiomem: true, mapping: 'gpio', close_on_exit: false }]])
  })

  it('opens the pin at its inactive level and lets go of it still driven', async () => {
    const { rpio, calls } = stubRpio()
    const amplifier = new RpioAmplifier(config, rpio)
    expect(calls.open.args).toEqual([[17, 1, 1]])
    await amplifier[Symbol.asyncDispose]()
    expect(calls.write.lastCall.args).toEqual([17, 1])
    expect(calls.close.args).toEqual([[17, 0]])
  })

  it('reports a pin that does not follow', async () => {
    const { rpio, levels } = stubRpio()
    await using amplifier = new RpioAmplifier(config, { ...rpio, read: () => 1 })
    levels.set(17, 1)
    expect(() => amplifier.set(true)).toThrow('reads inactive though driven active')
  })

  it('that is not built is refused with the command that builds it', async () => {
    const missing = new Error('Could not locate the bindings file. Tried:\n → /x/build/rpio.node')
    await expect(loadRpio(() => Promise.reject(missing))).rejects.toThrow(
      unsupported('npm rebuild rpio --ignore-scripts=false'),
    )
  })

  it('learns no board from a machine without a device tree', () => {
    expect(readBoardModel('/nonexistent/model')).toBe('')
  })
})
