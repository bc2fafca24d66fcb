import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { PageManner } from '../../../agent/ports/signboard.ts'
import type { SerialSettings } from '../../../drivers/serial/serial-link.ts'
import { type AlphaConfig, openAlphaSignboard } from '../../../drivers/signboard/alpha/alpha-signboard.ts'
import { openLayoutFile } from '../../../drivers/signboard/alpha/layout-file.ts'
import { FakePort, noPty } from '../../fakes/pty.ts'
import { ALPHA, AlphaSign } from '../../fakes/signs/alpha.ts'
import { litOf } from '../../fakes/signs/dots.ts'
import { until } from '../../fakes/until.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const PLAIN: PageManner = { mode: 'still', color: AMBER, urgent: false }
const ALERT: PageManner = { ...PLAIN, urgent: true }
const CONFIG = { ...ALPHA, content: 'raster', answers: true, baud: 57_600 } as const
const RESET = 'E$'

const frameOf = (...lit: readonly number[]) => {
  const rgb = new Uint8Array(CONFIG.width * CONFIG.height * 3)
  for (const pixel of lit) rgb.fill(255, pixel * 3, pixel * 3 + 3)
  return { width: CONFIG.width, height: CONFIG.height, rgb }
}
const seenOf = (frame: ReturnType<typeof frameOf>): string => litOf(CONFIG)(frame.rgb)

const onPort = async (sign: AlphaSign) => {
  const port = await FakePort.create((bytes) => {
    for (const { apply, ack } of sign.feed(bytes)) {
      apply()
      if (ack !== undefined) port.send(ack)
    }
  })
  await port.plug()
  return port
}
const opened = (port: FakePort, folder: string | undefined, more: Partial<AlphaConfig> = {}) =>
  openAlphaSignboard({ ...CONFIG, port: port.path, ...more }, () => NOW, openLayoutFile(folder, 'gate'), {
    timing: { retryMs: { least: 20, most: 100 }, farewellMs: 5000, replyMs: 200 },
    restartMs: 20,
  })

describe.skipIf(noPty)('an Alpha sign', () => {
  test('is laid out once, remembers it over restarts, and anew when it has forgotten', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loa-alpha-'))
    const sign = new AlphaSign(true)
    sign.labels = '0'
    await using port = await onPort(sign)
    const resets = () => sign.orders.filter((order) => order === RESET).length
    {
      await using board = await opened(port, folder)
      board.show(frameOf(1, 40), 'a', PLAIN)
      await until('the first picture', () => sign.seen() === seenOf(frameOf(1, 40)))
      expect(resets()).toBe(1)
    }
    expect(await readFile(join(folder, 'signs', 'gate.layout'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    {
      await using board = await opened(port, folder)
      board.show(frameOf(2), 'b', PLAIN)
      await until('the second picture', () => sign.seen() === seenOf(frameOf(2)))
      expect(resets()).toBe(1)

      sign.labels = '0'
      board.show(frameOf(3), 'c', PLAIN)
      await until('the third picture', () => sign.seen() === seenOf(frameOf(3)))
      expect(resets()).toBe(2)
    }
    await rm(folder, { recursive: true, force: true })
  })

  test('an alert is in the priority file over the page, which comes back by itself', async () => {
    const sign = new AlphaSign(false)
    await using port = await onPort(sign)
    const folder = await mkdtemp(join(tmpdir(), 'loa-alpha-'))
    openLayoutFile(folder, 'gate').remember('of another size')
    await using board = await opened(port, folder, { answers: false })
    board.show(frameOf(1), 'trang', PLAIN)
    await until('the page', () => sign.seen() === seenOf(frameOf(1)))
    board.show(frameOf(2), 'lũ về', ALERT)
    await until('the alert', () => sign.seen() === seenOf(frameOf(2)))
    expect(sign.orders.at(-1)).toBe('A0\x1b0b\x14Q')
    expect(sign.orders).toEqual(expect.arrayContaining(['E 1000', 'E;112226', 'E&1']))
    board.show(frameOf(1), 'trang', PLAIN)
    await until('the page again', () => sign.seen() === seenOf(frameOf(1)))
    expect(sign.orders.at(-1)).toBe('A0')
    await rm(folder, { recursive: true, force: true })
  })

  test('a layout that cannot be kept on disk is remembered while the agent runs', () => {
    const memory = openLayoutFile('package.json', 'gate')
    expect(memory.recall()).toBeUndefined()
    memory.remember('a layout')
    expect(memory.recall()).toBe('a layout')
    memory.remember(undefined)
    expect(memory.recall()).toBeUndefined()
  })

  test('the line is of seven bits with even parity', async () => {
    const settings: SerialSettings[] = []
    await using board = await openAlphaSignboard(
      { ...CONFIG, port: '/dev/none' },
      () => NOW,
      openLayoutFile(undefined, 'gate'),
      {
        timing: { firstOpenMs: 50 },
        openPort: (asked) => {
          settings.push(asked)
          return Promise.reject(new Error('not there'))
        },
      },
    )
    expect(board.health.ok).toBe(false)
    expect(settings[0]).toMatchObject({ baudRate: 57_600, dataBits: 7, parity: 'even', stopBits: 1 })
  })
})
