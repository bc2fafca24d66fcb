import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { PageManner } from '../../../agent/ports/signboard.ts'
import {
  type Am03127Config,
  openAm03127Signboard,
} from '../../../drivers/signboard/am03127/am03127-signboard.ts'
import { FakePort, noPty } from '../../fakes/pty.ts'
import { AMPLUS, AmplusSign } from '../../fakes/signs/am03127.ts'
import { litOf } from '../../fakes/signs/dots.ts'
import { until } from '../../fakes/until.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const PLAIN: PageManner = { mode: 'still', color: AMBER, urgent: false }
const ALERT: PageManner = { ...PLAIN, urgent: true }
const SIZE = { width: 80, height: 16 } as const

const frameOf = (...lit: readonly number[]) => {
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3)
  for (const pixel of lit) rgb.fill(255, pixel * 3, pixel * 3 + 3)
  return { ...SIZE, rgb }
}
const seenOf = (frame: ReturnType<typeof frameOf>): string => litOf(SIZE)(frame.rgb)

const benched = async (more: Partial<Am03127Config> = {}) => {
  const sign = new AmplusSign(SIZE)
  const port = await FakePort.create((bytes) => {
    for (const { apply, ack } of sign.feed(bytes)) {
      apply()
      if (ack !== undefined) port.send(ack)
    }
  })
  await port.plug()
  const config = { ...AMPLUS, ...SIZE, port: port.path, baud: 115_200, ...more }
  const board = await openAm03127Signboard(config, () => NOW, {
    timing: { retryMs: { least: 20, most: 100 }, replyMs: 500, farewellMs: 2000 },
  })
  return {
    sign,
    board,
    [Symbol.asyncDispose]: async () => {
      await board[Symbol.asyncDispose]()
      await port[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(noPty)('a sign of the Amplus family', () => {
  test('shows a picture over two lines and three blocks, dark beyond its edge', async () => {
    await using bench = await benched()
    const frame = frameOf(0, 79, 80, 31, 32, 63, 64, 8 * 80 + 5, 15 * 80 + 79)
    bench.board.show(frame, 'a', PLAIN)
    await until('the picture', () => bench.sign.seen() === seenOf(frame))
    expect(bench.sign.orders.filter((order) => order.startsWith('<G'))).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((n) => `<GA${n}>`),
    )
  })

  test('its flash is written once a minute at most, for an alert and its end at once', async () => {
    await using bench = await benched()
    const { board, sign } = bench
    board.show(frameOf(1), 'a', PLAIN)
    await until('the first page', () => sign.seen() === seenOf(frameOf(1)) && board.proof === 'acknowledged')
    const written = sign.writes
    board.show(frameOf(2), 'b', PLAIN)
    const end = performance.now() + 400
    await until('a while', () => performance.now() > end)
    expect(sign.writes).toBe(written)
    expect(board.proof).toBe('waiting')

    board.show(frameOf(3), 'lũ về', ALERT)
    await until('the alert', () => sign.seen() === seenOf(frameOf(3)))
    board.show(frameOf(2), 'b', PLAIN)
    await until('the page that waited', () => sign.seen() === seenOf(frameOf(2)))
    expect(board.framesPerSecond).toBeCloseTo(1 / 60, 5)
  })

  test('its clock is set and its own timetables are deleted before the first page', async () => {
    await using bench = await benched({ brightness: [{ from: '19:00', to: '05:00', max: 30 }] })
    bench.board.show(frameOf(1), 'a', PLAIN)
    await until('dimmed', () => bench.sign.orders.includes('<BA>'))
    const { orders } = bench.sign
    expect(orders.slice(0, 2)).toEqual(['<SC>26071122100000', '<SC>26071122100000'])
    expect(orders.slice(2, 8)).toEqual(['<DTA>', '<DTB>', '<DTC>', '<DTD>', '<DTE>', '<RPA>'])
  })

  test('texts stand line by line, or move in one', async () => {
    await using bench = await benched({ content: 'text' })
    expect(bench.board.takes).toBe('text')
    bench.board.show(frameOf(), 'HOP THON\n19:30 <nha>', PLAIN)
    await until('two lines', () => bench.sign.seen() === 'HOP THON\n19:30 (nha)')
    bench.board.show(frameOf(), 'LU VE\nSO TAN', { ...ALERT, mode: 'scroll' })
    await until('one line that moves', () => bench.sign.seen() === 'LU VE SO TAN\n')
    expect(bench.sign.orders.some((order) => order.startsWith('<L1><PA><FE>'))).toBe(true)
  })
})
