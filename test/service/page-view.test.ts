import { describe, expect, test } from 'vitest'
import { createZone } from '../../agent/core/schedule/zone.ts'
import type { Raster } from '../../agent/core/sign/raster.ts'
import { isoUtc } from '../../agent/core/time.ts'
import { createPageView, type PageViewParts } from '../../agent/services/page-view.ts'
import { wellFacts } from '../fakes/doctor-facts.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'

const HOUR_MS = 3_600_000

const bench = (raster?: Raster) => {
  const clock = new ManualClock()
  const { outbox } = new MemoryStateStore(() => clock.wall())
  const asked = { status: 0, facts: 0, history: 0, png: 0 }
  const drawn: Raster[] = []
  const parts = {
    clock,
    zone: createZone('Asia/Ho_Chi_Minh'),
    status: () => {
      asked.status += 1
      return { ...wellFacts.agent.status, at: isoUtc(clock.wall()) }
    },
    facts: () => {
      asked.facts += 1
      return wellFacts
    },
    outbox: {
      epoch: outbox.epoch,
      lastNumber: () => outbox.lastNumber(),
      history: (...given: Parameters<typeof outbox.history>) => {
        asked.history += 1
        return outbox.history(...given)
      },
    },
    intake: { inForce: () => [] },
    pictures: () => [
      { id: 'gate', takes: 'raster', ok: true, proof: 'sent', text: 'a', ...(raster && { raster }) } as const,
    ],
    pngOf: (picture: Raster) => {
      asked.png += 1
      drawn.push(picture)
      return 'PNG'
    },
  } satisfies PageViewParts
  const event = (code: string): void => {
    outbox.event({ at: isoUtc(clock.wall()), code, severity: 'info', data: {} })
  }
  return { clock, asked, drawn, event, view: createPageView(parts) }
}

const lit = (width: number, height: number): Raster => ({
  width,
  height,
  rgb: new Uint8Array(width * height * 3).fill(200),
})

describe('the view of the status page', () => {
  test('costs the agent no more however many look: status once a second, disk and database every ten', async () => {
    const { view, asked, clock } = bench(lit(64, 16))
    for (let second = 0; second < 10; second += 1) {
      for (let reader = 0; reader < 8; reader += 1) view()
      await clock.advance(1000)
    }
    expect(asked).toEqual({ status: 10, facts: 1, history: 1, png: 1 })
    view()
    expect(asked.facts).toBe(2)
  })

  test('has the records since local midnight, newest first, and anew when there is one more', async () => {
    const { view, event, clock } = bench()
    event('TAMPER')
    // 10:00 in Viet Nam: thirteen hours later a day is over, and two more are of the next.
    await clock.advance(13 * HOUR_MS)
    event('DOOR')
    await clock.advance(2 * HOUR_MS)
    expect(view().records).toEqual([])
    event('MAINS_LOST')
    event('MAINS_BACK')
    await clock.advance(1000)
    expect(view().records.map(({ record }) => 'code' in record && record.code)).toEqual([
      'MAINS_BACK',
      'MAINS_LOST',
    ])
  })

  test('has no more than a hundred records, and says that there are more', async () => {
    const { view, event } = bench()
    for (let n = 0; n < 101; n += 1) event('DOOR')
    expect(view()).toMatchObject({ recordsCut: true })
    expect(view().records).toHaveLength(100)
  })

  test('draws a large sign with each n-th dot, and none of a dark one', () => {
    const large = bench(lit(1920, 1080))
    expect(large.view().signs[0]?.picture).toEqual({ png: 'PNG', width: 214, height: 120 })
    expect(large.drawn[0]?.rgb).toHaveLength(214 * 120 * 3)
    const dark = bench({ width: 8, height: 8, rgb: new Uint8Array(192) })
    expect(dark.view().signs[0]).toEqual({ id: 'gate', takes: 'raster', ok: true, proof: 'sent', text: 'a' })
  })
})
