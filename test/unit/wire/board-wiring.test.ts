import { describe, expect, it } from 'vitest'
import { readBoard } from '../../../agent/wire/board.ts'
import { BOARD, pathsOf } from '../../fixtures/board.ts'
import { changed } from '../../fixtures/documents.ts'

describe('what is wired to a board', () => {
  it('a virtual contact takes no line; hold time and key switch are for emergency contacts alone', () => {
    const file = { id: 'alarm', role: 'emergency', driver: 'virtual', level: 'alarm.level' }
    const guarded = { ...file, holdMs: 2_000, keySwitch: { level: 'key.level' } }
    expect(readBoard(changed(BOARD, 'inputs', [guarded]), 'x').inputs).toEqual([
      { ...guarded, debounceMs: 50 },
    ])
    expect(pathsOf(changed(BOARD, 'inputs', [{ ...guarded, role: 'door' }]))).toEqual([
      'inputs.0.holdMs',
      'inputs.0.keySwitch',
    ])
    const line = {
      id: 'alarm',
      role: 'emergency',
      driver: 'gpiochip',
      chip: 'gpiochip0',
      line: 5,
      bias: 'pull-up',
    }
    const keyed = (key: number) =>
      changed(BOARD, 'inputs', [{ ...line, keySwitch: { chip: 'gpiochip0', line: key } }])
    expect(readBoard(keyed(6), 'x').inputs).toMatchObject([
      { bias: 'pull-up', keySwitch: { activeLow: false } },
    ])
    expect(pathsOf(keyed(17))).toEqual(['inputs.0.keySwitch.line'])
    expect(pathsOf(keyed(5))).toEqual(['inputs.0.keySwitch.line'])
  })

  it('the lead time of a transmitter is its settle time; other amplifiers have none', () => {
    const fm = { id: 'fm', driver: 'none', role: 'transmitter', leadMs: 3_000 }
    const [read] = readBoard(changed(BOARD, 'amplifiers', [fm]), 'x').amplifiers
    expect(read).toMatchObject({ role: 'transmitter', settleMs: 3_000 })
    expect(read).not.toHaveProperty('leadMs')
    expect(pathsOf(changed(BOARD, 'amplifiers', [{ ...fm, role: 'amplifier' }]))).toEqual([
      'amplifiers.0.leadMs',
    ])
  })

  it('an amplifier that shares a relay names one that has its own, and takes over its times', () => {
    const hall = { id: 'hall', driver: 'none', settleMs: 700, signs: ['gate'] }
    const yard = { id: 'yard', driver: 'shared', relay: 'hall' }
    const board = changed(BOARD, 'amplifiers', [yard, hall])
    expect(readBoard(board, 'x').amplifiers[0]).toMatchObject({ ...yard, settleMs: 700, maxOnMinutes: 240 })
    for (const relay of ['yard', 'nobody'])
      expect(pathsOf(changed(board, 'amplifiers.0.relay', relay))).toEqual(['amplifiers.0.relay'])
    expect(pathsOf(changed(board, 'amplifiers.1.signs.0', 'roof'))).toEqual(['amplifiers.1.signs.0'])
  })
})
