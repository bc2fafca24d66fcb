import { expect, test } from 'vitest'
import { slotsNow } from '../../../agent/services/update/slots-now.ts'

test('where the updater never said anything the package is committed', () => {
  const slots = slotsNow({ slots: () => undefined, running: 'package' }, '1.0.0')
  expect(slots.committed).toEqual({ slot: 'package', version: '1.0.0' })
})

test('a release that runs from a slot and cannot read of it does not take itself for committed', () => {
  expect(() => slotsNow({ slots: () => undefined, running: 'a' }, '1.0.0')).toThrow('runs from slot a')
})
