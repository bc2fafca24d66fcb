import { createReadStream } from 'node:fs'
import { followAgent } from '../../adapters/control/client.ts'
import type { ControlArgs } from '../../core/control.ts'
import type { ProgrammeClass } from '../../core/documents.ts'
import { LoaError } from '../../core/error.ts'
import type { PlayProgress } from '../../core/status.ts'
import { type Call, numberOption, print, printJson, textOption, usage, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { describeFile } from '../local-file.ts'
import { controlSocket } from '../socket.ts'
import { OPTION_VALUES } from '../syntax.ts'

type What = { readonly args: ControlArgs<'play'>; readonly path?: string }

const SWEEP = { hz: 100, toHz: 10_000 }

const whatToPlay = async (call: Call): Promise<What> => {
  const hz = numberOption(call, 'tone', { min: 20, max: 20_000 })
  const sweep = call.options['sweep'] === true
  const [path, extra] = call.words
  const asked = [hz !== undefined, sweep, path !== undefined].filter(Boolean).length
  if (asked !== 1 || extra !== undefined) throw usage(call.say.usage.playWhat)
  if (path !== undefined) return { path, args: { file: await describeFile(path, call.say) } }
  return { args: hz === undefined ? { tone: SWEEP } : { tone: { hz } } }
}

const classOf = (call: Call): ProgrammeClass | undefined => {
  const given = textOption(call, 'class')
  const known = OPTION_VALUES.class.find((name) => name === given)
  if (given !== undefined && known === undefined) throw usage(call.say.usage.playClass(given))
  return known
}

const limits = (call: Call): Pick<ControlArgs<'play'>, 'seconds' | 'volume' | 'class'> => {
  const seconds = numberOption(call, 'seconds', { min: 0.1, max: 14_400 })
  const volume = numberOption(call, 'volume', { min: 0, max: 100 })
  const programmeClass = classOf(call)
  return {
    ...(seconds === undefined ? {} : { seconds }),
    ...(volume === undefined ? {} : { volume }),
    ...(programmeClass === undefined ? {} : { class: programmeClass }),
  }
}

const tell = (call: Call, step: PlayProgress): void => {
  const { say } = call
  if (step.state === 'accepted') print(call, [say.play.accepted])
  else if (step.state === 'playing')
    print(call, [say.play.playing(step.amplifiers.join(', ') || say.status.none)])
  else {
    const why = step.reason === undefined ? '' : `${step.reason} - ${say.codes[step.reason]}`
    print(call, [
      say.play.ended(say.results[step.result], String(step.playedSeconds)),
      ...(why === '' ? [] : [why]),
    ])
  }
}

const ended = (call: Call, last: PlayProgress | undefined): ExitCode => {
  if (last?.state === 'ended') {
    if (call.json) printJson(call, last)
    return last.result === 'completed' ? 0 : 1
  }
  if (!call.io.signal.aborted) throw new LoaError('IO', call.say.play.silent)
  if (call.json) printJson(call, { state: 'stopped' })
  else print(call, [call.say.play.stopped])
  return 0
}

/** `loa play FILE | --tone HZ | --sweep`: waits for the end, and stops the sound when it is stopped itself. */
export const play: Verb = async (call) => {
  const bounds = limits(call)
  const { args, path } = await whatToPlay(call)
  const socket = await controlSocket(call)
  const { signal } = call.io
  if (path !== undefined && !call.json) print(call, [call.say.play.sending(path)])
  const options = path === undefined ? { signal } : { signal, body: createReadStream(path) }
  let last: PlayProgress | undefined
  for await (const step of followAgent(socket, 'play', { ...args, ...bounds }, options)) {
    last = step
    if (!call.json) tell(call, step)
  }
  return ended(call, last)
}
