import { expect, test } from 'vitest'
import { DeliveryRig } from '../rig/delivery.ts'
import { seeded } from '../rig/seeded.ts'

const LONG = 120_000

test(
  'through kills of agent, broker and record server the province gets every record once',
  async () => {
    await using rig = await DeliveryRig.open({
      records: 400,
      perSecond: 80,
      longestLifeMs: { agent: 2500, broker: 3500, server: 5000 },
      random: seeded(75),
      onProgress: () => undefined,
    })
    const report = await rig.run()
    console.log(`delivery: ${JSON.stringify(report)}`)
    expect(report.faults).toEqual([])
    expect(report.playback).toBe(400)
    expect(report.stored).toBe(report.written)
    expect(Math.min(...Object.values(report.killed))).toBeGreaterThan(0)
  },
  LONG,
)
