import { describe, expect, it } from 'vitest'
import { readBoard } from '../../../agent/wire/board.ts'
import { ConfigFault } from '../../../agent/wire/config-fault.ts'
import type { JsonObject } from '../../fixtures/documents.ts'

const BOARD: JsonObject = { name: 'bench', audio: { driver: 'wav', file: 'heard.wav' } }

const pathsOf = (value: unknown): readonly string[] => {
  try {
    readBoard(value, 'board.yaml')
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault.faults.map(({ path }) => path)
    throw fault
  }
  return []
}

const CONTROLLERS: Readonly<Record<string, JsonObject>> = {
  'onbon-bx5k': { baud: 57_600, color: 'mono', address: 1, watchdogSeconds: 60, utcHours: 7 },
  'onbon-bx6': { baud: 57_600, color: 'rgb', address: 1, deviceType: 0x0266, watchdogSeconds: 60 },
  alpha: {
    baud: 9600,
    color: 'rgb',
    content: 'raster',
    type: 'Z',
    address: '00',
    answers: false,
    utcHours: 7,
  },
  am03127: { baud: 9600, color: 'mono', content: 'raster', signId: 1, utcHours: 7 },
  jetfile2: {
    baud: 9600,
    color: 'rgb',
    content: 'raster',
    group: 0,
    unit: 0,
    watchdogSeconds: 60,
    utcHours: 7,
  },
  hanover: { baud: 4800, address: 1 },
}
const boughtSign = (driver: string, more: JsonObject = {}) => ({
  id: 'gate',
  driver,
  port: '/dev/ttyUSB0',
  width: 64,
  height: 16,
  ...more,
})

describe('signs with a controller of their own', () => {
  it.each(Object.keys(CONTROLLERS))('%s gets its defaults', (driver) => {
    const [sign] = readBoard({ ...BOARD, signs: [boughtSign(driver)] }, 'x').signs
    expect(sign).toEqual({ ...boughtSign(driver), ...CONTROLLERS[driver] })
  })

  it.each([
    ['onbon-bx5k', { width: 60 }, 'width'],
    ['onbon-bx5k', { watchdogSeconds: 5 }, 'watchdogSeconds'],
    ['onbon-bx5k', { content: 'raster' }, 'content'],
    ['alpha', { height: 32 }, 'height'],
    ['alpha', { address: '0' }, 'address'],
    ['alpha', { type: 'ZZ' }, 'type'],
    ['alpha', { height: 7 }, 'content'],
    ['am03127', { signId: 256 }, 'signId'],
    ['am03127', { width: 513 }, 'width'],
    ['am03127', { height: 8 }, 'content'],
    ['jetfile2', { unit: -1 }, 'unit'],
    ['jetfile2', { height: 14 }, 'content'],
    ['hanover', { address: 16 }, 'address'],
  ])('%s: a wrong %o is named', (driver, more, key) => {
    expect(pathsOf({ ...BOARD, signs: [boughtSign(driver, more)] })).toEqual([`signs.0.${key}`])
  })

  it('few rows are enough for a controller that draws texts itself', () => {
    const small = boughtSign('am03127', { height: 7, content: 'text' })
    expect(pathsOf({ ...BOARD, signs: [small] })).toEqual([])
  })
})
