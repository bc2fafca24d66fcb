import { describe, expect, it } from 'vitest'
import { chipCalled } from '../../../agent/core/board/lines.ts'
import { GpiochipAmplifier } from '../../../drivers/gpio/gpiochip/amplifier.ts'
import { surveyLines } from '../../../drivers/gpio/gpiochip/survey.ts'
import { FakeGpioKernel } from '../../fakes/gpio-kernel.ts'

const board = (): FakeGpioKernel =>
  new FakeGpioKernel()
    .addChip('gpiochip0', 'pinctrl-rp1', 54)
    .addChip('gpiochip1', 'pca9555', 16)
    .addAlias('gpiochip4', 'gpiochip0')

describe('a survey of GPIO lines', () => {
  it('tells name and holder of every line and takes none', async () => {
    const kernel = board()
    Object.assign(kernel.line('gpiochip0', 17), { name: 'GPIO17' })
    Object.assign(kernel.line('gpiochip0', 2), { name: 'GPIO2', muxed: true })
    await using _ = new GpiochipAmplifier(
      {
        id: 'main',
        driver: 'gpiochip',
        chip: 'pinctrl-rp1',
        line: 17,
        activeLow: false,
        settleMs: 0,
        holdMs: 0,
        minOffMs: 0,
        maxOnMinutes: 1,
      },
      kernel,
    )
    const before = kernel.openDescriptors
    const survey = surveyLines(kernel)
    expect(kernel.openDescriptors).toBe(before)
    const lines = chipCalled(survey, 'pinctrl-rp1')?.lines ?? []
    expect(lines).toHaveLength(54)
    expect(lines[17]).toEqual({ name: 'GPIO17', consumer: 'loa-agent', used: true })
    expect(lines[2]).toEqual({ name: 'GPIO2', consumer: '', used: true })
    expect(lines[3]).toEqual({ name: '', consumer: '', used: false })
    expect(chipCalled(survey, 'gpiochip1')?.lines).toHaveLength(16)
    expect(survey.unread).toEqual([])
  })

  it('tells of a chip that may not be opened, and of the others all the same', () => {
    const kernel = board()
    const open = kernel.open.bind(kernel)
    kernel.open = (path) => {
      if (path.endsWith('gpiochip1')) throw new Error('EACCES: permission denied')
      return open(path)
    }
    const survey = surveyLines(kernel)
    expect(survey.unread).toEqual([{ chip: 'gpiochip1', reason: expect.stringContaining('EACCES') }])
    expect(chipCalled(survey, 'pinctrl-rp1')?.lines).toHaveLength(54)
  })
})
