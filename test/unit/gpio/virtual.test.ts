import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { VirtualAmplifier } from '../../../drivers/gpio/virtual-amplifier.ts'

const timing = { settleMs: 800, holdMs: 500, minOffMs: 2000, maxOnMinutes: 240, driver: 'virtual' } as const
const newTrace = (): string => join(mkdtempSync(join(tmpdir(), 'loa-trace-')), 'trace.jsonl')
const at = Date.UTC(2026, 10, 22, 22, 0, 0, 7)

it('a virtual relay leaves one line a change, and none for its first state', async () => {
  const trace = newTrace()
  const amplifier = new VirtualAmplifier({ ...timing, id: 'main', trace }, () => at)
  amplifier.set(false)
  amplifier.set(true)
  amplifier.set(true)
  await amplifier[Symbol.asyncDispose]()
  await amplifier[Symbol.asyncDispose]()
  expect(readFileSync(trace, 'utf8')).toBe(
    '{"at":"2026-11-22T22:00:00.007Z","id":"main","on":true}\n' +
      '{"at":"2026-11-22T22:00:00.007Z","id":"main","on":false}\n',
  )
})

it('a virtual relay that was off is let go without a line', async () => {
  const trace = newTrace()
  appendFileSync(trace, '{"at":"2026-11-22T22:00:00.000Z","id":"gate","png":"x.png","text":"on"}\n')
  const amplifier = new VirtualAmplifier({ ...timing, id: 'main', trace })
  await amplifier[Symbol.asyncDispose]()
  expect(readFileSync(trace, 'utf8').split('\n')).toHaveLength(2)
})

it('a virtual relay that a killed process left on is opened by whoever comes next, others untouched', async () => {
  const trace = newTrace()
  const left = [
    '{"at":"2026-11-22T22:00:00.000Z","id":"main","on":true}',
    '{"at":"2026-11-22T22:00:00.000Z","id":"second","on":true}',
    '{"at":"2026-11-22T22:00:01.000Z","id":"gate","png":"x.png","text":"\\"on\\":false"}',
    '{"at":"2026-11-22T22:00:01.000Z","id":"ma',
    '',
  ]
  appendFileSync(trace, left.join('\n'))
  const amplifier = new VirtualAmplifier({ ...timing, id: 'main', trace }, () => at)
  expect(amplifier.read()).toBe(false)
  expect(readFileSync(trace, 'utf8').split('\n').slice(4)).toEqual([
    '{"at":"2026-11-22T22:00:00.007Z","id":"main","on":false}',
    '',
  ])
  await amplifier[Symbol.asyncDispose]()
})

it('a virtual relay whose trace cannot be written could not be driven', async () => {
  await using amplifier = new VirtualAmplifier({ ...timing, id: 'main', trace: '/nonexistent/trace.jsonl' })
  expect(() => amplifier.set(true)).toThrow(expect.objectContaining({ code: 'AMPLIFIER' }))
  expect(amplifier.read()).toBe(false)
})
