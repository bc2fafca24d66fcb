import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWithin } from './device.ts'
import { type Incident, World } from './world.ts'

const LONG = 120_000
/** More find more: a change of delivery is worth a few thousand. */
const RUNS = 40

const often: readonly Incident['what'][] = ['write', 'carry', 'connect', 'pass']
const mishaps: readonly Incident['what'][] = [
  'twice',
  'cut',
  'broker crashes',
  'server crashes',
  'agent crashes',
  'database lost',
  'everything lost',
  'copy taken',
  'copy restored',
  'a minute',
  'a night',
  'sync',
  'sync from',
]
/** What chance alone would hardly bring about in this order. */
const rows: readonly (readonly Incident['what'][])[] = [
  ['copy taken', 'write', 'connect', 'carry', 'copy restored', 'write', 'connect', 'carry', 'write', 'carry'],
  ['copy taken', 'write', 'connect', 'carry', 'a minute', 'copy restored', 'connect', 'carry'],
  [
    'cut',
    'write',
    'write',
    'sync from',
    'copy taken',
    'a minute',
    'copy restored',
    'write',
    'connect',
    'carry',
  ],
  ['connect', 'write', 'carry', 'server crashes', 'write', 'carry'],
]
const sized = (what: Incident['what']) => fc.nat(240).map((size): Incident => ({ what, size }))
const oneOf = (names: readonly Incident['what'][]) =>
  fc.constantFrom(...names).chain((what) => fc.tuple(sized(what)))
const incidents = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: oneOf(often) },
      { weight: 8, arbitrary: oneOf(mishaps) },
      { weight: 1, arbitrary: fc.constantFrom(...rows).chain((row) => fc.tuple(...row.map(sized))) },
    ),
    { minLength: 5, maxLength: 40 },
  )
  .map((parts): readonly Incident[] => parts.flat())

/** The table of the server against the ledger of the device, at the end of all mishaps. */
const compare = (world: World): void => {
  const { device, server } = world
  const { outbox } = device
  const stored = server.stored()
  const report = server.report(outbox.epoch)
  expect(report?.findings).toEqual([])
  expect(report?.last).toBe(outbox.lastNumber())
  const hashes = new Set(stored.map(({ hash }) => hash))
  const kept = outbox.history(0 as never, 1_000_000)
  expect(kept.filter(({ record }) => !hashes.has(record.hash))).toEqual([])
  const dropped = server.gaps()
  for (const [mark, places] of device.places) {
    const found = stored.filter((each) => each.mark === mark)
    if (found.length === 0)
      expect([mark, world.isGone(mark) || isWithin(places, dropped)]).toEqual([mark, true])
    expect(new Set(found.map(({ epoch }) => epoch)).size).toBe(found.length)
  }
}

test(
  'whatever befalls agent, broker and server, the province ends up with every record once',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(8, 40, 5000),
        incidents,
        async (scheduler, limit, befalling) => {
          const world = new World(scheduler, limit)
          try {
            for (const each of befalling) {
              await world.befall(each)
              expect(world.lost).toEqual([])
            }
            await world.heal()
            expect(world.lost).toEqual([])
            compare(world)
          } finally {
            await world.close()
          }
        },
      ),
      { numRuns: RUNS },
    )
  },
  LONG,
)
