import { expect, test } from 'vitest'
import { epochMs } from '../../../agent/core/time.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { openSignboard } from '../../../drivers/registry.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))

test('a graphic card is as slow as a lit panel on its wire, though a dark one is a few bytes', async () => {
  const card = { id: 'gate', driver: 'onbon-bx6', port: '/dev/none', width: 64, height: 32 }
  const board = { name: 'bench', audio: { driver: 'wav', file: 'heard.wav' }, signs: [card] }
  const [config] = readBoard(board, 'board.yaml').signs
  if (config === undefined) throw new Error('the board file has no sign')
  await using sign = await openSignboard(config, () => NOW)
  expect(sign.framesPerSecond).toBeLessThan(57_600 / 10 / (64 * 32 * 3))
})

test.each([
  ['onbon-bx5k', 'text'],
  ['onbon-bx6', 'raster'],
  ['alpha', 'raster'],
  ['am03127', 'raster'],
  ['jetfile2', 'raster'],
  ['hanover', 'raster'],
])('%s opens from a board file; without its port it is there with a fault', async (driver, takes) => {
  const gate = { id: 'gate', driver, port: '/dev/serial/by-id/usb-none', width: 64, height: 16 }
  const audio = { driver: 'wav', file: 'heard.wav' }
  const [config] = readBoard({ name: 'bench', audio, signs: [gate] }, 'board.yaml').signs
  if (config === undefined) throw new Error('the board file has no sign')
  await using sign = await openSignboard(config, () => NOW)
  expect(sign).toMatchObject({ id: 'gate', width: 64, height: 16, takes, proof: 'waiting' })
  expect(sign.health.ok).toBe(false)
  expect(sign.health.message).toContain('No such file')
})
