import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLineReader } from '../../../agent/cli/line-reader.ts'

const never = new AbortController().signal

test('lines that come together, or in pieces, are given one by one, the last without its end', async () => {
  const input = new PassThrough()
  const line = createLineReader(() => input)
  input.write('mot\r\nhai\nb')
  expect(await line(never)).toBe('mot')
  expect(await line(never)).toBe('hai')
  const third = line(never)
  const [first, second] = [Buffer.from('ả').subarray(0, 2), Buffer.from('ả').subarray(2)]
  input.write(first)
  input.end(second)
  expect(await third).toBe('bả')
  expect(await line(never)).toBeUndefined()
})

test('whoever waits is let go by an abort, and nothing typed later is lost', async () => {
  const input = new PassThrough()
  const line = createLineReader(() => input)
  const stop = new AbortController()
  const waiting = line(stop.signal)
  stop.abort()
  expect(await waiting).toBeUndefined()
  input.write('sau\n')
  expect(await line(never)).toBe('sau')
})
