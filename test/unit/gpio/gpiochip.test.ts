import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { GpiochipAmplifier } from '../../../drivers/gpio/gpiochip/amplifier.ts'
import { openChip } from '../../../drivers/gpio/gpiochip/chip.ts'
import { encodeLineRequest, encodeValues } from '../../../drivers/gpio/gpiochip/uapi.ts'
import { FakeGpioKernel } from '../../fakes/gpio-kernel.ts'

const board = (): FakeGpioKernel =>
  new FakeGpioKernel()
    .addChip('gpiochip0', 'pinctrl-bcm2711', 58)
    .addChip('gpiochip1', 'raspberrypi-exp-gpio', 8)
const config = {
  id: 'main',
  driver: 'gpiochip',
  chip: 'pinctrl-bcm2711',
  line: 17,
  activeLow: false,
  settleMs: 800,
  holdMs: 500,
  minOffMs: 2000,
  maxOnMinutes: 240,
} as const
const feedback = { chip: 'pinctrl-bcm2711', line: 27, activeLow: true, withinMs: 200 }
const fault = (message: string) =>
  expect.objectContaining({ code: 'AMPLIFIER', message: expect.stringContaining(message) })

describe('the bytes sent to the kernel', () => {
  it('ask for one output with its inactive value, polarity and consumer in one request', () => {
    const expected = Buffer.alloc(592)
    expected[0] = 17
    expected.write('loa-agent', 256)
    expected[288] = 0x08 | 0x02
    expected[296] = 1
    expected[320] = 2
    expected[336] = 1
    expected[560] = 1
    const request = encodeLineRequest({ line: 17, activeLow: true, direction: 'outputOff' }, 'loa-agent')
    expect(request.equals(expected)).toBe(true)
  })

  it('ask for an input without any value', () => {
    const request = encodeLineRequest({ line: 27, activeLow: false, direction: 'input' }, 'loa-agent')
    expect(request.readBigUInt64LE(288)).toBe(4n)
    expect(request.readUInt32LE(296)).toBe(0)
  })

  it('name the first line of the request in the mask, whatever its number', () => {
    expect([...encodeValues(true)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    expect([...encodeValues(false)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  })

  it('keep 31 characters of the consumer', () => {
    const request = encodeLineRequest({ line: 1, activeLow: false, direction: 'input' }, 'x'.repeat(40))
    expect(request.toString('latin1', 256, 288)).toBe(`${'x'.repeat(31)}\0`)
  })
})

describe('a GPIO chip', () => {
  it('is found by its label and by its name', () => {
    expect(openChip(board(), 'raspberrypi-exp-gpio').name).toBe('gpiochip1')
    expect(openChip(board(), 'gpiochip1').label).toBe('raspberrypi-exp-gpio')
  })

  it('with a second name in /dev is one chip', () => {
    const kernel = new FakeGpioKernel()
      .addChip('gpiochip0', 'pinctrl-rp1', 54)
      .addAlias('gpiochip4', 'gpiochip0')
    expect(openChip(kernel, 'pinctrl-rp1').name).toBe('gpiochip0')
    expect(openChip(kernel, 'gpiochip4').name).toBe('gpiochip0')
    expect(kernel.openDescriptors).toBe(2)
  })

  it('whose label two chips carry is refused by name of both', () => {
    const kernel = new FakeGpioKernel()
      .addChip('gpiochip0', 'pca9555', 16)
      .addChip('gpiochip1', 'pca9555', 16)
    expect(() => openChip(kernel, 'pca9555')).toThrow(fault('gpiochip0, gpiochip1'))
    expect(kernel.openDescriptors).toBe(0)
  })

  it('that is not there is answered with those that are', () => {
    const kernel = board()
    expect(() => openChip(kernel, 'pinctrl-rp1')).toThrow(fault('gpiochip0 [pinctrl-bcm2711], gpiochip1'))
    expect(kernel.openDescriptors).toBe(0)
    expect(() => openChip(new FakeGpioKernel(), 'gpiochip0')).toThrow(fault('this machine has none'))
  })
})

describe('a relay on a GPIO line', () => {
  it.each([
    { activeLow: false, leftHigh: false, changes: [] },
    { activeLow: false, leftHigh: true, changes: ['low'] },
    { activeLow: true, leftHigh: false, changes: ['high'] },
    { activeLow: true, leftHigh: true, changes: [] },
  ])('never glitches on, whatever a dead process left: %o', async ({ activeLow, leftHigh, changes }) => {
    const kernel = board()
    kernel.line('gpiochip0', 17).high = leftHigh
    const amplifier = new GpiochipAmplifier({ ...config, activeLow }, kernel)
    await amplifier[Symbol.asyncDispose]()
    expect(kernel.changes).toEqual(changes)
  })

  it('is held under our name until it is let go, with no descriptor left behind', async () => {
    const kernel = board()
    const amplifier = new GpiochipAmplifier({ ...config, feedback }, kernel)
    expect(kernel.line('gpiochip0', 17).consumer).toBe('loa-agent')
    expect(kernel.openDescriptors).toBe(2)
    await amplifier[Symbol.asyncDispose]()
    expect(kernel.openDescriptors).toBe(0)
  })

  it('that another program holds is refused by the name of that program', () => {
    const kernel = board()
    kernel.line('gpiochip0', 17).consumer = 'sysfs'
    expect(() => new GpiochipAmplifier(config, kernel)).toThrow(
      fault('line 17 of gpiochip0 [pinctrl-bcm2711]: it is held by sysfs'),
    )
    expect(kernel.openDescriptors).toBe(0)
  })

  it('beyond the chip is refused with the number of lines there are', () => {
    expect(() => new GpiochipAmplifier({ ...config, line: 58 }, board())).toThrow(fault('has 58 lines only'))
  })

  it('shorted to its active level is refused when it is opened', () => {
    const kernel = board()
    Object.assign(kernel.line('gpiochip0', 17), { high: true, stuck: true })
    expect(() => new GpiochipAmplifier(config, kernel)).toThrow(fault('reads active though driven inactive'))
    expect(kernel.openDescriptors).toBe(0)
  })

  it('that does not follow says so when it is switched', async () => {
    const kernel = board()
    await using amplifier = new GpiochipAmplifier(config, kernel)
    kernel.line('gpiochip0', 17).stuck = true
    expect(() => amplifier.set(true)).toThrow(fault('reads inactive though driven active'))
  })

  it('reports a chip that went away when it is switched', async () => {
    const kernel = board()
    await using amplifier = new GpiochipAmplifier(config, kernel)
    kernel.failNextSet = constants.errno.ENODEV
    expect(() => amplifier.set(true)).toThrow(fault('ENODEV'))
  })

  it('lets go of everything even when it cannot be driven off any more, and says so', async () => {
    const kernel = board()
    const amplifier = new GpiochipAmplifier({ ...config, feedback }, kernel)
    kernel.failNextSet = constants.errno.ENODEV
    await expect(amplifier[Symbol.asyncDispose]()).rejects.toThrow('ENODEV')
    expect(kernel.openDescriptors).toBe(0)
  })

  it('reads its feedback contact rather than its own line', async () => {
    const kernel = board()
    kernel.line('gpiochip0', 27).high = true
    await using amplifier = new GpiochipAmplifier({ ...config, feedback }, kernel)
    amplifier.set(true)
    expect(amplifier.read()).toBe(false)
    kernel.line('gpiochip0', 27).high = false
    expect(amplifier.read()).toBe(true)
    amplifier.set(false)
    expect(amplifier.read(), 'welded').toBe(true)
  })

  it('is let go when its feedback contact cannot be had', () => {
    const kernel = board()
    kernel.line('gpiochip0', 27).consumer = 'gpio-keys'
    expect(() => new GpiochipAmplifier({ ...config, feedback }, kernel)).toThrow(fault('gpio-keys'))
    expect(kernel.openDescriptors).toBe(0)
  })
})
