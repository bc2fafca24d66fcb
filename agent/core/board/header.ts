import { fitsModel } from '../board-model.ts'

/** What else may drive a pin: a bus that is switched on, a sound HAT, or the board itself. */
export type PinUse = {
  readonly by: 'i2c' | 'spi' | 'uart' | 'i2s' | 'id' | 'system'
  /** Is there when the bus is switched on. */
  readonly device?: string
}

export type GpioPin = {
  readonly kind: 'gpio'
  /** As it stands in the maker's papers. */
  readonly name: string
  /** Label of the GPIO chip, and the line of it. */
  readonly chip: string
  readonly line: number
  readonly use?: PinUse
}
export type SupplyPin = { readonly kind: '3v3' | '5v' | 'ground' | 'none'; readonly name: string }
export type Pin = GpioPin | SupplyPin

/** The pin header of a kind of board, two pins a row, pin 1 first. */
export type Header = {
  readonly title: string
  /** Models of /proc/device-tree/model without their revision. */
  readonly models: readonly string[]
  readonly pins: readonly Pin[]
  /** Where a relay board gets its 5 V and its ground. */
  readonly supply: { readonly volts5: number; readonly ground: number }
  /** `firmware`: config.txt sets pins at power-on. `none`: they float, and only a resistor holds them. */
  readonly atPowerOn: 'firmware' | 'none'
  /** Where pins and lines were read. */
  readonly source: string
}

/** A GPIO pin of a header, by number and what it is. */
export type NumberedPin = GpioPin & { readonly number: number }

/** The pin that a line of a chip comes out of, the chip by its label. */
export const pinOfLine = (
  header: Header,
  { chip, line }: { readonly chip: string; readonly line: number },
): NumberedPin | undefined => {
  const index = header.pins.findIndex((pin) => pin.kind === 'gpio' && pin.chip === chip && pin.line === line)
  const pin = header.pins[index]
  return pin?.kind === 'gpio' ? { ...pin, number: index + 1 } : undefined
}

/** Every pin that something of this kind may drive. */
export const pinsUsedBy = (header: Header, by: PinUse['by']): readonly NumberedPin[] =>
  header.pins.flatMap((pin, index) =>
    pin.kind === 'gpio' && pin.use?.by === by ? [{ ...pin, number: index + 1 }] : [],
  )

/** The header of the machine that calls itself `model`. */
export const headerOfModel = (headers: readonly Header[], model: string): Header | undefined =>
  headers.find(({ models }) => fitsModel(models, model))

/** The header that a board file is wired to: that of the first of its models that is known. */
export const headerOfBoard = (headers: readonly Header[], models: readonly string[]): Header | undefined =>
  models.map((model) => headerOfModel(headers, model)).find((header) => header !== undefined)
