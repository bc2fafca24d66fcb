import { expect, test } from 'vitest'
import { createArbiter, type Input } from '../../../agent/core/arbiter/state.ts'
import { transition } from '../../../agent/core/arbiter/transition.ts'
import { replay } from '../../../agent/core/replay/replay.ts'
import { epochMs, monoMs } from '../../../agent/core/time.ts'
import { InputJournal } from '../../../agent/services/input-journal.ts'
import { MemoryJournal } from '../../fakes/memory-journal.ts'
import { programme, ready, second } from '../../unit/arbiter/stage.ts'

const HOUR_MS = 3_600_000

/** A journal beside an arbiter; time passes by hand. */
const openJournal = () => {
  const journal = new MemoryJournal()
  const station = { mono: 0, calm: true }
  const inputs = new InputJournal({
    journal,
    clock: { wall: () => epochMs(0), mono: () => monoMs(station.mono), sleep: () => Promise.resolve() },
    agent: '0.1.0',
    timezone: 'Asia/Ho_Chi_Minh',
    calm: () => station.calm,
  })
  let state = createArbiter(3000)
  const tell = (input: Input): void => {
    const before = state
    const step = transition(before, input)
    state = step.state
    inputs.note(before, input, step)
  }
  const stretches = (): number => [...journal.stretches()].length
  const linesOf = (): readonly string[] => [...journal.stretches()].join('').trimEnd().split('\n')
  return { journal, station, inputs, tell, stretches, linesOf }
}

const mute = (at: number, on: boolean): Input => ({ kind: 'mute', at: second(at), on })

test('what happens in an hour is kept at its end, and when nothing sounds', () => {
  const { journal, station, inputs, tell, stretches } = openJournal()
  tell(mute(0, true))
  inputs.tick()
  expect(journal.isFresh).toBe(false)
  station.mono = HOUR_MS
  station.calm = false
  inputs.tick()
  expect(journal.isFresh).toBe(false)
  station.calm = true
  inputs.tick()
  expect(journal.isFresh).toBe(true)
  // An hour in which nothing happened costs nothing.
  station.mono = 3 * HOUR_MS
  inputs.tick()
  expect(stretches()).toBe(1)
})

test('a stretch that grows long is kept before its hour, at last even while something sounds', () => {
  const { station, inputs, tell, stretches, journal } = openJournal()
  const fill = (characters: number): void => {
    for (let at = 0; journal.openLength < characters; at += 1) {
      tell({
        kind: 'arm',
        at: second(at),
        programme: programme(`p${at}`, second(at + 9000)),
        readiness: ready(9),
      })
      inputs.write()
    }
  }
  station.calm = false
  fill(300_000)
  inputs.tick()
  expect(journal.isFresh).toBe(false)
  fill(550_000)
  inputs.tick()
  expect([journal.isFresh, stretches()]).toEqual([true, 1])
  station.calm = true
})

test('each stretch can be replayed by itself', () => {
  const { journal, inputs, tell } = openJournal()
  tell({ kind: 'playout', at: second(0), up: true })
  tell({ kind: 'arm', at: second(1), programme: programme('tin', second(10)), readiness: ready(60) })
  inputs.write()
  journal.keep()
  tell({
    kind: 'started',
    at: second(10),
    order: `tin@${second(10)} #1`,
    started: second(10),
    intended: second(10),
  })
  tell(mute(20, true))
  inputs.close()
  for (const stretch of journal.stretches()) {
    const steps = [...replay(stretch.split('\n'))].filter((each) => each.kind === 'step')
    expect(steps).toHaveLength(2)
    expect(steps.every(({ same, got }) => same && got !== undefined)).toBe(true)
  }
  expect([...journal.stretches()].map((each) => each.includes('"start":true'))).toEqual([true, false])
})

test('a burst that nobody wrote down leaves a hole, and what follows it can still be replayed', () => {
  const { inputs, tell, linesOf } = openJournal()
  tell(mute(0, true))
  inputs.write()
  for (let at = 1; at <= 2101; at += 1) tell(mute(at, at % 2 === 0))
  inputs.close()
  const found = [...replay(linesOf())]
  expect(found.filter(({ kind }) => kind === 'beginning')).toHaveLength(2)
  expect(found.every((each) => each.kind === 'beginning' || each.same)).toBe(true)
})
