import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Amplifier } from '../../agent/ports/amplifier.ts'
import { GpiochipAmplifier } from '../../drivers/gpio/gpiochip/amplifier.ts'
import { NoneAmplifier } from '../../drivers/gpio/none-amplifier.ts'
import { RpioAmplifier } from '../../drivers/gpio/rpio/amplifier.ts'
import { VirtualAmplifier } from '../../drivers/gpio/virtual-amplifier.ts'
import { FakeGpioKernel } from '../fakes/gpio-kernel.ts'
import { stubRpio } from '../fakes/rpio.ts'

const timing = { id: 'main', settleMs: 800, holdMs: 500, minOffMs: 2000, maxOnMinutes: 240 }

/** A driver, opened, and what a voltmeter at its relay would say; undefined where there is no relay. */
type Rig = { readonly amplifier: Amplifier; readonly closed: (() => boolean) | undefined }

const onGpiochip = (activeLow: boolean) => (): Rig => {
  const kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl-bcm2711', 58)
  // As a killed predecessor may have left it.
  kernel.line('gpiochip0', 17).high = !activeLow
  const config = { ...timing, driver: 'gpiochip', chip: 'pinctrl-bcm2711', line: 17, activeLow } as const
  return {
    amplifier: new GpiochipAmplifier(config, kernel),
    closed: () => kernel.line('gpiochip0', 17).high !== activeLow,
  }
}
const onRpio = (activeLow: boolean) => (): Rig => {
  const { rpio, levels } = stubRpio()
  levels.set(17, activeLow ? 0 : 1)
  const amplifier = new RpioAmplifier({ ...timing, driver: 'rpio', line: 17, activeLow }, rpio)
  return { amplifier, closed: () => levels.get(17) === (activeLow ? 0 : 1) }
}
const onVirtual = (): Rig => {
  const trace = join(mkdtempSync(join(tmpdir(), 'loa-amp-')), 'trace.jsonl')
  const amplifier = new VirtualAmplifier({ ...timing, driver: 'virtual', trace })
  return { amplifier, closed: () => amplifier.read() === true }
}
const drivers: readonly [string, () => Rig][] = [
  ['gpiochip', onGpiochip(false)],
  ['gpiochip, active low', onGpiochip(true)],
  ['rpio', onRpio(false)],
  ['rpio, active low', onRpio(true)],
  ['virtual', onVirtual],
  ['none', () => ({ amplifier: new NoneAmplifier('main'), closed: undefined })],
]

describe.each(drivers)('an amplifier on %s', (_name, open) => {
  it('has the id of its configuration', async () => {
    await using amplifier = open().amplifier
    expect(amplifier.id).toBe('main')
  })

  it('has its relay open from the moment it exists', async () => {
    const { amplifier, closed } = open()
    expect(closed?.()).not.toBe(true)
    expect(amplifier.read()).toBe(closed && false)
    await amplifier[Symbol.asyncDispose]()
  })

  it('closes and opens the relay and reads each back, twice the same order included', async () => {
    const { amplifier, closed } = open()
    for (const on of [true, true, false, false, true]) {
      amplifier.set(on)
      expect(closed?.()).toBe(closed && on)
      expect(amplifier.read()).toBe(closed && on)
    }
    await amplifier[Symbol.asyncDispose]()
  })

  it('opens the relay when it is let go, and letting go twice is safe', async () => {
    const { amplifier, closed } = open()
    amplifier.set(true)
    await amplifier[Symbol.asyncDispose]()
    expect(closed?.()).not.toBe(true)
    await amplifier[Symbol.asyncDispose]()
    expect(amplifier.read()).toBeUndefined()
  })
})

it('an amplifier on gpiochip has a contact only where the board file names one', () => {
  const kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl-bcm2711', 58)
  const config = {
    ...timing,
    driver: 'gpiochip',
    chip: 'pinctrl-bcm2711',
    line: 17,
    activeLow: false,
  } as const
  const feedback = { chip: 'pinctrl-bcm2711', line: 27, activeLow: false, withinMs: 200 }
  expect(new GpiochipAmplifier({ ...config, feedback }, kernel).hasContact).toBe(true)
  expect(new GpiochipAmplifier({ ...config, line: 18 }, kernel).hasContact).toBe(false)
})

describe.each(drivers.filter(([name]) => name !== 'none'))('a closed amplifier on %s', (_name, open) => {
  it('refuses to be switched', async () => {
    const { amplifier, closed } = open()
    await amplifier[Symbol.asyncDispose]()
    expect(() => amplifier.set(true)).toThrow(expect.objectContaining({ code: 'AMPLIFIER' }))
    expect(closed?.()).toBe(false)
  })
})
