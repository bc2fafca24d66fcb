import { expect, test } from 'vitest'
import { BrokenNet, TROUBLES } from '../rig/broken-net.ts'

/** All of them, longer ones too: scripts/rigs/broken-net. */
test('a record whose PUBACK was cut in two is sent again, and nothing is lost or counted twice', async () => {
  await using net = await BrokenNet.open()
  const fault = TROUBLES['PUBACK cut in two']
  const report = await net.suffer({ name: 'PUBACK cut in two', fault, seconds: 0 })
  expect(net.line.cuts).toBe(1)
  expect(report.tries).toBeLessThanOrEqual(3)
  expect(report.faults).toEqual([])
})
