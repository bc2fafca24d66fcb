import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../../agent/cli/run.ts'
import type { LineSurvey } from '../../../agent/core/board/lines.ts'
import { surveyLines } from '../../../drivers/gpio/gpiochip/survey.ts'
import { fakeIo } from '../../fakes/cli-io.ts'
import { FakeGpioKernel } from '../../fakes/gpio-kernel.ts'

let root = ''
let kernel = new FakeGpioKernel()
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-machine-'))
  kernel = new FakeGpioKernel().addChip('gpiochip0', 'pinctrl-bcm2711', 58)
  for (let line = 0; line < 28; line += 1) kernel.line('gpiochip0', line).name = `GPIO${line}`
  put('proc/device-tree/model', 'Raspberry Pi 4 Model B Rev 1.5\0')
  put(
    'proc/asound/cards',
    ' 0 [sndrpihifiberry]: RPi-simple - dac\n 1 [Device         ]: USB-Audio - USB Audio\n',
  )
  put('boot/firmware/config.txt', 'dtparam=audio=on\ngpio=17=op,dl\n')
  put('dev/gpiochip0', '')
  link('dev/serial/by-id/usb-FTDI_A1-if00-port0', '../../ttyUSB0')
  put('dev/ttyUSB0', '')
  put('dev/ttyAMA0', '')
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  symlinkSync(target, join(root, path))
}

const RELAY = '{ id: main, driver: gpiochip, chip: pinctrl-bcm2711, line: 17 }'
const board = ({
  relay = RELAY,
  device = 'plughw:CARD=Device',
  port = '/dev/serial/by-id/usb-FTDI_A1-if00-port0',
  more = '',
} = {}): string => `
name: test-board
models: ["Raspberry Pi 4 Model B"]
audio: { driver: alsa, device: "${device}" }
amplifiers: [${relay}]
signs: [{ id: gate, driver: adalight, port: ${port}, width: 64, height: 16 }]
${more}`

type Told = { readonly level: string; readonly what: string; readonly next?: string }

const check = async (text: string, lines: LineSurvey = surveyLines(kernel)) => {
  put('board.yaml', text)
  const edge = fakeIo({ root, gpioLines: lines })
  const code = await runCommand(['board', 'check', join(root, 'board.yaml'), '--json'], edge.io)
  const { checks = [] } = JSON.parse(edge.out()) as { checks?: readonly Told[] }
  return { code, checks, wrong: checks.filter(({ level }) => level !== 'ok') }
}

/** One thing is wrong, with what to do. */
const only = async (level: 'warn' | 'FAIL', text: string, what: RegExp, next: RegExp, lines?: LineSurvey) => {
  const { code, wrong } = await check(text, lines)
  expect(wrong).toEqual([
    expect.objectContaining({
      level,
      what: expect.stringMatching(what),
      next: expect.stringMatching(next),
    }),
  ])
  expect(code).toBe(level === 'FAIL' ? 1 : 0)
}

describe('board check of lines', () => {
  test('is content with one that is free, and says where it comes out', async () => {
    const { code, checks, wrong } = await check(board())
    expect({ code, wrong }).toEqual({ code: 0, wrong: [] })
    expect(checks.map(({ what }) => what)).toContain(
      'main: line 17 of pinctrl-bcm2711 (GPIO17, header pin 11), free',
    )
  })

  test('is content with one that the agent holds', async () => {
    kernel.line('gpiochip0', 17).consumer = 'loa-agent'
    const { code, checks } = await check(board())
    expect(code).toBe(0)
    expect(checks.map(({ what }) => what).join('\n')).toContain('held by the agent')
  })

  test('names the program that holds one', async () => {
    kernel.line('gpiochip0', 17).consumer = 'gpio-fan'
    await only('FAIL', board(), /GPIO17.*held by gpio-fan/, /take its overlay out/)
  })

  test('finds one whose pin serves something else', async () => {
    kernel.line('gpiochip0', 17).muxed = true
    await only('FAIL', board(), /serves something else/, /overlay/)
  })

  test('finds one that the chip does not have', async () => {
    await only('FAIL', board({ relay: RELAY.replace('17', '58') }), /only 0 to 57/, /gpioinfo/)
  })

  test('warns of one that comes out of no pin', async () => {
    put('boot/firmware/config.txt', 'gpio=42=op,dl\n')
    await only('warn', board({ relay: RELAY.replace('17', '42') }), /no header pin/, /docs\/boards/)
  })

  test('refuses the pins of a sound HAT', async () => {
    put('boot/firmware/config.txt', 'gpio=18=op,dl\n')
    const relay = RELAY.replace('17', '18')
    await only('FAIL', board({ relay, device: 'plughw:CARD=sndrpihifiberry' }), /I2S/, /another pin/)
    expect((await check(board({ relay }))).code).toBe(0)
  })

  test('warns of the pins of a bus that is switched on', async () => {
    put('boot/firmware/config.txt', 'gpio=10=op,dl\n')
    const relay = RELAY.replace('17', '10')
    expect((await check(board({ relay }))).wrong).toEqual([])
    put('dev/spidev0.0', '')
    await only('warn', board({ relay }), /SPI.*\/dev\/spidev0\.0/, /switch the bus off/)
  })

  test('warns when the lines may not be looked at, and checks the rest', async () => {
    const lines = { chips: [], unread: [{ chip: 'gpiochip0', reason: 'EACCES: permission denied' }] }
    put('sys/class/gpio/gpiochip512/label', 'pinctrl-bcm2711\n')
    await only('warn', board(), /gpiochip0 could not be looked at.*EACCES/, /usermod -aG gpio/, lines)
  })

  test('warns once of a chip that is named by its number', async () => {
    const feedback = 'feedback: { chip: gpiochip0, line: 27 }'
    const relay = RELAY.replace('pinctrl-bcm2711, line: 17', `gpiochip0, line: 17, ${feedback}`)
    await only('warn', board({ relay }), /changes with the kernel/, /chip: pinctrl-bcm2711/)
  })

  test('asks nothing of the header where a chip is not on it', async () => {
    kernel.addChip('gpiochip2', 'pca9555', 16)
    const { wrong } = await check(
      board({ relay: RELAY.replace('pinctrl-bcm2711', 'pca9555').replace('17', '3') }),
    )
    expect(wrong).toEqual([])
  })
})

describe('board check of the time before the agent', () => {
  test('warns where config.txt does not hold the relay off', async () => {
    put('boot/firmware/config.txt', 'dtparam=audio=on\n')
    await only('warn', board(), /between power-on/, /gpio=17=op,dl to \/boot\/firmware\/config\.txt/)
  })

  test('reads what config.txt includes, and warns where that is missing', async () => {
    put('boot/firmware/config.txt', 'arm_64bit=1\ninclude board.txt\n')
    await only('warn', board(), /between power-on/, /gpio=17=op,dl/)
    put('boot/firmware/board.txt', '# relay main\ngpio=17=op,dl\n')
    expect((await check(board())).wrong).toEqual([])
  })

  test('fails where config.txt switches the amplifier on: an opto relay board that closes on low', async () => {
    const relay = RELAY.replace('line: 17', 'line: 17, activeLow: true')
    await only('FAIL', board({ relay }), /sets the pin low at power-on/, /gpio=17=op,dh/)
    put('boot/firmware/config.txt', 'gpio=17=op,dh\n')
    expect((await check(board({ relay }))).wrong).toEqual([])
  })

  test('warns of relays that close on low where pins float until the agent starts', async () => {
    kernel.addChip('gpiochip1', '300b000.pinctrl', 288)
    put('proc/device-tree/model', 'OrangePi Zero3\0')
    const relay = '{ id: main, driver: gpiochip, chip: 300b000.pinctrl, line: 72, activeLow: true }'
    const text = board({ relay }).replace('Raspberry Pi 4 Model B', 'OrangePi Zero3')
    await only('warn', text, /pins of this board float/, /10 kOhm from header pin 15 to 3\.3 V/)
    expect((await check(text.replace(', activeLow: true', ''))).wrong).toEqual([])
  })
})

describe('board check of ports and cards', () => {
  test('names the lasting name of a port whose name passes on', async () => {
    const next = /write port: \/dev\/serial\/by-id\/usb-FTDI_A1-if00-port0/
    await only('warn', board({ port: '/dev/ttyUSB0' }), /whichever adapter/, next)
  })

  test('says where to look when such a port has no lasting name', async () => {
    put('dev/ttyACM0', '')
    await only('warn', board({ port: '/dev/ttyACM0' }), /whichever adapter/, /ls -l \/dev\/serial/)
  })

  test.each([
    ['sys/class/tty/console/active', 'tty0 ttyAMA0\n'],
    ['proc/cmdline', 'console=ttyAMA0,115200 console=tty1 root=/dev/mmcblk0p2\n'],
  ])('keeps the console of the kernel off the port of a sign (%s)', async (path, text) => {
    put(path, text)
    link('dev/serial0', 'ttyAMA0')
    const next = /take console=ttyAMA0/
    await only('FAIL', board({ port: '/dev/serial0' }), /kernel writes its console/, next)
    expect((await check(board())).wrong).toEqual([])
  })

  test('has a port of the board itself keep its name', async () => {
    expect((await check(board({ port: '/dev/ttyAMA0' }))).wrong).toEqual([])
  })

  test('warns of a card by number, with its id', async () => {
    await only('warn', board({ device: 'plughw:1' }), /by a number/, /plughw:CARD=Device/)
  })

  test('refuses a card that can only listen', async () => {
    put('proc/asound/card1/pcm0c/info', '')
    await only('FAIL', board(), /nothing to play with/, /another card/)
    put('proc/asound/card1/pcm0p/info', '')
    expect((await check(board())).wrong).toEqual([])
  })

  test('warns of two cards of one kind', async () => {
    put('proc/asound/cards', ' 1 [Device         ]: USB-Audio - a\n 2 [Device_1       ]: USB-Audio - b\n')
    await only('warn', board(), /Device and Device_1/, /by-path/)
    link('dev/snd/by-path/platform-usb-0:1.3:1.0', '../controlC2')
    put('dev/snd/controlC2', '')
    const { wrong } = await check(board({ device: '/dev/snd/by-path/platform-usb-0:1.3:1.0' }))
    expect(wrong).toEqual([])
  })

  test('looks for uhubctl where sockets are to be switched', async () => {
    const more = 'usbPower: [{ adapter: gate, hub: "1-1", port: 2 }]'
    await only('warn', board({ more }), /uhubctl is not installed/, /apt install uhubctl/)
    put('usr/sbin/uhubctl', '')
    expect((await check(board({ more }))).wrong).toEqual([])
  })
})
