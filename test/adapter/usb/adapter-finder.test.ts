import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAdapterFinder } from '../../../agent/adapters/system/adapter-finder.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-usb-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
}
const link = (path: string, target: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  rmSync(join(root, path), { force: true })
  symlinkSync(target, join(root, path))
}

const BY_ID = '/dev/serial/by-id/usb-FTDI_A1-if00-port0'
const GATE = { id: 'gate', kind: 'port', name: BY_ID } as const

/** The kernel and udev, when a serial adapter is plugged into a socket. */
const plugSerial = (node: string, usb: string): void => {
  put(`dev/${node}`)
  link(BY_ID.slice(1), `../../${node}`)
  mkdirSync(join(root, `sys/devices/usb1/1-1/${usb}/${usb}:1.0/${node}`), { recursive: true })
  link(`sys/class/tty/${node}/device`, `../../../devices/usb1/1-1/${usb}/${usb}:1.0/${node}`)
}
const plugCard = (number: number, usb: string): void => {
  const folder = `sys/devices/usb1/1-1/${usb}/${usb}:1.0/sound/card${number}`
  mkdirSync(join(root, folder), { recursive: true })
  link(`sys/class/sound/card${number}`, `../../../${folder}`)
  put(`proc/asound/card${number}/id`)
  link('proc/asound/Device', `card${number}`)
  put(`dev/snd/controlC${number}`)
  link('dev/snd/by-path/socket-3', `../controlC${number}`)
}

describe('a serial adapter', () => {
  test('is found by the name that stays, with its place on USB, and is another one when it was plugged in anew', () => {
    const finder = createAdapterFinder(root)
    expect(finder.find(GATE)).toBe(undefined)
    plugSerial('ttyUSB0', '1-1.3')
    const first = finder.find(GATE)
    expect(first?.usb).toBe('1-1.3')
    expect(finder.find(GATE)).toEqual(first)
    // It comes back under another number, while the old link is still there for a moment.
    rmSync(join(root, 'dev/ttyUSB0'))
    expect(finder.find(GATE)).toBe(undefined)
    plugSerial('ttyUSB1', '1-1.2')
    expect(finder.find(GATE)?.usb).toBe('1-1.2')
    expect(finder.find(GATE)?.identity).not.toBe(first?.identity)
  })

  test('that is named by a number has a better name', () => {
    plugSerial('ttyUSB0', '1-1.3')
    const finder = createAdapterFinder(root)
    expect(finder.betterName({ ...GATE, name: '/dev/ttyUSB0' })).toBe(BY_ID)
    expect(finder.betterName(GATE)).toBe(undefined)
    put('dev/ttyAMA0')
    expect(finder.betterName({ ...GATE, name: '/dev/ttyAMA0' })).toBe(undefined)
  })

  test('without a serial number of its own is named by its socket', () => {
    put('dev/ttyUSB0')
    link('dev/serial/by-path/platform-usb-0:1.3:1.0-port0', '../../ttyUSB0')
    expect(createAdapterFinder(root).betterName({ ...GATE, name: '/dev/ttyUSB0' })).toBe(
      '/dev/serial/by-path/platform-usb-0:1.3:1.0-port0',
    )
  })
})

describe('a sound card', () => {
  test.each(['Device', '2', '/dev/snd/by-path/socket-3'])('is found as %s, with its place on USB', (name) => {
    const finder = createAdapterFinder(root)
    const card = { id: 'sound', kind: 'card', name } as const
    expect(finder.find(card)).toBe(undefined)
    plugCard(2, '1-1.4')
    expect(finder.find(card)?.usb).toBe('1-1.4')
    rmSync(join(root, 'sys/class/sound/card2'))
    rmSync(join(root, 'proc/asound'), { recursive: true })
    rmSync(join(root, 'dev/snd'), { recursive: true })
    expect(finder.find(card)).toBe(undefined)
  })

  test('of a HAT has no place on USB', () => {
    put('proc/asound/card0/id')
    link('proc/asound/sndrpihifiberry', 'card0')
    mkdirSync(join(root, 'sys/devices/platform/soc/soc:sound/sound/card0'), { recursive: true })
    link('sys/class/sound/card0', '../../devices/platform/soc/soc:sound/sound/card0')
    const place = createAdapterFinder(root).find({ id: 'sound', kind: 'card', name: 'sndrpihifiberry' })
    expect(place).toEqual({ identity: expect.any(String) })
  })
})
