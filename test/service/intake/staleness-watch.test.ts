import { describe, expect, test } from 'vitest'
import { obeyedAreas } from '../../../agent/core/place.ts'
import { StalenessWatch } from '../../../agent/services/staleness-watch.ts'
import { Desk, Signer } from './desk.ts'

const officer = new Signer('officer')
const HOUR = 3600

/** A device whose commune has a `fresh` and a schedule, on a clock that a test moves. */
const watched = () => {
  const desk = new Desk()
  desk.trust(1, [desk.grant(officer)])
  const watch = () =>
    new StalenessWatch({
      clock: desk.clock,
      time: desk.time,
      facts: desk.store.facts,
      documents: {
        inForce: (kind) => desk.intake.inForce(kind),
        get revisions() {
          return desk.intake.revisions
        },
      },
      obeyed: () => obeyedAreas(desk.standing),
      emit: (event) => desk.events.push(event),
    })
  const fresh = (rev: number, revs: object = {}) =>
    desk.receive('fresh', officer.sign('fresh', desk.fresh(rev, revs)))
  const schedule = (rev: number, more: { exp?: string } = {}) =>
    desk.receive('schedule', officer.sign('schedule', desk.schedule(rev, more)))
  const events = () =>
    desk.events
      .filter(({ code }) => code === 'CONTROL_STALE')
      .map(({ data }) => [data['document'], data['state']])
  return { desk, watch, fresh, schedule, events }
}
const pass = async (desk: Desk, watch: StalenessWatch, seconds: number): Promise<void> => {
  await desk.clock.advance(seconds * 1000)
  desk.time.update()
  watch.tick()
}

describe('T04 a broker that holds documents back', () => {
  test('shows after 26 h without a fresh; the schedule goes on, and the next fresh ends it', async () => {
    const { desk, watch: make, fresh, schedule, events } = watched()
    schedule(5, { exp: desk.at(48 * HOUR) })
    fresh(1, { schedule: 5 })
    const watch = make()
    await pass(desk, watch, 26 * HOUR)
    expect(watch.problems).toEqual([])
    await pass(desk, watch, 1)
    expect(watch.problems.map(({ code }) => code)).toEqual(['CONTROL_STALE'])
    expect(events()).toEqual([['75/26068/fresh', 'fault']])
    expect(desk.heldRev).toBe(5)
    fresh(2, { schedule: 5 })
    await pass(desk, watch, 1)
    expect([watch.problems, events().at(-1)]).toEqual([[], ['75/26068/fresh', 'ok']])
  })

  test('shows when a revision that a fresh names does not come for 10 min, by its topic', async () => {
    const { desk, watch: make, fresh, events } = watched()
    const watch = make()
    fresh(1, { schedule: 6, alert: 1 })
    await pass(desk, watch, 1)
    await pass(desk, watch, 599)
    expect(watch.problems).toEqual([])
    await pass(desk, watch, 1)
    expect(events()).toEqual([
      ['75/26068/schedule', 'fault'],
      ['75/26068/alert', 'fault'],
    ])
    expect(watch.problems[0]?.detail).toContain('75/26068/schedule: revision 6')
  })

  test('shows when the fresh itself went with its key and no other comes', async () => {
    const { desk, watch: make, fresh, events } = watched()
    fresh(1)
    const watch = make()
    await pass(desk, watch, 1)
    desk.trust(2, [])
    const after = make()
    await pass(desk, after, 1)
    await pass(desk, after, 600)
    expect(events()).toEqual([['75/26068/fresh', 'fault']])
  })

  test('is not suspected where there never was a fresh, nor with the clock unset', async () => {
    const { desk, watch: make, fresh } = watched()
    const watch = make()
    await pass(desk, watch, 100 * HOUR)
    expect(watch.problems).toEqual([])
    fresh(1, { schedule: 9 })
    await pass(desk, watch, 1)
    desk.synchronised = false
    desk.clock.step(-10 * 365 * 86_400_000)
    await pass(desk, watch, 30 * HOUR)
    expect([desk.time.state, watch.problems]).toEqual(['unset', []])
  })
})
