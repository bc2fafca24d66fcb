import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listBoards, loadBoard } from '../../../agent/adapters/config/board-files.ts'
import { headerOfBoard, pinOfLine } from '../../../agent/core/board/header.ts'
import { HEADERS } from '../../../agent/core/board/headers.ts'
import type { AmplifierConfig, BoardConfig } from '../../../agent/core/configuration.ts'

const folder = resolve('board-configs')
const boards = listBoards(folder)

const gpioRelays = (board: BoardConfig) =>
  board.amplifiers.filter(
    (amplifier): amplifier is Extract<AmplifierConfig, { driver: 'gpiochip' }> =>
      amplifier.driver === 'gpiochip',
  )

it('there is a board file for every machine the project names', () => {
  expect(boards.map(({ name }) => name)).toEqual([
    'libretech-cc',
    'nanopi-neo2',
    'odroid-c4',
    'orangepi-5',
    'orangepi-zero-3',
    'rpi-3b-plus-alpha',
    'rpi-3b-plus-am03127',
    'rpi-3b-plus-local-sign',
    'rpi-3b-plus-onbon-bx5k',
    'rpi-3b-plus',
    'rpi-4b-hdmi-wall',
    'rpi-4b-relay-hat',
    'rpi-5',
    'rpi-cm4-io',
    'rpi-zero-2w',
    'virtual',
  ])
})

it('eight kinds of boards and more have their header in the model', () => {
  const titles = boards.flatMap((listing) =>
    'board' in listing ? [headerOfBoard(HEADERS, listing.board.models)?.title ?? 'any'] : [],
  )
  expect(new Set(titles).size).toBeGreaterThanOrEqual(9)
})

describe.each(boards.map(({ name }) => name))('the board file %s', (name) => {
  const text = readFileSync(resolve(folder, `${name}.yaml`), 'utf8')

  it('is valid and carries the name of its file', () => {
    expect(loadBoard(name, folder).name).toBe(name)
  })

  it('leaves nothing about its relays and its sound to defaults', () => {
    for (const key of [
      'models',
      'clock',
      'rate',
      'channels',
      'bufferMs',
      'settleMs',
      'holdMs',
      'minOffMs',
      'maxOnMinutes',
    ])
      expect(text, key).toMatch(new RegExp(`\\b${key}:`))
  })

  it('keeps relays off the I2S pins, finds chips by label and notes the wiring of every relay', () => {
    const board = loadBoard(name, folder)
    for (const { chip, line, activeLow } of gpioRelays(board)) {
      expect(chip).not.toMatch(/^gpiochip/)
      if (chip.startsWith('pinctrl-')) {
        expect([0, 1, 2, 3, 18, 19, 20, 21]).not.toContain(line)
        expect(text).toContain(`gpio=${line}=op,${activeLow ? 'dh' : 'dl'}`)
      }
      expect(text).toMatch(new RegExp(`^# +amplifier relay +\\d+ +${line}\\b`, 'm'))
      expect(text).toContain('10 kOhm')
    }
  })

  it('wires to pins of its header, each of them the one that its wiring notes name', () => {
    const board = loadBoard(name, folder)
    const header = headerOfBoard(HEADERS, board.models)
    expect(header === undefined).toBe(name === 'virtual')
    if (header === undefined) return
    for (const relay of gpioRelays(board)) {
      const pin = pinOfLine(header, relay)
      expect(pin?.use).toBe(undefined)
      expect(text).toMatch(new RegExp(`^# +amplifier relay +${pin?.number} +${relay.line}\\b`, 'm'))
    }
    for (const input of board.inputs) {
      const pin = input.driver === 'gpiochip' ? pinOfLine(header, input) : undefined
      expect(text).toMatch(new RegExp(`^# +mains present +${pin?.number} `, 'm'))
    }
  })

  it('names sound cards and signs by what does not change at a restart', () => {
    const board = loadBoard(name, folder)
    if (board.audio.driver === 'alsa') expect(board.audio.device).toMatch(/^plughw:CARD=[A-Za-z]/)
    for (const sign of board.signs) if ('port' in sign) expect(sign.port).toMatch(/^\/dev\/serial\/by-id\//)
  })
})

it('the virtual board fits any machine, trusts its clock and leaves its traces in the state folder', () => {
  expect(loadBoard('virtual', folder)).toMatchObject({
    models: [],
    clock: 'trusted',
    audio: { driver: 'wav', file: 'heard.wav' },
    amplifiers: [{ id: 'main', driver: 'virtual', trace: 'trace.jsonl' }],
    signs: [{ id: 'gate', driver: 'virtual', width: 64, height: 16, trace: 'trace.jsonl' }],
  })
})

it('the relay HAT board is the one of the contract', () => {
  expect(loadBoard('rpi-4b-relay-hat', folder)).toMatchObject({
    models: ['Raspberry Pi 4 Model B'],
    clock: 'rtc',
    audio: { driver: 'alsa', device: 'plughw:CARD=sndrpihifiberry', rate: 48000, channels: 1, bufferMs: 500 },
    amplifiers: [
      {
        id: 'main',
        line: 17,
        activeLow: false,
        settleMs: 800,
        holdMs: 500,
        minOffMs: 2000,
        maxOnMinutes: 240,
        feedback: { line: 27, activeLow: true, withinMs: 200 },
      },
    ],
    inputs: [{ id: 'mains', role: 'mains', line: 22, activeLow: true, debounceMs: 50 }],
    signs: [{ id: 'gate', driver: 'adalight', baud: 921600, width: 64, height: 16, layout: 'serpentine' }],
  })
})
