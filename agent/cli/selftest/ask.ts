import { type QuestionKind, YES_NO_SKIP, type YesNoSkip } from '../../core/selftest/report.ts'
import type { Call } from '../call.ts'

/** Questions never stand in the JSON. */
export const tell = ({ io, json }: Call, text: string): void => (json ? io.err(text) : io.out(text))

const meant = ({ say }: Call, line: string): YesNoSkip | undefined => {
  const word = line.trim().toLowerCase().normalize('NFC')
  const named = YES_NO_SKIP.find((each) => each === word)
  return named ?? YES_NO_SKIP.find((each) => word.startsWith(say.selftest.letters[each]))
}

/** Asks who stands there until something is understood; at the end of input: passed over. */
export const askPerson = async (
  call: Call,
  question: QuestionKind,
  id: string,
  signal: AbortSignal,
): Promise<string> => {
  const { selftest } = call.say
  const words = selftest.questions[question](id)
  if (question === 'remark') {
    tell(call, `${words} `)
    return ((await call.io.line(signal)) ?? '').trim().slice(0, 500) || 'skip'
  }
  for (;;) {
    tell(call, `${words} ${selftest.choices} `)
    const line = await call.io.line(signal)
    if (line === undefined) return 'skip'
    const answer = meant(call, line)
    if (answer !== undefined) return answer
    tell(call, `${selftest.notUnderstood}\n`)
  }
}
