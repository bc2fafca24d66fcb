import { describe, expect, it } from 'vitest'
import type { AmplifierConfig } from '../../../agent/core/configuration.ts'
import { forceOpen } from '../../../drivers/gpio/force-open.ts'
import { GpiochipAmplifier } from '../../../drivers/gpio/gpiochip/amplifier.ts'
import { decodeRelayList } from '../../../drivers/gpio/relay-list.ts'
import { FakeGpioKernel } from '../../fakes/gpio-kernel.ts'

const timing = { settleMs: 800, holdMs: 500, minOffMs: 2000, maxOnMinutes: 240 }
const relay = (id: string, line: number) =>
  ({ ...timing, id, driver: 'gpiochip', chip: 'gpiochip0', line, activeLow: true }) as const
const opener = (kernel: FakeGpioKernel) => async (config: AmplifierConfig) => {
  if (config.driver !== 'gpiochip') throw new Error('not here')
  return new GpiochipAmplifier(config, kernel)
}

describe('T25 forcing relays open', () => {
  it('opens what a killed process left closed, and lets go', async () => {
    const kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl', 32)
    const amplifier = new GpiochipAmplifier(relay('main', 17), kernel)
    amplifier.set(true)
    kernel.killHolder()
    expect(kernel.line('gpiochip0', 17).high, 'left closed').toBe(false)
    expect(await forceOpen([relay('main', 17)], opener(kernel))).toEqual([{ id: 'main' }])
    expect(kernel.line('gpiochip0', 17)).toMatchObject({ high: true, consumer: '' })
  })

  it('opens the others when one cannot be had, and says which', async () => {
    const kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl', 32)
    kernel.line('gpiochip0', 5).consumer = 'intruder'
    const forced = await forceOpen([relay('a', 5), relay('b', 6), relay('c', 99)], opener(kernel))
    expect(forced).toEqual([
      { id: 'a', fault: expect.stringContaining('intruder') },
      { id: 'b' },
      { id: 'c', fault: expect.stringContaining('32 lines') },
    ])
    expect(kernel.line('gpiochip0', 6).high).toBe(true)
  })

  it('does not ask for the feedback contact', async () => {
    const kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl', 32)
    kernel.line('gpiochip0', 27).consumer = 'gpio-keys'
    const feedback = { chip: 'gpiochip0', line: 27, activeLow: true, withinMs: 200 }
    expect(await forceOpen([{ ...relay('main', 17), feedback }], opener(kernel))).toEqual([{ id: 'main' }])
  })
})

describe('the relay list', () => {
  it.each([
    '',
    '[]',
    '{"amplifiers":{}}',
    '{"amplifiers":[{"id":"a","driver":"x"}]}',
    '{"amplifiers":[null]}',
  ])('that is something else is refused: %s', (text) => {
    expect(() => decodeRelayList(text)).toThrow()
  })

  it('of absurd size is refused before it is parsed', () => {
    expect(() => decodeRelayList(' '.repeat(65_537))).toThrow('too long')
  })
})
