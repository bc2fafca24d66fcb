import { expect, test } from 'vitest'
import { accountFaults, heardSeconds } from '../../../scripts/rigs/parts/account.ts'
import type { ArrivedRecord } from '../../rig/observer.ts'
import { chain } from '../../rig/record-chain.ts'
import type { DacEvent } from '../../rig/virtual-dac.ts'

const records: readonly ArrivedRecord[] = chain(3).map((record) => ({
  ...record,
  epoch: 'e',
  topic: 'playback',
}))
const seen = (deliveries: readonly ArrivedRecord[]) => ({
  deliveries,
  records: deliveries,
  playbackOf: (item: string) => deliveries.filter((record) => record['item'] === item),
})
const ITEMS = ['tin-1', 'tin-2', 'tin-3']

test('one record an item in a whole chain is as it should be', () => {
  expect(accountFaults(seen(records), ITEMS)).toEqual([])
})

test.each([
  ['a record that is missing', records.slice(0, 2), ['0 records of tin-3']],
  ['a record that nobody planned', records, ['a record of tin-3, which nobody planned']],
])('%s is not', (what, deliveries, faults) => {
  const items = what.includes('planned') ? ITEMS.slice(0, 2) : ITEMS
  expect(accountFaults(seen(deliveries), items)).toEqual(faults)
})

test('neither is a number given twice, or another epoch', () => {
  const [first] = records
  if (first === undefined) throw new Error('no record')
  const again = { ...first, hash: 'f'.repeat(64) }
  const { deliveries: _, ...rest } = seen(records)
  expect(accountFaults({ ...rest, deliveries: [...records, again] }, ITEMS)).toEqual([
    'record 1 was rewritten',
  ])
  const moved = records.map((record, index) => ({ ...record, epoch: String(index > 1) }))
  expect(accountFaults(seen(moved), ITEMS)).toEqual(['2 epochs'])
})

test('sound is counted in frames, and to the kill where the process could not say its end', () => {
  const event = (ev: DacEvent['ev'], i: number, t: number): DacEvent => ({ ev, i, t, dac: 'dac0' })
  const whole = [
    event('on', 0, 100),
    event('off', 96_000, 5),
    event('on', 96_000, 102),
    event('stop', 144_000, 103),
  ]
  expect(heardSeconds(whole)).toBe(3)
  const killed = [event('on', 0, 100), event('open', 0, 110), event('on', 0, 111), event('off', 48_000, 112)]
  expect(heardSeconds(killed, 101_500)).toBe(2.5)
})
