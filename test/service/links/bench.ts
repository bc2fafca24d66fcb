import type { EventBody } from '../../../agent/core/records.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'

/** A clock, a condition, and what it told. */
export const openBench = () => {
  const clock = new ManualClock()
  const events: EventBody[] = []
  const condition = new Condition({
    clock,
    amplifiers: [],
    emit: (event) => events.push(event),
    further: () => [],
  })
  /** Second by second, with a tick in each. */
  const live = async (seconds: number, watch: { tick(): void }): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      watch.tick()
      await clock.advance(1000)
    }
  }
  const told = () =>
    events.map(({ code, severity, data }) => `${code} ${severity} ${data['state'] ?? ''}`.trim())
  return { clock, condition, events, live, told, stop: new AbortController() }
}
