import { expect, it } from 'vitest'
import { RelayBoard } from '../../../agent/playout/relay-board.ts'
import { GpiochipAmplifier } from '../../../drivers/gpio/gpiochip/amplifier.ts'
import { FakeGpioKernel } from '../../fakes/gpio-kernel.ts'
import { MemoryRelay } from '../../fakes/memory-relay.ts'

const CONFIG = {
  id: 'main',
  driver: 'gpiochip',
  chip: 'soc',
  line: 1,
  activeLow: false,
  settleMs: 100,
  holdMs: 100,
  minOffMs: 0,
  maxOnMinutes: 240,
  feedback: { chip: 'soc', line: 2, activeLow: false, withinMs: 150 },
} as const
const DEMAND = [{ amplifiers: ['main'], fromMs: 0 }]

/** A relay on a chip, whose contact a test moves by hand. */
const board = async () => {
  const kernel = new FakeGpioKernel().addChip('gpiochip0', 'soc', 8)
  const told: string[] = []
  const relays = new RelayBoard(
    [CONFIG],
    () => Promise.resolve(new GpiochipAmplifier(CONFIG, kernel)),
    (_id, state, fault) => told.push(fault === undefined ? state : `${state} ${fault.code}`),
  )
  await relays.start(0)
  return { kernel, told, relays }
}

it.each([
  ['open', true, false],
  ['closed', false, true],
])('a contact that stays %s on the chip is stuck after withinMs and not before', async (_, on, contact) => {
  const { kernel, told, relays } = await board()
  relays.tick(DEMAND, 1000, false)
  kernel.put('gpiochip0', 2, true)
  relays.tick(DEMAND, 1100, false)
  expect(told).toEqual(['on'])
  let changed = 1000
  if (!on) {
    relays.tick([], 2000, false)
    changed = 2000
  }
  kernel.put('gpiochip0', 2, contact)
  relays.tick(on ? DEMAND : [], changed + 150, false)
  expect(told.filter((state) => state.startsWith('stuck'))).toEqual([])
  relays.tick(on ? DEMAND : [], changed + 151, false)
  expect(told.at(-1)).toBe('stuck AMPLIFIER_STUCK')
  expect(relays.anyStuckOpen(['main'])).toBe(on)
  expect(relays.leaksBeside([])).toBe(!on)
})

/** Two relays on a chip; of the second a test says whether it has a contact. */
const pair = async (secondHasContact: boolean) => {
  const [first, second] = [new MemoryRelay('main'), new MemoryRelay('yard')]
  second.hasContact = secondHasContact
  const relays = new RelayBoard(
    ['main', 'yard'].map((id) => ({ ...CONFIG, id })),
    ({ id }) => Promise.resolve(id === 'main' ? first : second),
    () => undefined,
  )
  await relays.start(0)
  relays.tick([{ amplifiers: ['main', 'yard'], fromMs: 0 }], 1000, false)
  return { relays, first, second }
}

it('relays are seen closed only where each has a contact that says so', async () => {
  const both = await pair(true)
  expect(both.relays.seen(['main', 'yard'], 1100), 'they have only just closed').toBeUndefined()
  expect(both.relays.seen(['main', 'yard'], 1200)).toBe('closed')
  both.second.contact = false
  expect(both.relays.seen(['main', 'yard'], 1200)).toBe('disagree')
  expect(both.relays.seen(['main'], 1200)).toBe('closed')
  const one = await pair(false)
  expect(one.relays.seen(['main', 'yard'], 1200), 'the line that drives a relay proves nothing').toBe(
    'unread',
  )
  one.first.contact = false
  expect(one.relays.seen(['main', 'yard'], 1200)).toBe('disagree')
  expect(one.relays.seen([], 1200)).toBe('unread')
})
