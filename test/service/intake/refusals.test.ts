import { expect, test } from 'vitest'
import type { EventBody } from '../../../agent/core/records.ts'
import { Refusals } from '../../../agent/services/refusals.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'

const bench = () => {
  const clock = new ManualClock()
  const events: EventBody[] = []
  const refusals = new Refusals(clock, (event) => events.push(event))
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1000)
      refusals.tick()
    }
  }
  const counts = () => events.map(({ code, data }) => `${data['document']} ${code} ${data['count']}`)
  return { refusals, counts, events, pass }
}
const old = { document: '75/schedule', code: 'OLD_REVISION', rev: 4, message: '4 is below 5' } as const

test('the first refusal of each topic and code is told at once', () => {
  const { refusals, counts } = bench()
  refusals.add(old)
  refusals.add({ ...old, code: 'INVALID' })
  refusals.add({ ...old, document: '75/alert' })
  expect(counts()).toEqual(['75/schedule OLD_REVISION 1', '75/schedule INVALID 1', '75/alert OLD_REVISION 1'])
})

test('those that follow are counted and told once a minute', async () => {
  const { refusals, counts, pass } = bench()
  for (let nth = 0; nth < 1000; nth += 1) refusals.add(old)
  await pass(59)
  expect(counts().length).toBe(1)
  await pass(1)
  expect(counts()).toEqual(['75/schedule OLD_REVISION 1', '75/schedule OLD_REVISION 999'])
  refusals.add(old)
  await pass(59)
  expect(counts().length).toBe(2)
  await pass(1)
  expect(counts().at(-1)).toBe('75/schedule OLD_REVISION 1')
})

test('after a quiet minute the next one is told at once again', async () => {
  const { refusals, counts, pass } = bench()
  refusals.add(old)
  await pass(61)
  refusals.add(old)
  expect(counts().length).toBe(2)
})

test('the last ten are kept, newest first, one of each topic and code, until the topic is in force', () => {
  const { refusals } = bench()
  for (let nth = 0; nth < 12; nth += 1) refusals.add({ ...old, document: `75/${nth}` })
  refusals.add({ ...old, document: '75/11', rev: 9 })
  expect(refusals.recent.map(({ document }) => document).slice(0, 3)).toEqual(['75/11', '75/10', '75/9'])
  expect(refusals.recent.length).toBe(10)
  expect(refusals.recent[0]?.rev).toBe(9)
  refusals.settled('75/11')
  expect(refusals.recent[0]?.document).toBe('75/10')
})
