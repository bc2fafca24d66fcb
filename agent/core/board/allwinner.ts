import type { Header } from './header.ts'
import { bus, GND, inRows, pinsOf, SYSTEM, V3, V5 } from './rows.ts'

// Line number = 32 x port (A is 0, C is 2, G is 6, H is 7) + pin.
const h618 = pinsOf('300b000.pinctrl')
const h5 = pinsOf('1c20800.pinctrl')

const I2C3 = bus('i2c', '/dev/i2c-3')
const UART5 = bus('uart', '/dev/ttyS5')
const SPI1 = bus('spi', '/dev/spidev1.1')

const orangePiZero3: Header = {
  title: 'Orange Pi Zero 3',
  models: ['OrangePi Zero3', 'Orange Pi Zero 3'],
  pins: inRows([
    [V3, V5],
    [h618('PH5 SDA', 229, I2C3), V5],
    [h618('PH4 SCK', 228, I2C3), GND],
    [h618('PC9', 73, SYSTEM), h618('PH2 TX', 226, UART5)],
    [GND, h618('PH3 RX', 227, UART5)],
    [h618('PC6', 70), h618('PC11', 75)],
    [h618('PC5', 69), GND],
    [h618('PC8', 72), h618('PC15', 79)],
    [V3, h618('PC14', 78)],
    [h618('PH7 MOSI', 231, SPI1), GND],
    [h618('PH8 MISO', 232, SPI1), h618('PC7', 71)],
    [h618('PH6 CLK', 230, SPI1), h618('PH9 CS', 233, SPI1)],
    [GND, h618('PC10', 74)],
  ]),
  supply: { volts5: 2, ground: 6 },
  atPowerOn: 'none',
  source: 'Orange Pi Zero 3 schematic, as in rm-hull/OPi.GPIO orangepi/zero3.py',
}

const I2C0 = bus('i2c', '/dev/i2c-0')
const UART1 = bus('uart', '/dev/ttyS1')
const UART2 = bus('uart', '/dev/ttyS2')
const SPI0 = bus('spi', '/dev/spidev0.0')

const nanoPiNeo2: Header = {
  title: 'NanoPi NEO2',
  models: ['FriendlyARM NanoPi NEO 2'],
  pins: inRows([
    [V3, V5],
    [h5('PA12 SDA', 12, I2C0), V5],
    [h5('PA11 SCL', 11, I2C0), GND],
    [h5('PG11', 203), h5('PG6 TX', 198, UART1)],
    [GND, h5('PG7 RX', 199, UART1)],
    [h5('PA0', 0, UART2), h5('PA6', 6)],
    [h5('PA2', 2, UART2), GND],
    [h5('PA3', 3, UART2), h5('PG8', 200)],
    [V3, h5('PG9', 201)],
    [h5('PC0 MOSI', 64, SPI0), GND],
    [h5('PC1 MISO', 65, SPI0), h5('PA1', 1, UART2)],
    [h5('PC2 CLK', 66, SPI0), h5('PC3 CS', 67, SPI0)],
  ]),
  supply: { volts5: 2, ground: 6 },
  atPowerOn: 'none',
  source: 'friendlyarm/WiringNP README, gpio readall of a NEO2; Linux sun50i-h5-nanopi-neo2.dts',
}

export const ALLWINNER: readonly Header[] = [orangePiZero3, nanoPiNeo2]
