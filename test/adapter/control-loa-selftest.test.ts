import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SelftestProgress } from '../../agent/core/selftest/progress.ts'
import { fakeAgent } from '../fakes/control-handlers.ts'
import { openLoaBench } from '../fakes/loa-bench.ts'
import { selftestReport } from '../fakes/selftest-report.ts'

let bench: ReturnType<typeof openLoaBench>
beforeEach(() => {
  bench = openLoaBench()
})
afterEach(() => bench[Symbol.dispose]())

const FINE: SelftestProgress = { state: 'ended', report: { ...selftestReport, ok: true } }

/** An agent that goes through `steps`, and waits for an answer behind each question. */
const testing = (steps: readonly SelftestProgress[]) => {
  const answers: object[] = []
  const attended: boolean[] = []
  let answered = Promise.withResolvers<void>()
  const agent = fakeAgent({
    selftest: {
      async *stream(args) {
        attended.push(args.attended)
        for (const step of steps) {
          answered = Promise.withResolvers()
          yield step
          if (step.state === 'question') await answered.promise
        }
      },
    },
    'selftest-answer': {
      answer: (args) => {
        answers.push(args)
        answered.resolve()
        return { taken: true }
      },
    },
  })
  return { ...agent, answers, attended }
}

describe('loa selftest', () => {
  test('tells each step, writes both files beside one another, and exits 0', async () => {
    const agent = testing([
      ...selftestReport.steps.map((step) => ({ state: 'step', ...step }) as const),
      FINE,
    ])
    await using _server = await bench.serve(agent.handlers)
    const { code, out, err } = await bench.call([
      'selftest',
      '--unattended',
      '--report',
      join(bench.folder, 'x.htm'),
    ])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(agent.attended).toEqual([false])
    expect(out).toContain('ok    amplifier main: relay closed in 31 ms, opened in 22 ms; its contact agrees')
    expect(out).toContain('FAIL  sign gate: SIGN - a sign cannot be reached')
    expect(out).toContain('everything that was tried is fine')
    expect(JSON.parse(readFileSync(join(bench.folder, 'x.json'), 'utf8'))).toEqual({
      ...selftestReport,
      ok: true,
    })
    expect(readFileSync(join(bench.folder, 'x.htm'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('asks whoever is there until it understands, in their language, and hands the answers in', async () => {
    const ask = (question: 'sweep' | 'siren' | 'sign' | 'remark', id?: string): SelftestProgress => ({
      state: 'question',
      run: 'r1',
      question,
      ...(id === undefined ? {} : { id }),
    })
    const agent = testing([ask('sweep'), ask('siren'), ask('sign', 'gate'), ask('remark'), FINE])
    await using _server = await bench.serve(agent.handlers)
    const { code, out } = await bench.call(['selftest', '--report', bench.folder, '--lang', 'vi'], {
      lines: ['có', 'gì?', 'Không', 'b', ' dây mới '],
    })
    expect(code).toBe(0)
    expect(agent.attended).toEqual([true])
    expect(agent.answers).toEqual([
      { run: 'r1', question: 'sweep', answer: 'yes' },
      { run: 'r1', question: 'siren', answer: 'no' },
      { run: 'r1', question: 'sign', answer: 'skip' },
      { run: 'r1', question: 'remark', answer: 'dây mới' },
    ])
    expect(out).toContain('Bảng gate có hiện đủ bốn góc')
    expect(out).toContain('c là có, k là không, b là bỏ qua')
    // A folder gets both files under a name of their own.
    expect(
      readdirSync(bench.folder).filter((name) => /^loa-selftest-d-7k2m4q9x-2026-11-23-/.test(name)),
    ).toHaveLength(2)
  })

  test('with --json prints one value and asks on standard error', async () => {
    const agent = testing([{ state: 'question', run: 'r1', question: 'siren' }, FINE])
    await using _server = await bench.serve(agent.handlers)
    const argv = ['selftest', '--json', '--report', join(bench.folder, 'x')]
    const { code, out, err } = await bench.call(argv, { lines: ['y'] })
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, files: { html: join(bench.folder, 'x.html') } })
    expect(err).toContain('Was the siren heard?')
  })

  test('asks nobody where there is no terminal, and says so', async () => {
    const agent = testing([FINE])
    await using _server = await bench.serve(agent.handlers)
    const { err } = await bench.call(['selftest', '--report', join(bench.folder, 'x')])
    expect(agent.attended).toEqual([false])
    expect(err).toContain('no terminal to ask at')
  })

  test('exits 1 when a problem was found', async () => {
    await using _server = await bench.serve(testing([{ state: 'ended', report: selftestReport }]).handlers)
    const { code, out } = await bench.call(['selftest', '--unattended', '--report', join(bench.folder, 'x')])
    expect([code, out.includes('PROBLEMS were found')]).toEqual([1, true])
  })

  test('that is refused says why and when to come back, and writes nothing', async () => {
    const refused: SelftestProgress = {
      state: 'refused',
      why: 'due',
      item: 'sang-tin-xa',
      until: '2026-11-22T22:10:12.000Z',
    }
    await using _server = await bench.serve(testing([refused]).handlers)
    const argv = ['selftest', '--unattended', '--report', join(bench.folder, 'x')]
    const { code, out, err } = await bench.call(argv)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('sang-tin-xa is due within two minutes\nCome back at 05:10:12.\n')
    expect(readdirSync(bench.folder)).not.toContain('x.json')
    expect(JSON.parse((await bench.call([...argv, '--json'])).out)).toEqual(refused)
  })

  test('tries nothing when the report could not be written', async () => {
    const agent = testing([FINE])
    await using _server = await bench.serve(agent.handlers)
    const { code, err } = await bench.call(['selftest', '--report', join(bench.folder, 'none/x.html')])
    expect(code).toBe(2)
    expect(err).toContain('the report cannot be written to')
    expect(agent.attended).toEqual([])
  })

  test('exits 3 without an agent', async () => {
    expect((await bench.call(['selftest', '--unattended'])).code).toBe(3)
  })
})
