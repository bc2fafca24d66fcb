import type { Beginning } from '../../core/replay/journal.ts'
import { type Replayed, replay as replayed } from '../../core/replay/replay.ts'
import { readInputs } from '../bundle/read-inputs.ts'
import { type Call, numberOption, print, printJson, usage, type Verb } from '../call.ts'
import { plain, wrap } from '../text/width.ts'
import { decisionLines, inputWords, instantIn } from '../views/replay-lines.ts'

type Step = Extract<Replayed, { readonly kind: 'step' }>

type Run = {
  readonly steps: number
  readonly from?: number
  readonly until?: number
  readonly zone: string
  readonly difference?: Step
  /** Only with --json and --step. */
  readonly trace: readonly Step[]
}

const stepLines = (call: Call, step: Step, zone: string): readonly string[] => {
  const left = `${String(step.step).padStart(6)}  ${instantIn(step.input.at, zone)}  `
  const [first = '', ...rest] = wrap(plain(inputWords(call, step.input)), call.columns - left.length)
  return [
    `${left}${first}`,
    ...rest.map((line) => `${' '.repeat(left.length)}${line}`),
    ...(step.got.length === 0 ? [] : decisionLines(call, step.got, zone)),
  ]
}

const beginningLine = (call: Call, { at, agent, timezone, start }: Beginning): string =>
  call.paint('dim', `        ${instantIn(at, timezone)}  ${call.say.support.replay.began(agent, start)}`)

/** Up to the first difference: what follows it follows from another state. */
const run = (call: Call, lines: readonly string[], shownFrom: number): Run => {
  let zone = 'UTC'
  let [steps, from, until]: [number, number | undefined, number | undefined] = [0, undefined, undefined]
  const trace: Step[] = []
  const ended = (difference?: Step): Run => ({
    steps,
    zone,
    trace,
    ...(from === undefined || until === undefined ? {} : { from, until }),
    ...(difference === undefined ? {} : { difference }),
  })
  for (const each of replayed(lines)) {
    const shown = steps + 1 >= shownFrom
    if (each.kind === 'beginning') {
      zone = each.beginning.timezone
      if (shown && !call.json) print(call, [beginningLine(call, each.beginning)])
      continue
    }
    steps = each.step
    from ??= each.input.at
    until = each.input.at
    if (shown && call.json) trace.push(each)
    else if (shown) print(call, stepLines(call, each, zone))
    if (!each.same) return ended(each)
  }
  return ended()
}

const summary = (call: Call, { steps, from, until, zone, difference }: Run): readonly string[] => {
  const { replay: say } = call.say.support
  if (difference !== undefined) {
    const { step, input, expected, got } = difference
    return [
      call.paint('bad', say.differs(step, instantIn(input.at, zone))),
      ...wrap(plain(inputWords(call, input)), call.columns - 8).map((line) => `        ${line}`),
      ...decisionLines(call, expected, zone, `${say.expected}:`),
      ...decisionLines(call, got, zone, `${say.got}:`),
    ]
  }
  if (from === undefined || until === undefined) return [say.empty]
  return wrap(say.same(steps, instantIn(from, zone), instantIn(until, zone)), call.columns)
}

const asData = ({ steps, from, until, difference, trace }: Run, wantsTrace: boolean) => ({
  steps,
  ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
  ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  same: difference === undefined,
  ...(difference === undefined ? {} : { difference }),
  ...(wantsTrace ? { trace } : {}),
})

/** `loa replay FILE [--from N] [--step]`: exits 1 at the first decision that is another. */
export const replay: Verb = async (call) => {
  const [file, extra] = call.words
  if (file === undefined || extra !== undefined) throw usage(call.say.support.replay.what)
  const from = numberOption(call, 'from', { min: 1, max: 1_000_000_000, whole: true })
  const wantsSteps = call.options.step === true || from !== undefined
  const outcome = run(call, await readInputs(call, file), wantsSteps ? (from ?? 1) : Number.POSITIVE_INFINITY)
  if (call.json) printJson(call, asData(outcome, wantsSteps))
  else print(call, summary(call, outcome))
  return outcome.difference === undefined ? 0 : 1
}
