import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { VerifyReport } from '../../agent/core/verify-report.ts'
import { fakeAgent, verifyReport } from '../fakes/control-handlers.ts'
import { openLoaBench } from '../fakes/loa-bench.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

describe('loa verify', () => {
  const refusing = (more: Partial<VerifyReport>) =>
    fakeAgent({ verify: { answer: () => ({ ...verifyReport, verdict: 'refused', ...more }) } })

  test('sends the document without its line end and says what would become of it', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    const { code, out } = await bench.call(['verify', '-'], { input: 'a.b.c\n' })
    expect(code).toBe(0)
    expect(agent.asked).toEqual([{ verb: 'verify', args: { bytes: 5 } }])
    expect(Buffer.concat(agent.received).toString()).toBe('a.b.c')
    expect(out).toContain('75/26068/schedule, revision 42')
    expect(out).toContain('c-75-26068: the signature verifies, the key may sign this')
    expect(out).toContain('would be accepted now')
    expect(out).toContain('revision 41 (c-75-26068)')
  })

  test('exits 1 with code, path and message when it would be refused', async () => {
    const { handlers } = refusing({
      code: 'INVALID',
      path: 'items.0.when',
      message: 'is missing',
      keys: [{ kid: 'k', known: true, verifies: false }],
    })
    await using _server = await bench.serve(handlers)
    const file = join(bench.folder, 'document.jws')
    writeFileSync(file, 'x')
    const { code, out } = await bench.call(['verify', file])
    expect(code).toBe(1)
    expect(out).toContain('REFUSED INVALID - items.0.when: is missing')
    expect(out).toContain('k: the signature DOES NOT VERIFY')
  })

  test('of a file that is not there, or none, is wrong usage; one over the limit is not sent', async () => {
    const agent = fakeAgent()
    await using _server = await bench.serve(agent.handlers)
    expect((await bench.call(['verify', join(bench.folder, 'none')])).code).toBe(2)
    expect((await bench.call(['verify'])).code).toBe(2)
    const large = await bench.call(['verify', '-'], { input: 'x'.repeat(1_000_001) })
    expect([large.code, large.err]).toEqual([1, expect.stringContaining('1000001 bytes')])
    expect(agent.asked).toEqual([])
  })
})

describe('amp', () => {
  test('exits 1 when the relay is stuck', async () => {
    const { handlers } = fakeAgent({ amplifier: { answer: ({ id }) => ({ id, state: 'stuck' }) } })
    await using _server = await bench.serve(handlers)
    expect((await bench.call(['amp', 'off', 'main'])).code).toBe(1)
  })

  test('says how the loudspeaker line is where it is watched, and has it learned anew', async () => {
    const { handlers, asked } = fakeAgent({
      amplifier: {
        answer: ({ id }) => ({ id, state: 'on', seconds: 10, line: { state: 'open', loadPercent: 12 } }),
      },
    })
    await using _server = await bench.serve(handlers)
    expect((await bench.call(['amp', 'on', 'main', '--seconds', '10'])).out).toBe(
      'amplifier main: on for 10 s\nloudspeaker line: OPEN?, 12 % of the learned load\n',
    )
    expect(await bench.call(['amp', 'learn', 'main'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('main: loudspeaker line: learning\n'),
    })
    expect(JSON.parse((await bench.call(['amp', 'learn', 'main', '--json'])).out)).toEqual({
      state: 'learning',
    })
    expect((await bench.call(['amp', 'learn'])).code).toBe(2)
    expect((await bench.call(['amp', 'learn', 'main', '--seconds', '5'])).code).toBe(2)
    expect(asked).toEqual([
      { verb: 'learn-line', args: { id: 'main' } },
      { verb: 'learn-line', args: { id: 'main' } },
    ])
  })

  test('unmute lifts the silence that the province ordered', async () => {
    const { handlers, asked } = fakeAgent()
    await using _server = await bench.serve(handlers)
    expect(await bench.call(['amp', 'unmute'])).toMatchObject({
      code: 0,
      out: 'the device may sound again\n',
    })
    expect(JSON.parse((await bench.call(['amp', 'unmute', '--json'])).out)).toEqual({ muted: true })
    expect((await bench.call(['amp', 'unmute', 'main'])).code).toBe(2)
    expect(asked.map(({ verb }) => verb)).toEqual(['unmute', 'unmute'])
  })
})
