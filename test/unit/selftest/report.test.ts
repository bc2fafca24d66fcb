import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../agent/core/record/canonical.ts'
import { isFine, type SelftestReport, selftestEvent } from '../../../agent/core/selftest/report.ts'
import { selftestReport } from '../../fakes/selftest-report.ts'

const step = { step: 'clock', result: 'ok', facts: {} } as const
const fine = { steps: [step], answers: [{ question: 'siren', answer: 'yes' }] } as const

describe('a run is fine', () => {
  test.each([
    ['with nothing wrong', fine, true],
    ['with what this device lacks', { ...fine, steps: [step, { ...step, result: 'absent' }] }, true],
    ['with a question passed over', { ...fine, answers: [{ question: 'siren', answer: 'skip' }] }, true],
    ['not with a problem', { ...fine, steps: [step, { ...step, result: 'problem' }] }, false],
    ['not with a no', { ...fine, answers: [{ question: 'siren', answer: 'no' }] }, false],
    ['not when it was cut', { ...fine, cut: { code: 'PREEMPTED' } }, false],
  ] as const)('%s', (_how, found, expected) => {
    expect(isFine(found)).toBe(expected)
  })
})

describe('the event', () => {
  test('says in short what was found', () => {
    expect(selftestEvent({ report: selftestReport, sha256: 'ab', sent: 'h.p.s' })).toEqual({
      severity: 'warning',
      data: {
        by: 'technician',
        ok: false,
        steps: 7,
        problems: ['sign gate'],
        denied: ['siren'],
        heard: 0.93,
        broker_seenMs: 25.319,
        clock_offsetMs: 0.412,
        sha256: 'ab',
        report: 'h.p.s',
      },
    })
  })

  test('fits a record on the largest board: ASCII keys, short numbers, a kilobyte beside the report, which is left out where it is too long', () => {
    const ids = ['a', 'b', 'c', 'd'].map((id) => id.repeat(40))
    const large: SelftestReport = {
      ...selftestReport,
      steps: ids.flatMap((id) =>
        (['amplifier', 'sign'] as const).map(
          (kind) => ({ step: kind, id, result: 'problem', facts: {} }) as const,
        ),
      ),
      answers: ids.map((id) => ({ question: 'sign', id, answer: 'no' }) as const),
      cut: { code: 'PREEMPTED' },
    }
    const sealed = { report: large, sha256: 'f'.repeat(64) }
    expect(selftestEvent({ ...sealed, sent: 'x'.repeat(12_000) }).data['report']).toHaveLength(12_000)
    const text = canonicalJson(selftestEvent({ ...sealed, sent: 'x'.repeat(12_001) }).data)
    expect(text.length).toBeLessThan(1024)
    expect(text).toMatch(/^[\x20-\x7e]*$/)
  })
})
