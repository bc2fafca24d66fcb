import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '../../../agent/cli/run.ts'
import { fitsModel } from '../../../agent/core/board-model.ts'
import { fakeIo } from '../../fakes/cli-io.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-machine-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
type Answer = {
  readonly valid?: boolean
  readonly checks?: readonly { readonly level: string; readonly what: string; readonly next?: string }[]
  readonly warnings?: readonly { readonly path: string; readonly message: string }[]
  readonly faults?: readonly { readonly path: string }[]
}

const call = async (...argv: string[]) => {
  const edge = fakeIo({ root })
  const code = await runCommand([...argv, '--json'], edge.io)
  return { code, value: JSON.parse(edge.out()) as Answer, err: edge.err() }
}

const BOARD = `
name: test-board
models: ["Raspberry Pi 4 Model B"]
audio: { driver: alsa, device: "plughw:CARD=sndrpihifiberry" }
amplifiers:
  - { id: main, driver: gpiochip, chip: gpiochip0, line: 17 }
signs:
  - { id: gate, driver: adalight, port: /dev/serial/by-id/usb-x, baud: 921600, width: 64, height: 16, color: rgb, layout: rows }
`

const wholeMachine = (): void => {
  put('proc/device-tree/model', 'Raspberry Pi 4 Model B Rev 1.5\0')
  put(
    'proc/asound/cards',
    ' 0 [sndrpihifiberry]: RPi-simple - snd_rpi_hifiberry_dac\n                      snd_rpi\n',
  )
  put('dev/gpiochip0', '')
  put('dev/serial/by-id/usb-x', '')
  put('board.yaml', BOARD)
}
const levels = (value: Answer): unknown[] => (value.checks ?? []).map(({ level }) => level)

describe('board check', () => {
  test('is content with a machine that has everything', async () => {
    wholeMachine()
    const { code, value } = await call('board', 'check', join(root, 'board.yaml'))
    expect(code).toBe(0)
    expect(levels(value)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok'])
  })

  test.each([
    ['proc/device-tree/model', 'Raspberry Pi 3 Model B Plus Rev 1.3\0', 'Raspberry Pi 3'],
    ['proc/asound/cards', ' 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n', 'sndrpihifiberry'],
    ['board.yaml', BOARD.replace('gpiochip0', 'gpiochip4'), 'gpiochip4'],
    ['board.yaml', BOARD.replace('by-id/usb-x', 'by-id/usb-y'), 'by-id/usb-y'],
  ])('names what is wrong, with the next action (%s)', async (path, text, words) => {
    wholeMachine()
    put(path, text)
    const { code, value } = await call('board', 'check', join(root, 'board.yaml'))
    const failed = (value.checks ?? []).filter(({ level }) => level === 'FAIL')
    expect(code).toBe(1)
    expect(failed).toHaveLength(1)
    expect(failed[0]?.what).toContain(words)
    expect(failed[0]?.next).toBeTruthy()
  })

  test('warns, without a fault, of what cannot be told from here', async () => {
    wholeMachine()
    rmSync(join(root, 'proc/device-tree'), { recursive: true })
    put(
      'board.yaml',
      BOARD.replace('gpiochip0', 'pinctrl-bcm2711').replace('plughw:CARD=sndrpihifiberry', 'default'),
    )
    const { code, value } = await call('board', 'check', join(root, 'board.yaml'))
    expect(code).toBe(0)
    expect(levels(value)).toEqual(['ok', 'warn', 'warn', 'warn', 'ok'])
  })

  test('finds a chip by its label where the kernel shows labels', async () => {
    wholeMachine()
    put('sys/class/gpio/gpiochip512/label', 'pinctrl-bcm2711\n')
    put('board.yaml', BOARD.replace('gpiochip0', 'pinctrl-bcm2711'))
    expect((await call('board', 'check', join(root, 'board.yaml'))).code).toBe(0)
    put('board.yaml', BOARD.replace('gpiochip0', 'pinctrl-rp1'))
    expect((await call('board', 'check', join(root, 'board.yaml'))).code).toBe(1)
  })

  test('reports every fault of a file that is not valid, and exits 2', async () => {
    put('board.yaml', 'name: x\nmodels: 3\ncolour: red\naudio: { driver: alsa, device: d }\n')
    const { code, value } = await call('board', 'check', join(root, 'board.yaml'))
    expect(code).toBe(2)
    const paths = (value.faults ?? []).map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['models', 'colour']))
  })
})

describe('board detect', () => {
  test('names the boards made for this machine', async () => {
    put('proc/device-tree/model', 'Raspberry Pi 5 Model B Rev 1.0\0')
    const { code, value } = await call('board', 'detect')
    expect({ code, value }).toEqual({
      code: 0,
      value: { model: 'Raspberry Pi 5 Model B Rev 1.0', boards: ['rpi-5'] },
    })
  })

  test('exits 1 when there is none', async () => {
    put('proc/device-tree/model', 'Toaster\0')
    expect((await call('board', 'detect')).code).toBe(1)
  })
})

describe('board list', () => {
  test('shows every board file that ships, all valid', async () => {
    const { code, value } = await call('board', 'list')
    const boards = value as unknown as { name: string; valid: boolean }[]
    expect(code).toBe(0)
    expect(boards.map(({ name }) => name)).toContain('virtual')
    expect(boards.every(({ valid }) => valid)).toBe(true)
  })
})

describe('config check', () => {
  test('reports every fault with its path, and exits 2', async () => {
    put('agent.yaml', 'device: { id: "", province: 75 }\nboard: virtual\nmqqt: {}\n')
    const { code, value } = await call('config', 'check', join(root, 'agent.yaml'))
    expect(code).toBe(2)
    expect(value.valid).toBe(false)
    const paths = (value.faults ?? []).map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['device.id', 'device.province', 'mqqt']))
  })

  test('warns of files that are missing or open to others, and exits 0: the agent starts all the same', async () => {
    writeFileSync(join(root, 'password'), 'x', { mode: 0o600 })
    chmodSync(join(root, 'password'), 0o644)
    const files = { username: 'd-1', passwordFile: join(root, 'password'), ca: join(root, 'nowhere.pem') }
    put(
      'agent.yaml',
      `device: { id: d-1, province: "75", commune: "26068" }\nboard: virtual\nmqtt: ${JSON.stringify({ urls: ['mqtt://127.0.0.1'], ...files })}\nsecurity: { signatures: off }\n`,
    )
    const { code, value } = await call('config', 'check', join(root, 'agent.yaml'))
    expect([code, value.valid]).toEqual([0, true])
    expect(value).toMatchObject({
      warnings: [
        { path: 'mqtt.ca', message: expect.stringContaining('ENOENT') },
        { path: 'mqtt.passwordFile', message: expect.stringMatching(/everybody.*0644.*chmod 0640/) },
      ],
    })
  })

  test('exits 0 for a valid file', async () => {
    put(
      'agent.yaml',
      'device: { id: d-1, province: "75", commune: "26068" }\nboard: virtual\nmqtt: { urls: ["mqtt://127.0.0.1"] }\nsecurity: { signatures: off }\n',
    )
    expect((await call('config', 'check', join(root, 'agent.yaml'))).code).toBe(0)
  })
})

describe('a model', () => {
  test.each([
    [['Raspberry Pi 4 Model B'], 'Raspberry Pi 4 Model B Rev 1.5', true],
    [['Raspberry Pi 3 Model B'], 'Raspberry Pi 3 Model B Plus Rev 1.3', false],
    [['Raspberry Pi 4'], 'Raspberry Pi 400 Rev 1.0', false],
    [['OrangePi Zero3', 'Orange Pi Zero 3'], 'OrangePi Zero3', true],
    [[], undefined, true],
    [['Raspberry Pi 5'], undefined, false],
  ])('%j fits %s: %s', (models, model, fits) => expect(fitsModel(models, model)).toBe(fits))
})
