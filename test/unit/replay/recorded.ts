import { epochMs, monoMs } from '../../../agent/core/time.ts'
import { InputJournal } from '../../../agent/services/input-journal.ts'
import { MemoryJournal } from '../../fakes/memory-journal.ts'
import { programme, ready, relay, Stage, second } from '../arbiter/stage.ts'

const clockAt = (now: () => number) => ({
  wall: () => epochMs(0),
  mono: () => monoMs(now()),
  sleep: () => Promise.resolve(),
})

/** A stage whose arbiter is written down; `keepEvery` inputs a stretch ends. */
export const recorded = (keepEvery = Number.POSITIVE_INFINITY) => {
  const journal = new MemoryJournal()
  const inputs = new InputJournal({
    journal,
    clock: clockAt(() => 0),
    agent: '1.2.3',
    timezone: 'Asia/Ho_Chi_Minh',
    calm: () => true,
  })
  let told = 0
  const effects: number[] = []
  const stage = new Stage((before, input, step) => {
    told += 1
    if (step.effects.length > 0) effects.push(step.effects.length)
    inputs.note(before, input, step)
    if (told % keepEvery === 0) inputs.write()
    if (told % (3 * keepEvery) === 0) journal.keep()
  })
  const lines = (): readonly string[] => {
    inputs.close()
    return [...journal.stretches()].join('').trimEnd().split('\n')
  }
  return { stage, lines, effects, told: () => told }
}

/** Two programmes of which one cuts the other, and a live relay. */
export const morning = () => {
  const record = recorded()
  const { stage } = record
  stage.arm(programme('tin', second(10)), ready(60))
  stage.arm(programme('khan', second(20), { class: 'priority' }), ready(10))
  stage.to(40)
  stage.arm(programme('vov', second(100)), relay(30))
  stage.to(150)
  return record
}
