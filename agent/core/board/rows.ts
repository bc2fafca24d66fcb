import type { GpioPin, Pin, PinUse, SupplyPin } from './header.ts'

export const V3: SupplyPin = { kind: '3v3', name: '3.3 V' }
export const V5: SupplyPin = { kind: '5v', name: '5 V' }
export const GND: SupplyPin = { kind: 'ground', name: 'GND' }
export const noGpio = (name: string): SupplyPin => ({ kind: 'none', name })

export const I2S: PinUse = { by: 'i2s' }
export const ID: PinUse = { by: 'id' }
export const SYSTEM: PinUse = { by: 'system' }
export const bus = (by: 'i2c' | 'spi' | 'uart', device?: string): PinUse =>
  device === undefined ? { by } : { by, device }

/** Makes pins of one chip. */
export const pinsOf =
  (chip: string) =>
  (name: string, line: number, use?: PinUse): GpioPin =>
    use === undefined ? { kind: 'gpio', name, chip, line } : { kind: 'gpio', name, chip, line, use }

/** Rows of two pins in the order of their numbers. */
export const inRows = (rows: readonly (readonly [Pin, Pin])[]): readonly Pin[] => rows.flat()
