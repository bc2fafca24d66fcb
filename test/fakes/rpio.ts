import { EventEmitter } from 'node:events'
import type { Rpio } from 'rpio'
import { fake } from 'sinon'

/** Stubs in the shape of rpio over one level a pin. With `pretends`, init warns and runs as a mock, as rpio does on an unknown board. */
export const stubRpio = (pretends = false) => {
  const events = new EventEmitter()
  const levels = new Map<number, number>()
  const calls = {
    init: fake(() => {
      if (pretends) events.emit('warn', 'Hardware auto-detect failed, running in raspi-3 mock mode')
    }),
    open: fake((pin: number, _mode: number, initial: number) => {
      levels.set(pin, initial)
    }),
    write: fake((pin: number, value: number) => {
      levels.set(pin, value)
    }),
    close: fake(),
  }
  const rpio: Rpio = {
    LOW: 0,
    HIGH: 1,
    OUTPUT: 1,
    PIN_PRESERVE: 0,
    ...calls,
    read: (pin) => levels.get(pin) ?? 0,
    on: events.on.bind(events),
    off: events.off.bind(events),
  }
  return { rpio, calls, levels, events }
}
