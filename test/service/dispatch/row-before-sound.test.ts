import { expect, test, vi } from 'vitest'
import { at, news, Station } from './station.ts'

test('an item has its row before it is commanded, and its record once it has ended', async () => {
  const it = new Station()
  it.on()
  const { ledger } = it.store
  const schedule = vi.spyOn(it.agent.playout, 'schedule')
  const open = vi.spyOn(ledger, 'open')
  const close = vi.spyOn(ledger, 'close')
  it.publish([news('news', at(30), 10)])
  await it.pass(29.5)
  const [rowAt = 0] = open.mock.invocationCallOrder
  const [commandedAt] = schedule.mock.invocationCallOrder
  expect(rowAt).toBeGreaterThan(0)
  expect(commandedAt).toBeGreaterThan(rowAt)
  expect(it.begun).toEqual([])
  expect(ledger.opened()).toMatchObject([
    { item: 'news', draft: { result: 'interrupted', reason: 'CRASHED' } },
  ])
  await it.pass(10)
  expect(it.begun).toHaveLength(1)
  expect(close).not.toHaveBeenCalled()
  await it.pass(1)
  expect(it.outcomes).toEqual(['news: completed'])
  expect(ledger.opened()).toEqual([])
})
