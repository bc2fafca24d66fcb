import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { PageManner } from '../../../agent/ports/signboard.ts'
import { SignControl } from '../../../agent/services/sign-control.ts'
import { type Bx5kConfig, openBx5kSignboard } from '../../../drivers/signboard/onbon/bx5k-signboard.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { FakePort, noPty } from '../../fakes/pty.ts'
import { FONT_CARD, FontCard } from '../../fakes/signs/onbon.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { until } from '../../fakes/until.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const ALERT: PageManner = { mode: 'scroll', color: AMBER, urgent: true }
const DARK = {
  width: FONT_CARD.width,
  height: FONT_CARD.height,
  rgb: new Uint8Array(FONT_CARD.width * FONT_CARD.height * 3),
}

const benched = async (more: Partial<Bx5kConfig> = {}, wall = () => NOW) => {
  const card = new FontCard()
  const port = await FakePort.create((bytes) => {
    for (const { apply, ack } of card.feed(bytes)) {
      apply()
      if (ack !== undefined) port.send(ack)
    }
  })
  await port.plug()
  const sign = await openBx5kSignboard({ ...FONT_CARD, port: port.path, ...more }, wall, {
    timing: { retryMs: { least: 20, most: 100 }, replyMs: 200 },
  })
  return {
    card,
    sign,
    port,
    areas: () => card.packets.filter(({ group, command }) => group === 0xa3 && command === 0x06).length,
    [Symbol.asyncDispose]: async () => {
      await sign[Symbol.asyncDispose]()
      await port[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(noPty)('a font card of Onbon', () => {
  test('keeps an alert while the agent lives, and takes it off by itself when the agent is gone', async () => {
    await using bench = await benched({ watchdogSeconds: 1 })
    const { card, sign, port, areas } = bench
    sign.show(DARK, 'LU VE', ALERT)
    await until('the alert', () => card.seen() === 'LU VE')
    const stale = new Set<string | undefined>()
    const end = performance.now() + 2200
    await until('more than two times of the watchdog', () => {
      stale.add(card.seen())
      return performance.now() > end
    })
    expect([...stale]).toEqual(['LU VE'])
    expect(areas()).toBeGreaterThanOrEqual(4)

    await port.unplug()
    await until('the area is gone', () => card.seen() === '')
  })

  test('shows an alert of the province without its accents, in one line that moves, which is reported', async () => {
    await using bench = await benched()
    const faults: string[] = []
    await using control = new SignControl({
      signboards: [bench.sign],
      clock: new ManualClock(),
      logger: silentLogger,
      onHealth: () => undefined,
      onPageFault: (_, sign, { kind }) => faults.push(`${sign} ${kind}`),
      onFailure: () => undefined,
    })
    const text = 'Lũ đang về, bà con di chuyển lên chỗ cao'
    control.show('alert', { pages: [{ text, seconds: 10 }] }, 'alert', 'emergency')
    await until('the alert', () => bench.card.seen() === 'Lu dang ve, ba con di chuyen len cho cao')
    expect(faults).toEqual(['gate unaccented'])
    const [area] = bench.card.packets.filter(({ group, command }) => group === 0xa3 && command === 0x06)
    const MOVES_LEFT = 3
    expect(area?.data[4 + 19]).toBe(MOVES_LEFT)
    control.clear('alert')
    await until('nothing', () => bench.card.seen() === '')
  })

  test('a page that ends takes its area off at once', async () => {
    await using bench = await benched()
    bench.sign.show(DARK, 'TIN', ALERT)
    await until('the page', () => bench.card.seen() === 'TIN')
    bench.sign.show(DARK, '', { ...ALERT, urgent: false })
    await until('nothing', () => bench.card.seen() === '')
  })

  test('is switched on and told the time when the port opens, before any page', async () => {
    await using bench = await benched()
    bench.sign.show(DARK, 'TIN', ALERT)
    await until('the page', () => bench.card.seen() === 'TIN')
    expect(bench.card.isOn).toBe(true)
    expect(bench.card.time).toBe('2620' + '11' + '22' + '10' + '00' + '00' + '07')
  })

  test('is not told a time that is plainly wrong', async () => {
    await using bench = await benched({}, () => epochMs(0))
    bench.sign.show(DARK, 'TIN', ALERT)
    await until('the page', () => bench.card.seen() === 'TIN')
    expect(bench.card.time).toBe('')
  })

  test('is dimmed only where brightness is told, once for each level', async () => {
    await using bench = await benched({ brightness: [{ from: '19:00', to: '05:00', max: 40 }] })
    const { card, sign, areas } = bench
    sign.dim(40)
    sign.show(DARK, 'TIN', ALERT)
    await until('dimmed', () => card.brightness === 6)
    card.brightness = undefined
    sign.show(DARK, 'TIN 2', ALERT)
    await until('the second page', () => card.seen() === 'TIN 2' && areas() >= 2)
    sign.dim(100)
    await until('bright again', () => card.brightness === 15)

    await using plain = await benched()
    plain.sign.dim(40)
    plain.sign.show(DARK, 'TIN', ALERT)
    await until('the page', () => plain.card.seen() === 'TIN')
    expect(plain.card.brightness).toBeUndefined()
  })

  test('what the card takes for its own controls is written otherwise', async () => {
    await using bench = await benched()
    bench.sign.show(DARK, 'A\\B\nC', ALERT)
    await until('the page', () => bench.card.seen() === 'A/B\\nC')
  })
})
