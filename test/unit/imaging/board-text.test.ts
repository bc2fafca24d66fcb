import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listBoards, loadBoard } from '../../../agent/adapters/config/board-files.ts'
import { powerOnLevel } from '../../../agent/core/board/power-on.ts'
import { boardText } from '../../../scripts/imaging/board-text.ts'

const BOARDS = join(import.meta.dirname, '../../../board-configs')
const MADE = listBoards(BOARDS).filter(({ name }) => name.startsWith('rpi-') && name !== 'rpi-5')

describe('what the firmware does for a board', () => {
  it('holds every relay of every Raspberry Pi off from power-on', () => {
    expect(MADE.length).toBeGreaterThan(5)
    for (const { name } of MADE) {
      const board = loadBoard(name, BOARDS)
      const text = boardText(board)
      for (const relay of board.amplifiers)
        if (relay.driver === 'gpiochip')
          expect([name, powerOnLevel(text, relay.line)]).toEqual([name, relay.activeLow ? 'high' : 'low'])
    }
  })

  it('pulls contacts and feedback, and takes the DAC and the clock chip of the relay HAT', () => {
    const lines = boardText(loadBoard('rpi-4b-relay-hat', BOARDS)).split('\n')
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      ...['gpio=17=op,dl', 'gpio=27=ip,pu', 'gpio=22=ip,pu'],
      ...['dtoverlay=loa-i2s-dac', 'dtoverlay=loa-rtc'],
    ])
  })

  it('turns a relay off that closes on low by a high level', () => {
    const board = loadBoard('rpi-3b-plus', BOARDS)
    const inverted = board.amplifiers.map((each) =>
      each.driver === 'gpiochip' ? { ...each, activeLow: true } : each,
    )
    expect(boardText({ ...board, amplifiers: inverted })).toContain('gpio=17=op,dh\n')
  })

  it('is refused for boards that the image does not start', () => {
    expect(() => boardText(loadBoard('rpi-5', BOARDS))).toThrow('is a Raspberry Pi 5')
    expect(() => boardText(loadBoard('odroid-c4', BOARDS))).toThrow('is no Raspberry Pi')
  })
})
