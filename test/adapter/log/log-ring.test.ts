import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogRing } from '../../../agent/adapters/log/log-ring.ts'
import { createLogger } from '../../../agent/adapters/log/pino-logger.ts'

test('the ring holds the newest lines, whole', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zạế]{0,30}$/), { maxLength: 60 }), (lines) => {
      const ring = new LogRing(256)
      for (const line of lines) ring.push(`${line}\n`)
      const all = lines.map((line) => `${line}\n`).join('')
      const held = ring.text()
      expect(all.endsWith(held)).toBe(true)
      const before = all.slice(0, all.length - held.length)
      expect(before === '' || before.endsWith('\n')).toBe(true)
      if (Buffer.byteLength(all) <= 256) expect(held).toBe(all)
      else expect(Buffer.byteLength(held)).toBeGreaterThan(256 - 2 * 92)
    }),
  )
})

test('a line that is longer than the ring is left out', () => {
  const ring = new LogRing(16)
  ring.push('short\n')
  ring.push(`${'x'.repeat(40)}\n`)
  expect(ring.text()).toBe('short\n')
})

test('the ring takes what standard error is not told', () => {
  const told: string[] = []
  const ring = new LogRing()
  const logger = createLogger('warn', ring, (line) => told.push(line))
  logger.debug({ a: 1 }, 'small')
  logger.child({ part: 'b' }).info({}, 'middling')
  logger.warn({}, 'grave')
  expect(told.map((line) => JSON.parse(line).msg)).toEqual(['grave'])
  const held = ring.text().trimEnd().split('\n')
  expect(held.map((line) => JSON.parse(line).msg)).toEqual(['small', 'middling', 'grave'])
})
