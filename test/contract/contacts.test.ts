import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ContactHandlers, Contacts } from '../../agent/ports/contacts.ts'
import { GpiochipContacts } from '../../drivers/gpio/gpiochip/contacts.ts'
import { VirtualContacts } from '../../drivers/gpio/virtual-contacts.ts'
import { FakeGpioKernel } from '../fakes/gpio-kernel.ts'
import { until } from '../fakes/until.ts'

const NAMES = ['door', 'alarm'] as const
type Name = (typeof NAMES)[number]

/** A driver that watches both contacts, and the hands that close them, pull them out and put them back. */
type Rig = {
  readonly contacts: Contacts
  readonly levels: (name: Name) => readonly boolean[]
  readonly faults: readonly string[]
  readonly put: (name: Name, active: boolean) => void
  readonly takeAway: (name: Name) => void
  readonly bringBack: (name: Name) => void
}

const listening = () => {
  const heard: { readonly name: string; readonly active: boolean }[] = []
  const faults: string[] = []
  const handlers: ContactHandlers = {
    onLevel: (name, active) => heard.push({ name, active }),
    onFault: (name, message) => faults.push(`${name} ${message === undefined ? 'ok' : 'fault'}`),
  }
  const levels = (name: Name) => heard.filter((each) => each.name === name).map(({ active }) => active)
  return { handlers, levels, faults }
}

/** Each contact on a chip of its own, so that one can be pulled out without the other. */
const onGpiochip = (activeLow: boolean) => (): Rig => {
  const kernel = new FakeGpioKernel().addChip('gpiochip0', 'soc', 8).addChip('gpiochip1', 'usb', 8)
  const chip = { door: 'gpiochip0', alarm: 'gpiochip1' }
  for (const name of NAMES) kernel.line(chip[name], 3).high = activeLow
  const { handlers, ...told } = listening()
  const lines = NAMES.map((name) => ({
    ...{ name, driver: 'gpiochip', chip: chip[name], line: 3, activeLow, debounceMs: 50 },
  })) as ConstructorParameters<typeof GpiochipContacts>[0]
  return {
    contacts: new GpiochipContacts(lines, kernel, handlers),
    ...told,
    put: (name, active) => kernel.put(chip[name], 3, active !== activeLow),
    takeAway: (name) => kernel.unplug(chip[name]),
    bringBack: (name) => kernel.plug(chip[name]),
  }
}

const onVirtual = (): Rig => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-contacts-'))
  const file = (name: Name): string => join(folder, name)
  const { handlers, ...told } = listening()
  const lines = NAMES.map((name) => ({ name, driver: 'virtual', level: file(name), debounceMs: 50 }) as const)
  return {
    contacts: new VirtualContacts(lines, handlers),
    ...told,
    put: (name, active) => writeFileSync(file(name), active ? '1\n' : '0\n'),
    takeAway: (name) => rmSync(file(name)),
    bringBack: (name) => writeFileSync(file(name), '0\n'),
  }
}

const drivers: readonly [string, () => Rig][] = [
  ['gpiochip', onGpiochip(false)],
  ['gpiochip, active low', onGpiochip(true)],
  ['virtual', onVirtual],
]

describe.each(drivers)('contacts on %s', (_name, open) => {
  const read = (rig: Rig) => until('both are read', () => NAMES.every((name) => rig.levels(name).length > 0))

  it('tell their level first, and every change after it, each its own', async () => {
    const rig = open()
    await using _contacts = rig.contacts
    await read(rig)
    for (const active of [true, false, true]) {
      const before = rig.levels('alarm').length
      rig.put('alarm', active)
      await until('it is told', () => rig.levels('alarm').length > before)
    }
    expect(rig.levels('alarm')).toEqual([false, true, false, true])
    expect(rig.levels('door')).toEqual([false])
    expect(rig.faults).toEqual([])
  })

  it('end at the true level however fast one changes', async () => {
    const rig = open()
    await using _contacts = rig.contacts
    await read(rig)
    for (let edge = 0; edge < 101; edge += 1) rig.put('alarm', edge % 2 === 0)
    await until('it is closed at last', () => rig.levels('alarm').at(-1) === true)
    rig.put('alarm', false)
    await until('it is open at last', () => rig.levels('alarm').at(-1) === false)
  })

  it('are told as a fault once when they go away, and with their level when they are back; others go on', async () => {
    const rig = open()
    await using _contacts = rig.contacts
    await read(rig)
    rig.takeAway('alarm')
    await until('it is missed', () => rig.faults.length > 0)
    rig.put('door', true)
    await until('the other is told', () => rig.levels('door').at(-1) === true)
    const before = rig.levels('alarm').length
    rig.bringBack('alarm')
    await until('it is read again', () => rig.levels('alarm').length > before)
    expect(rig.faults).toEqual(['alarm fault', 'alarm ok'])
    rig.put('alarm', true)
    await until('it is told', () => rig.levels('alarm').at(-1) === true)
  })

  it('say nothing more once they are let go', async () => {
    const rig = open()
    await read(rig)
    await rig.contacts[Symbol.asyncDispose]()
    const before = rig.levels('alarm').length
    rig.put('alarm', true)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(rig.levels('alarm')).toHaveLength(before)
  })
})

describe('a contact on a GPIO line', () => {
  const config = { name: 'door', driver: 'gpiochip', chip: 'soc', line: 3, activeLow: true } as const

  it('asks for edges, its resistor and two milliseconds of debounce, and leaves nothing behind', async () => {
    const kernel = new FakeGpioKernel().addChip('gpiochip0', 'soc', 8)
    const { handlers, levels } = listening()
    const contacts = new GpiochipContacts([{ ...config, bias: 'pull-up', debounceMs: 50 }], kernel, handlers)
    await until('it is read', () => levels('door').length > 0)
    expect(kernel.line('gpiochip0', 3)).toMatchObject({ edges: true, bias: 0x100n, debounceUs: 2000 })
    await contacts[Symbol.asyncDispose]()
    expect(kernel.openDescriptors).toBe(0)
  })

  it('that another program holds is a fault with the name of that program, until it is free', async () => {
    const kernel = new FakeGpioKernel().addChip('gpiochip0', 'soc', 8)
    kernel.line('gpiochip0', 3).consumer = 'gpio-keys'
    const told: (string | undefined)[] = []
    await using _contacts = new GpiochipContacts([{ ...config, debounceMs: 0 }], kernel, {
      onLevel: () => undefined,
      onFault: (_name, message) => told.push(message),
    })
    await until('it is told', () => told.length > 0)
    expect(told[0]).toContain('it is held by gpio-keys')
    kernel.line('gpiochip0', 3).consumer = ''
    await until('it is read', () => told.length > 1, 5000)
    expect(kernel.line('gpiochip0', 3).debounceUs).toBe(0)
  })
})

it('a virtual contact follows a file that is put in the place of its own, and doubts one that says neither', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-contacts-'))
  const level = join(folder, 'door')
  const { handlers, levels, faults } = listening()
  await using _contacts = new VirtualContacts(
    [{ name: 'door', driver: 'virtual', level, debounceMs: 0 }],
    handlers,
  )
  writeFileSync(join(folder, 'new'), '1')
  renameSync(join(folder, 'new'), level)
  await until('it is closed', () => levels('door').at(-1) === true)
  writeFileSync(level, 'maybe')
  await until('it is doubted', () => faults.length > 0)
  writeFileSync(level, '0')
  await until('it is believed again', () => levels('door').at(-1) === false)
  expect(faults).toEqual(['door fault', 'door ok'])
})
