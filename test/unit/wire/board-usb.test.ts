import { describe, expect, it } from 'vitest'
import { adaptersOf } from '../../../agent/core/adapter/adapters.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { BOARD as ON_TAPE, pathsOf } from '../../fixtures/board.ts'
import { changed } from '../../fixtures/documents.ts'

const BOARD = changed(ON_TAPE, 'audio', { driver: 'alsa', device: 'plughw:CARD=Device' })

const SOCKET = { adapter: 'gate', hub: '1-1.4', port: 2 }

describe('sockets of USB hubs in a board file', () => {
  it('are none unless they are written down, and have defaults', () => {
    expect(readBoard(BOARD, 'x')).not.toHaveProperty('usbPower')
    expect(readBoard(changed(BOARD, 'usbPower', [SOCKET]), 'x').usbPower).toEqual([
      { ...SOCKET, afterSeconds: 30, offSeconds: 3, atMostADay: 4 },
    ])
  })

  it('belong to the sound card or to a sign on a port, one each', () => {
    expect(pathsOf(changed(BOARD, 'usbPower', [{ ...SOCKET, adapter: 'sound' }]))).toEqual([])
    expect(pathsOf(changed(BOARD, 'usbPower', [{ ...SOCKET, adapter: 'nobody' }]))).toEqual([
      'usbPower.0.adapter',
    ])
    expect(pathsOf(changed(BOARD, 'usbPower', [SOCKET, { ...SOCKET, port: 3 }]))).toEqual([
      'usbPower.1.adapter',
    ])
    const tape = changed(BOARD, 'audio', { driver: 'wav', file: 'heard.wav' })
    expect(pathsOf(changed(tape, 'usbPower', [{ ...SOCKET, adapter: 'sound' }]))).toEqual([
      'usbPower.0.adapter',
    ])
  })

  it.each(['-a', '1-1; reboot', '../1', '', '1-1.', '1 -a off'])('are never on a hub called %j', (hub) => {
    expect(pathsOf(changed(BOARD, 'usbPower', [{ ...SOCKET, hub }]))).toEqual(['usbPower.0.hub'])
  })

  it.each(['1', '1-1', '2-1.4.3'])('may be on the hub %s', (hub) => {
    expect(pathsOf(changed(BOARD, 'usbPower', [{ ...SOCKET, hub }]))).toEqual([])
  })
})

describe('what of a board may be plugged out', () => {
  it('is its sound card and the ports of its signs', () => {
    const board = readBoard(BOARD, 'x')
    expect(adaptersOf(board).map(({ id, kind }) => `${id} ${kind}`)).toEqual(['sound card', 'gate port'])
  })

  it('is nothing of virtual drivers, nor a sound device that names no card', () => {
    const tape = changed(BOARD, 'audio', { driver: 'wav', file: 'heard.wav' })
    const panel = { id: 'gate', driver: 'virtual', width: 64, height: 16 }
    expect(adaptersOf(readBoard(changed(tape, 'signs', [panel]), 'x'))).toEqual([])
    const nameless = changed(BOARD, 'audio', { driver: 'alsa', device: 'default' })
    expect(adaptersOf(readBoard(nameless, 'x')).map(({ id }) => id)).toEqual(['gate'])
  })

  it('is the sending card of a screen, under the name of its sign', () => {
    const card = { driver: 'novastar', port: '/dev/serial/by-id/usb-x' }
    const wall = { id: 'wall', driver: 'framebuffer', width: 320, height: 160, card }
    const board = readBoard(changed(BOARD, 'signs', [wall]), 'x')
    expect(adaptersOf(board)[1]).toEqual({ id: 'wall', kind: 'port', name: card.port })
  })
})
