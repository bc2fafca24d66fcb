import type { GpioPin, Header, PinUse } from './header.ts'
import { bus, GND, inRows, V3, V5 } from './rows.ts'

const PORTS = 'ABCD'

/** `GPIO4_B2`: chip gpio4, line 8 x port (A is 0) + pin. */
const pin = (bank: number, port: string, index: number, use?: PinUse): GpioPin => {
  const own = {
    kind: 'gpio' as const,
    name: `GPIO${bank}_${port}${index}`,
    chip: `gpio${bank}`,
    line: 8 * PORTS.indexOf(port) + index,
  }
  return use === undefined ? own : { ...own, use }
}

const I2C5 = bus('i2c', '/dev/i2c-5')
const UART0 = bus('uart', '/dev/ttyS0')
const SPI4 = bus('spi', '/dev/spidev4.1')

export const ROCKCHIP: readonly Header[] = [
  {
    title: 'Orange Pi 5',
    models: ['Xunlong Orange Pi 5', 'Orange Pi 5'],
    pins: inRows([
      [V3, V5],
      [pin(1, 'B', 7, I2C5), V5],
      [pin(1, 'B', 6, I2C5), GND],
      [pin(1, 'C', 6), pin(4, 'A', 3, UART0)],
      [GND, pin(4, 'A', 4, UART0)],
      [pin(4, 'B', 2), pin(0, 'D', 5)],
      [pin(4, 'B', 3), GND],
      [pin(0, 'D', 4), pin(1, 'D', 3)],
      [V3, pin(1, 'D', 2)],
      [pin(1, 'C', 1, SPI4), GND],
      [pin(1, 'C', 0, SPI4), pin(2, 'D', 4)],
      [pin(1, 'C', 2, SPI4), pin(1, 'C', 4, SPI4)],
      [GND, pin(1, 'A', 3)],
    ]),
    supply: { volts5: 2, ground: 6 },
    atPowerOn: 'none',
    source:
      'rm-hull/OPi.GPIO orangepi/pi5.py; labels of the chips: Linux gpio-rockchip.c; model: rk3588s-orangepi-5.dts',
  },
]
