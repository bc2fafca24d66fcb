import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenCommands } from '../../../agent/services/commands/seen-commands.ts'

const command = (number: number) => ({
  id: `c-${number}`,
  iat: new Date(Date.UTC(2026, 10, 22) + number * 1000).toISOString(),
})

test('a command is seen from its addition on', () => {
  const seen = new SeenCommands()
  expect(seen.has(command(1))).toBe(false)
  seen.add(command(1))
  expect([seen.has(command(1)), seen.has(command(2))]).toEqual([true, false])
})

test('no command is ever forgotten, however few fit, and a newer one is never taken for seen', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (numbers, kept) => {
        const seen = new SeenCommands(kept)
        for (const number of numbers) seen.add(command(number))
        expect(numbers.every((number) => seen.has(command(number)))).toBe(true)
        expect(seen.has(command(1001))).toBe(false)
      },
    ),
  )
})
