import { expect, test } from 'vitest'
import type { Outlook } from '../../../agent/core/link/outlook.ts'
import { NO_WAY, type Way } from '../../../agent/core/link/way.ts'
import { WayWatch } from '../../../agent/services/way-watch.ts'
import { CABLE } from '../../fakes/fake-links.ts'
import { openBench } from './bench.ts'

const open = () => {
  const bench = openBench()
  const world = { connected: false, way: CABLE as Way, outlook: {} as Outlook, looks: 0 }
  const watch = new WayWatch({
    clock: bench.clock,
    lookout: {
      look: () => {
        world.looks += 1
        return Promise.resolve(world.outlook)
      },
    },
    connected: () => world.connected,
    way: () => world.way,
    condition: bench.condition,
    stop: bench.stop.signal,
  })
  return { ...bench, world, watch, live: (seconds: number) => bench.live(seconds, watch) }
}
const PORTAL = 'http://probe.example/ leads to http://login.example/'

test.each([
  ['a login page', { names: 'answers', page: { found: 'other', message: PORTAL } }, 'CAPTIVE_PORTAL'],
  [
    'a login page that answers names too',
    { names: 'silent', page: { found: 'other', message: PORTAL } },
    'CAPTIVE_PORTAL',
  ],
  ['dead name servers', { names: 'silent', page: { found: 'nothing', message: 'x' } }, 'DNS'],
  ['dead name servers without a page to ask', { names: 'silent' }, 'DNS'],
  ['a dead line', { names: 'answers', page: { found: 'nothing', message: 'x' } }, 'NO_INTERNET'],
] as const)('%s is told as %o: %s, once', async (_what, outlook, code) => {
  const { world, live, condition, told } = open()
  world.outlook = outlook
  await live(300)
  expect(condition.problems).toEqual([expect.objectContaining({ code })])
  world.connected = true
  await live(5)
  expect(condition.problems).toEqual([])
  expect(told()).toEqual([`${code} warning fault`, `${code} info ok`])
})

test('where all is well outside it is the broker, and nothing is told of the network', async () => {
  const { world, live, told } = open()
  world.outlook = { names: 'answers', page: { found: 'right', message: 'http://probe.example/' } }
  await live(300)
  expect(told()).toEqual([])
  expect(world.looks).toBe(5)
})

test('nothing is asked while a broker is connected, nor in the first seconds without one, nor without any way out', async () => {
  const { world, live } = open()
  world.connected = true
  await live(300)
  world.connected = false
  await live(14)
  world.connected = true
  await live(2)
  world.connected = false
  world.way = NO_WAY
  await live(300)
  expect(world.looks).toBe(0)
})
