import type { Header } from './header.ts'
import { bus, GND, inRows, noGpio, pinsOf, SYSTEM, V3, V5 } from './rows.ts'

// Lines in the order of the names that the device tree gives them.
const main = pinsOf('periphs-banks')
const alwaysOn = pinsOf('aobus-banks')

const I2C = bus('i2c')
const UART = bus('uart')
const SPI = bus('spi')

const lePotato: Header = {
  title: 'Libre Computer AML-S905X-CC (Le Potato)',
  models: ['Libre Computer AML-S905X-CC'],
  pins: inRows([
    [V3, V5],
    [alwaysOn('GPIOAO_5', 5, I2C), V5],
    [alwaysOn('GPIOAO_4', 4, I2C), GND],
    [main('GPIOCLK_0', 98), main('GPIOX_12', 91, UART)],
    [GND, main('GPIOX_13', 92, UART)],
    [alwaysOn('GPIOAO_8', 8, SYSTEM), alwaysOn('GPIOAO_6', 6)],
    [alwaysOn('GPIOAO_9', 9), GND],
    [alwaysOn('TEST_N', 10, SYSTEM), main('GPIOX_14', 93)],
    [V3, main('GPIOX_15', 94)],
    [main('GPIOX_8', 87, SPI), GND],
    [main('GPIOX_9', 88, SPI), main('GPIOX_0', 79)],
    [main('GPIOX_11', 90, SPI), main('GPIOX_10', 89, SPI)],
    [GND, main('GPIOX_1', 80)],
    [main('GPIODV_26', 75, I2C), main('GPIODV_27', 76, I2C)],
    [main('GPIOX_17', 96), GND],
    [main('GPIOX_18', 97), main('GPIOX_16', 95)],
    [main('GPIOX_6', 85), GND],
    [main('GPIOX_7', 86), main('GPIOX_2', 81)],
    [main('GPIOX_5', 84), main('GPIOX_3', 82)],
    [GND, main('GPIOX_4', 83)],
  ]),
  supply: { volts5: 2, ground: 6 },
  atPowerOn: 'none',
  source: 'Linux meson-gxl-s905x-libretech-cc.dts, gpio-line-names "7J1 Header Pin…"',
}

const odroidC4: Header = {
  title: 'Hardkernel ODROID-C4',
  models: ['Hardkernel ODROID-C4'],
  pins: inRows([
    [V3, V5],
    [main('GPIOX_17', 82, I2C), V5],
    [main('GPIOX_18', 83, I2C), GND],
    [main('GPIOX_5', 70), main('GPIOX_12', 77, UART)],
    [GND, main('GPIOX_13', 78, UART)],
    [main('GPIOX_3', 68), main('GPIOX_16', 81)],
    [main('GPIOX_4', 69), GND],
    [main('GPIOX_7', 72), main('GPIOX_0', 65)],
    [V3, main('GPIOX_1', 66)],
    [main('GPIOX_8', 73, SPI), GND],
    [main('GPIOX_9', 74, SPI), main('GPIOX_2', 67)],
    [main('GPIOX_11', 76, SPI), main('GPIOX_10', 75, SPI)],
    [GND, main('GPIOH_6', 22)],
    [main('GPIOA_14', 63, I2C), main('GPIOA_15', 64, I2C)],
    [main('GPIOX_14', 79), GND],
    [main('GPIOX_15', 80), main('GPIOH_7', 23)],
    [main('GPIOX_6', 71), GND],
    [main('GPIOX_19', 84), main('GPIOH_5', 21)],
    [noGpio('AIN3'), noGpio('1.8 V')],
    [GND, noGpio('AIN')],
  ]),
  supply: { volts5: 2, ground: 6 },
  atPowerOn: 'none',
  source:
    'Linux meson-sm1-odroid-c4.dts, gpio-line-names "PIN_…"; pins 37, 38: codewalkerster/android_hardware_hardkernel_odroidThings OdroidC4.cpp',
}

export const AMLOGIC: readonly Header[] = [lePotato, odroidC4]
