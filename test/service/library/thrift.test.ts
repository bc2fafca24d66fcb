import { expect, test } from 'vitest'
import { latestStarts } from '../../../agent/core/link/latest-start.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { makeRig, needed, publish } from './rig.ts'

/** Files are needed 19 h after the start, and each an hour after the one before. */
const HOUR_MS = 3_600_000

/** A library over a link that costs, until it does not. */
const makeThrifty = () => {
  const link = { metered: true }
  const rig = makeRig({
    putOff: (files) =>
      new Map(
        link.metered ? [...latestStarts(files())].filter(([, latest]) => latest > rig.clock.wall()) : [],
      ),
  })
  return Object.assign(rig, { link })
}

test('files wait for their last safe moment, and are then fetched one after another before they are due', async () => {
  await using rig = makeThrifty()
  const refs = [publish(rig, 'a'), publish(rig, 'b'), publish(rig, 'c')]
  rig.library.want(needed(...refs))
  await rig.quiet()
  await rig.clock.advance(16 * HOUR_MS)
  expect(rig.servers.asked).toEqual([])
  const [first] = rig.library.overview().files
  expect(first).toMatchObject({ state: 'missing', waitsUntil: expect.stringContaining('T19:') })
  await rig.clock.advance(HOUR_MS)
  await rig.quiet()
  expect(refs.map(({ sha256 }) => rig.library.stateOf(sha256).state)).toEqual(['ready', 'missing', 'missing'])
  await rig.clock.advance(HOUR_MS)
  await rig.quiet()
  await rig.clock.advance(HOUR_MS)
  await rig.quiet()
  expect(refs.map(({ sha256 }) => rig.library.stateOf(sha256).state)).toEqual(['ready', 'ready', 'ready'])
})

test('a link that costs nothing has them fetched at once', async () => {
  await using rig = makeThrifty()
  const ref = publish(rig, 'a')
  rig.library.want(needed(ref))
  await rig.quiet()
  expect(rig.library.stateOf(ref.sha256).state).toBe('missing')
  rig.link.metered = false
  rig.library.reconsider()
  await rig.quiet()
  expect(rig.library.stateOf(ref.sha256).state).toBe('ready')
  expect(rig.library.overview().files[0]).not.toHaveProperty('waitsUntil')
})

test('what is needed now does not wait, however many others do', async () => {
  await using rig = makeThrifty()
  const later = Array.from({ length: 5 }, (_, index) => publish(rig, `later-${index}`))
  const now = publish(rig, 'alert')
  rig.library.want([{ ref: now, neededAt: rig.clock.wall() }, ...needed(...later)])
  await rig.quiet()
  expect(rig.library.stateOf(now.sha256).state).toBe('ready')
  expect(later.map(({ sha256 }) => rig.library.stateOf(sha256).state)).not.toContain('ready')
})

test('one that comes to be needed sooner is fetched when that is known', async () => {
  await using rig = makeThrifty()
  const ref = publish(rig, 'a')
  rig.library.want(needed(ref))
  await rig.quiet()
  rig.library.want([{ ref, neededAt: epochMs(rig.clock.wall() + HOUR_MS) }])
  await rig.quiet()
  expect(rig.library.stateOf(ref.sha256).state).toBe('ready')
})
