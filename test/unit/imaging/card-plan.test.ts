import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bootPartitionOf,
  CARD_KINDS,
  cardTable,
  namesOf,
  planCard,
} from '../../../scripts/imaging/card-plan.ts'

const MIB = 1024 * 1024

describe('the plan of a card', () => {
  it('has three partitions at whole MiB that do not overlap and have room to spare', () => {
    const bytes = fc.integer({ min: 0, max: 6000 * MIB })
    fc.assert(
      fc.property(bytes, bytes, (system, data) => {
        const plan = planCard({ system, data })
        let end = MIB
        for (const kind of CARD_KINDS) {
          expect(plan[kind].from % MIB).toBe(0)
          expect(plan[kind].from).toBeGreaterThanOrEqual(end)
          end = plan[kind].from + plan[kind].bytes
        }
        expect(plan.total).toBe(end)
        expect(plan.system.bytes - system).toBeGreaterThanOrEqual(384 * MIB)
        expect(plan.data.bytes - data).toBeGreaterThanOrEqual(256 * MIB)
      }),
    )
  })

  it('is told by a table from which the boot partition is found again', () => {
    const plan = planCard({ system: 900 * MIB, data: 100 * MIB })
    const table = cardTable(plan, '0a1b2c3d')
    expect(table.readUInt32LE(440).toString(16)).toBe('a1b2c3d')
    expect([0, 1, 2].map((i) => table.readUInt8(446 + 16 * i + 4))).toEqual([0x0c, 0x83, 0x83])
    expect(bootPartitionOf(table)).toEqual(plan.boot)
  })

  it('is found in no card that begins otherwise', () => {
    expect(() => bootPartitionOf(Buffer.alloc(512))).toThrow('no boot partition')
    expect(() => bootPartitionOf(Buffer.alloc(0))).toThrow('no boot partition')
  })

  it('has the same names for the same seed, and others for another', () => {
    expect(namesOf('a')).toEqual(namesOf('a'))
    expect(new Set([namesOf('a'), namesOf('b')].map(({ signature }) => signature)).size).toBe(2)
    expect(namesOf('a').systemUuid).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(namesOf('a').systemUuid).not.toBe(namesOf('a').dataUuid)
  })
})
