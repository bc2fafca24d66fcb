import { expect, test } from 'vitest'
import { NO_WAY, type Way } from '../../../agent/core/link/way.ts'
import { LinkWatch } from '../../../agent/services/link-watch.ts'
import { CABLE, FakeLinks, MODEM, WIFI } from '../../fakes/fake-links.ts'
import { openBench } from './bench.ts'

const open = () => {
  const bench = openBench()
  const links = new FakeLinks()
  const ways: Way[] = []
  const watch = new LinkWatch({
    clock: bench.clock,
    links,
    condition: () => bench.condition,
    onNewWay: (way) => ways.push(way),
  })
  return { ...bench, links, ways, watch }
}

test('each switch is one event, and whoever waits for another way hears of it within two seconds', async () => {
  const { links, watch, ways, events, live } = open()
  for (const way of [CABLE, WIFI, MODEM, NO_WAY]) {
    links.now = way
    await live(3, watch)
    if (way !== NO_WAY && way !== CABLE) expect(ways.at(-1)).toEqual(way)
    await live(17, watch)
  }
  expect(ways).toEqual([WIFI, MODEM])
  expect(events.map(({ code, severity, data }) => ({ code, severity, data }))).toEqual([
    { code: 'BEARER', severity: 'info', data: { from: 'ethernet', to: 'wifi', device: 'wlan0' } },
    { code: 'BEARER', severity: 'info', data: { from: 'wifi', to: 'cellular', device: 'wwan0' } },
    { code: 'BEARER', severity: 'info', data: { from: 'cellular', to: 'none' } },
  ])
})

test('the addresses belong to the way in use, and are gone with it', async () => {
  const { links, watch, live } = open()
  links.now = CABLE
  await live(3, watch)
  expect([watch.way, watch.addresses]).toEqual([CABLE, ['192.0.2.7']])
  links.now = NO_WAY
  await live(3, watch)
  expect([watch.way, watch.addresses]).toEqual([NO_WAY, []])
})

test('a plug that is loose for a day gives a few events an hour, and the last one tells how it is', async () => {
  const { links, watch, events, live } = open()
  links.now = CABLE
  await live(10, watch)
  for (let turn = 0; turn < 360; turn += 1) {
    links.now = turn % 2 === 0 ? WIFI : CABLE
    await live(10, watch)
  }
  expect(events.length).toBeGreaterThan(6)
  expect(events.length).toBeLessThanOrEqual(6 + 6)
  links.now = MODEM
  await live(700, watch)
  expect(events.at(-1)?.data).toMatchObject({ to: 'cellular', changes: expect.any(Number) })
})
