import type { Code } from '../../core/codes.ts'
import type { SelftestProgress } from '../../core/selftest/progress.ts'
import type { SelftestReport, SelftestStep } from '../../core/selftest/report.ts'
import type { Answer, OrdersOf } from './order.ts'

export type SelfTestOptions = {
  /** Runs the unattended one. */
  readonly selftest: (signal: AbortSignal) => AsyncIterable<SelftestProgress>
  readonly stop: AbortSignal
}

type Relay = 'ok' | 'no read-back' | 'fault' | 'not tried'

/** `self-test`: the commissioning run without anybody: relays, sound, signs, broker, clock. Its report is an event too. */
export const createSelfTest = ({ selftest, stop }: SelfTestOptions): OrdersOf<'self-test'> => ({
  'self-test': async (_command, started): Promise<Answer> => {
    let begun = false
    for await (const progress of selftest(stop)) {
      if (progress.state === 'refused') {
        const { state: _state, ...why } = progress
        return { status: 'failed', code: 'BUSY', data: why }
      }
      if (!begun) started()
      begun = true
      if (progress.state === 'ended') return answerOf(progress.report)
    }
    return { status: 'failed', code: 'STOPPED' }
  },
})

function answerOf(report: SelftestReport): Answer {
  const data = summaryOf(report)
  if (report.ok) return { status: 'done', data }
  const code = report.cut?.code ?? report.steps.find(({ result }) => result === 'problem')?.code
  return { status: 'failed', ...(code === undefined ? {} : { code }), data }
}

/** Relays that were ordered and have no contact are not said to be seen. */
function relayOf({ result, facts }: SelftestStep): Relay {
  if (result === 'problem') return 'fault'
  if (result !== 'ok') return 'not tried'
  return facts['readBack'] === true ? 'ok' : 'no read-back'
}

const SOUNDS: ReadonlySet<SelftestStep['step']> = new Set(['sweep', 'siren', 'pilot'])

function soundOf(steps: readonly SelftestStep[]): 'ok' | 'fault' | 'not tried' {
  const results = steps.filter(({ step }) => SOUNDS.has(step)).map(({ result }) => result)
  if (results.includes('problem')) return 'fault'
  return results.includes('ok') ? 'ok' : 'not tried'
}

function summaryOf({ steps, cut }: SelftestReport): Readonly<Record<string, unknown>> {
  const of = (kind: SelftestStep['step']): readonly SelftestStep[] =>
    steps.filter(({ step }) => step === kind)
  const fact = (kind: SelftestStep['step'], name: string): unknown => of(kind)[0]?.facts[name]
  const [heard, brokerMs, clock] = [fact('pilot', 'heard'), fact('broker', 'seenMs'), fact('clock', 'state')]
  const why: Code | undefined = steps.find(({ result }) => result === 'skipped')?.code
  return {
    sound: soundOf(steps),
    amplifiers: Object.fromEntries(
      of('amplifier').flatMap((step) => (step.id ? [[step.id, relayOf(step)]] : [])),
    ),
    signs: Object.fromEntries(
      of('sign').flatMap(({ id, result }) => (id ? [[id, result === 'ok' ? 'ok' : 'fault']] : [])),
    ),
    ...(heard === undefined ? {} : { heard }),
    ...(brokerMs === undefined ? {} : { brokerMs }),
    ...(clock === undefined ? {} : { clock }),
    ...(cut === undefined ? {} : { cut }),
    ...(why === undefined ? {} : { relaysKeptOpen: why }),
  }
}
