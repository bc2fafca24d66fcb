import { type AskOptions, followAgent } from '../adapters/control/client.ts'
import type { ControlArgs } from '../core/control.ts'
import { LoaError } from '../core/error.ts'
import type { PlayProgress } from '../core/status.ts'
import { type Call, print, printJson } from './call.ts'
import { controlSocket } from './socket.ts'

export type PlayEnded = Extract<PlayProgress, { readonly state: 'ended' }>

const endLines = ({ say }: Call, { result, reason, playedSeconds, heard }: PlayEnded): readonly string[] => [
  say.play.ended(say.results[result], String(playedSeconds)),
  ...(reason === undefined ? [] : [`${reason} - ${say.codes[reason]}`]),
  ...(heard === undefined ? [] : [say.play.heard(String(Math.round(100 * heard)))]),
]

const tell = (call: Call, step: PlayProgress): void => {
  const { say } = call
  if (step.state === 'accepted') print(call, [say.play.accepted])
  else if (step.state === 'playing')
    print(call, [say.play.playing(step.amplifiers.join(', ') || say.status.none)])
  else print(call, endLines(call, step))
}

/** Waits for the end of what it has played, and tells how it goes; undefined when it was stopped from here. @throws IO when the agent ended meanwhile */
export const followPlay = async (
  call: Call,
  args: ControlArgs<'play'>,
  body?: AskOptions['body'],
): Promise<PlayEnded | undefined> => {
  const { signal } = call.io
  const options = body === undefined ? { signal } : { signal, body }
  let last: PlayProgress | undefined
  for await (const step of followAgent(await controlSocket(call), 'play', args, options)) {
    last = step
    if (!call.json) tell(call, step)
  }
  if (last?.state === 'ended') {
    if (call.json) printJson(call, last)
    return last
  }
  if (!signal.aborted) throw new LoaError('IO', call.say.play.silent)
  if (call.json) printJson(call, { state: 'stopped' })
  else print(call, [call.say.play.stopped])
  return undefined
}
