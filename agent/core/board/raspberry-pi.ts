import type { Header, Pin } from './header.ts'
import { bus, GND, I2S, ID, inRows, pinsOf, V3, V5 } from './rows.ts'

const I2C = bus('i2c', '/dev/i2c-1')
const UART = bus('uart', '/dev/serial0')
const SPI = bus('spi', '/dev/spidev0.0')

/** All boards with 40 pins have them in the same places; the chip differs. */
const fortyPins = (chip: string): readonly Pin[] => {
  const pin = pinsOf(chip)
  return inRows([
    [V3, V5],
    [pin('GPIO2 SDA', 2, I2C), V5],
    [pin('GPIO3 SCL', 3, I2C), GND],
    [pin('GPIO4', 4), pin('GPIO14 TXD', 14, UART)],
    [GND, pin('GPIO15 RXD', 15, UART)],
    [pin('GPIO17', 17), pin('GPIO18', 18, I2S)],
    [pin('GPIO27', 27), GND],
    [pin('GPIO22', 22), pin('GPIO23', 23)],
    [V3, pin('GPIO24', 24)],
    [pin('GPIO10 MOSI', 10, SPI), GND],
    [pin('GPIO9 MISO', 9, SPI), pin('GPIO25', 25)],
    [pin('GPIO11 SCLK', 11, SPI), pin('GPIO8 CE0', 8, SPI)],
    [GND, pin('GPIO7 CE1', 7, SPI)],
    [pin('GPIO0 ID_SD', 0, ID), pin('GPIO1 ID_SC', 1, ID)],
    [pin('GPIO5', 5), GND],
    [pin('GPIO6', 6), pin('GPIO12', 12)],
    [pin('GPIO13', 13), GND],
    [pin('GPIO19', 19, I2S), pin('GPIO16', 16)],
    [pin('GPIO26', 26), pin('GPIO20', 20, I2S)],
    [GND, pin('GPIO21', 21, I2S)],
  ])
}

const raspberryPi = (title: string, models: readonly string[], chip: string, tree: string): Header => ({
  title,
  models,
  pins: fortyPins(chip),
  supply: { volts5: 2, ground: 6 },
  atPowerOn: 'firmware',
  source: `Raspberry Pi documentation, GPIO and the 40-pin header; Linux ${tree}`,
})

export const RASPBERRY_PI: readonly Header[] = [
  raspberryPi(
    'Raspberry Pi 3 Model B+',
    ['Raspberry Pi 3 Model B Plus', 'Raspberry Pi 3 Model B'],
    'pinctrl-bcm2835',
    'bcm2837-rpi-3-b-plus.dts',
  ),
  raspberryPi('Raspberry Pi 4 Model B', ['Raspberry Pi 4 Model B'], 'pinctrl-bcm2711', 'bcm2711-rpi-4-b.dts'),
  raspberryPi('Raspberry Pi 5', ['Raspberry Pi 5 Model B'], 'pinctrl-rp1', 'bcm2712-rpi-5-b.dts'),
  raspberryPi(
    'Raspberry Pi Zero 2 W',
    ['Raspberry Pi Zero 2 W'],
    'pinctrl-bcm2835',
    'bcm2837-rpi-zero-2-w.dts',
  ),
  raspberryPi(
    'Raspberry Pi Compute Module 4 IO Board',
    ['Raspberry Pi Compute Module 4', 'Raspberry Pi Compute Module 4 IO Board'],
    'pinctrl-bcm2711',
    'bcm2711-rpi-cm4-io.dts',
  ),
]
