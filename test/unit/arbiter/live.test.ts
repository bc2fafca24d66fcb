import { describe, expect, test } from 'vitest'
import type { Programme, Readiness } from '../../../agent/core/arbiter/programme.ts'
import type { Item } from '../../../agent/core/schedule/item.ts'
import { live, pause, programme, ready, readyWith, Stage, second } from './stage.ts'

const FRAMES = 48_000
const START = 10
/** An item of a class above cuts in after so many seconds of the first and lasts so long. */
const cutting = (
  readiness: Readiness,
  after: number,
  lasts: number,
  more: Partial<Item> = {},
): { readonly stage: Stage; readonly item: Programme; readonly cutter: Programme } => {
  const stage = new Stage()
  const item = programme('tiep-song', second(START), more)
  const cutter = programme('uu-tien', second(START + after), { class: 'priority' })
  stage.arm(item, readiness)
  stage.arm(cutter, ready(lasts))
  return { stage, item, cutter }
}
const frames = (stage: Stage): readonly number[] =>
  stage.playout.orders.filter(({ clip }) => clip.id.startsWith('tiep-song')).map(({ fromFrame }) => fromFrame)

describe('a live relay that was cut', () => {
  test('goes on live and ends at the instant it would have ended; what was not heard is not counted', () => {
    const { stage, item } = cutting(readyWith(live(100)), 30, 20)
    stage.to(START + 99.5)
    expect(stage.records.get(item.key)).toBeUndefined()
    stage.to(START + 100.5)
    expect(stage.records.get(item.key)).toMatchObject({
      outcome: { result: 'partial', reason: 'LATE' },
      playedSeconds: 80,
      cuts: 1,
    })
    expect(frames(stage)).toEqual([0, 50 * FRAMES])
  })

  test('is left out when it would be over by now, and the part after it follows', () => {
    const { stage, item } = cutting(readyWith(live(40), pause(10)), 30, 20)
    stage.to(START + 30 + 20 + 10 + 0.5)
    expect(frames(stage)).toEqual([0, 40 * FRAMES])
    expect(stage.records.get(item.key)).toMatchObject({ outcome: { result: 'partial' }, playedSeconds: 40 })
  })

  test('is over when nothing follows it: preempted, with what was heard of it', () => {
    const { stage, item } = cutting(readyWith(live(40)), 30, 20)
    stage.to(START + 60)
    expect(frames(stage)).toEqual([0])
    expect(stage.records.get(item.key)).toMatchObject({
      outcome: { result: 'preempted', reason: 'PREEMPTED' },
      playedSeconds: 30,
      cuts: 1,
    })
  })

  test('twice loses both cuts and still ends on its instant', () => {
    const { stage, item } = cutting(readyWith(live(100)), 30, 10)
    stage.arm(programme('lan-hai', second(START + 60), { class: 'priority' }), ready(10))
    stage.to(START + 100.5)
    expect(stage.records.get(item.key)).toMatchObject({ playedSeconds: 80, cuts: 2 })
    expect(frames(stage)).toEqual([0, 40 * FRAMES, 70 * FRAMES])
  })

  test('is opened shortly before it goes on, not as soon as it waits', () => {
    const { stage } = cutting(readyWith(live(1000)), 30, 300)
    stage.to(START + 30 + 289)
    expect(frames(stage)).toEqual([0])
    stage.to(START + 30 + 291)
    expect(frames(stage)).toEqual([0, 330 * FRAMES])
  })

  test('begins anew with its item when the item asks for that', () => {
    const { stage, item } = cutting(readyWith(live(50)), 30, 20, { onPreempt: 'restart' })
    stage.to(START + 30 + 20 + 50.5)
    expect(stage.records.get(item.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 80,
      cuts: 1,
    })
  })

  test('keeps its instant when the clock is set meanwhile', () => {
    const { stage, item } = cutting(readyWith(live(100)), 30, 20)
    stage.to(START + 40)
    stage.playout.clockStepped(60_000)
    stage.now = second(START + 100)
    stage.tell({ kind: 'clock', stepMs: 60_000 })
    stage.to(START + 160.5)
    expect(stage.records.get(item.key)).toMatchObject({ playedSeconds: 80 })
  })
})

describe('a file before or after a live relay', () => {
  test('goes on at the same frame, and the relay ends later by what its beginning lost', () => {
    const { stage, item } = cutting(readyWith(pause(40), live(60)), 30, 20)
    stage.to(START + 119.5)
    expect(stage.records.get(item.key)).toBeUndefined()
    stage.to(START + 120.5)
    expect(frames(stage)).toEqual([0, 30 * FRAMES])
    expect(stage.records.get(item.key)).toMatchObject({
      outcome: { result: 'completed' },
      playedSeconds: 100,
      cuts: 1,
    })
  })

  test('follows the relay to its last frame', () => {
    const { stage, item } = cutting(readyWith(live(60), pause(30)), 30, 20)
    stage.to(START + 90.5)
    expect(stage.records.get(item.key)).toMatchObject({ playedSeconds: 70 })
  })
})

describe('a live relay whose playout died', () => {
  test('goes on live within seconds and ends on its instant', () => {
    const stage = new Stage()
    const item = programme('tiep-song', second(START))
    stage.arm(item, readyWith(live(60)))
    stage.to(START + 30.5)
    stage.playout.crash()
    stage.to(START + 31)
    stage.playout.restart()
    stage.to(START + 60.5)
    const record = stage.records.get(item.key)
    expect(record).toMatchObject({ outcome: { result: 'partial', reason: 'LATE' }, cuts: 1 })
    expect(record?.playedSeconds).toBe(60 - 0.5 - 3)
  })
})

test('what follows a programme that is told to stop does not wait for its planned end', () => {
  const { stage, item, cutter } = cutting(ready(100), 30, 60)
  stage.to(START + 40)
  stage.tell({ kind: 'stop', keys: [cutter.key] })
  stage.to(START + 45)
  expect(stage.sounded.map(({ key }) => key)).toEqual([item.key, cutter.key, item.key])
})
