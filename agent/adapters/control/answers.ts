import type { Socket } from 'node:net'
import { type FaultCode, LOCAL_FAULTS, REASONS, REFUSALS } from '../../core/codes.ts'
import { LoaError } from '../../core/error.ts'

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: LoaError }

const MAX_ANSWER_CHARACTERS = 33_554_432

const isCode = (text: string): text is FaultCode =>
  Object.hasOwn(REASONS, text) || Object.hasOwn(REFUSALS, text) || Object.hasOwn(LOCAL_FAULTS, text)

type Raw = {
  readonly ok?: unknown
  readonly value?: unknown
  readonly code?: unknown
  readonly message?: unknown
}

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null

const read = (line: string): Answer => {
  const answer: unknown = JSON.parse(line)
  if (isRecord(answer) && answer.ok === true) return { ok: true, value: answer.value }
  if (isRecord(answer) && answer.ok === false) {
    const code = String(answer.code)
    const message = String(answer.message)
    return { ok: false, fault: new LoaError(isCode(code) ? code : 'IO', message) }
  }
  throw new LoaError('IO', 'the agent answered in a form this command does not know')
}

/**
 * The answer lines of a conversation as they come. Empty lines only show that the agent lives; `onSign` hears of them too.
 * @throws IO for one over 32 Mi characters or that is not an answer
 */
export async function* answersOf(socket: Socket, onSign: () => void): AsyncGenerator<Answer> {
  let held = ''
  socket.setEncoding('utf8')
  for await (const chunk of socket) {
    onSign()
    held += String(chunk)
    if (held.length > MAX_ANSWER_CHARACTERS) throw new LoaError('IO', 'the answer of the agent is too long')
    if (!String(chunk).includes('\n')) continue
    const lines = held.split('\n')
    held = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield read(line)
  }
}
